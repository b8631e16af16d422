"""The verbs of pictures that are there: favourites, deleting, bringing back; and putting away a job that made none."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from images import events, transcript
from images.models import LIVE, Job, Picture
from live.consumers import me
from live.events import Event
from live.publish import publish


@transaction.atomic
def favour(user: Any, ids: Iterable[uuid.UUID], *, favourite: bool) -> list[Picture]:
    """Make pictures favourites, or none any more; those of them that are there."""
    found = list(Picture.objects.of(user).filter(pk__in=list(ids)).select_related("job", "file"))
    Picture.objects.filter(pk__in=[picture.pk for picture in found]).update(favourite=favourite)
    for picture in found:
        picture.favourite = favourite
    _tell(user, [events.PictureUpdated(transcript.picture_json(picture)) for picture in found])
    return found


@transaction.atomic
def delete(user: Any, ids: Iterable[uuid.UUID]) -> tuple[list[Picture], datetime]:
    """Take pictures out of sight, all at one moment, which names them for `restore`; those that were there."""
    found, moment = list(Picture.objects.of(user).filter(pk__in=list(ids))), timezone.now()
    Picture.objects.filter(pk__in=[picture.pk for picture in found]).update(deleted_at=moment)
    _tell(user, [events.PictureDeleted(str(picture.pk)) for picture in found])
    return found, moment


@transaction.atomic
def restore(user: Any, moment: datetime) -> list[Picture]:
    """Bring back what was deleted at this moment; none when it is too late."""
    mine = Picture.objects.filter(owner=user, deleted_at=moment)
    found = list(mine.select_related("job", "file"))
    mine.update(deleted_at=None)
    _tell(user, [events.PictureUpdated(transcript.picture_json(picture)) for picture in found])
    return found


@transaction.atomic
def forget(job: Job) -> None:
    """Put away a job that ended without a picture; what it cost stays in the ledger. Of any other nothing happens."""
    Job.objects.filter(pk=job.pk, pictures=None).exclude(status__in=LIVE).delete()


def _tell(user: Any, told: list[Event]) -> None:
    transaction.on_commit(lambda: publish(me(user.pk), *told))
