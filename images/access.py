"""The only way from (user, id) to a job or a picture; what is not yours looks as if it were not there."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import reverse

from files.signals import Use
from images.models import Job, Partial, Picture, Source
from live.errors import NotFound

T = TypeVar("T", bound=models.Model)
_TITLE = 80  # characters of a prompt that name it elsewhere


def job(user: Any, id: uuid.UUID) -> Job:  # noqa: A002 - the address says id
    """A person's job."""
    return _one(Job.objects.filter(owner=user, pk=id))


def picture(user: Any, id: uuid.UUID, *, deleted: bool = False) -> Picture:  # noqa: A002
    """A person's picture with its job and its file; `deleted=True` finds one that can still be restored."""
    mine = Picture.objects.filter(owner=user, pk=id, deleted_at__isnull=not deleted)
    return _one(mine.select_related("job", "file"))


def partial(user: Any, job_id: uuid.UUID, index: int, seq: int) -> Partial:
    """What a picture of a person's live job looked like; NotFound once there is a later one, or the job has ended."""
    return _one(Partial.objects.filter(job__owner=user, job=job_id, index=index, seq=seq))


def addresses_of_jobs(user: Any, job_ids: Iterable[str]) -> dict[str, str]:
    """Job id -> the address of its page, for those of this person's that are still there."""
    mine = Job.objects.filter(owner=user, pk__in=list(job_ids))
    return {str(pk): reverse("image_job", args=[pk]) for pk in mine.values_list("pk", flat=True)}


def uses_of_files(user: Any, file_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Use]]:
    """File -> the pictures and the jobs that use it."""
    ids = list(file_ids)
    found: dict[uuid.UUID, list[Use]] = defaultdict(list)
    for picture in Picture.objects.of(user).filter(file__in=ids).select_related("job"):
        found[picture.file_id].append(Use("image", picture.job.prompt[:_TITLE], reverse("picture", args=[picture.pk])))
    for source in Source.objects.filter(job__owner=user, file__in=ids).select_related("job"):
        found[source.file_id].append(
            Use("image", source.job.prompt[:_TITLE], reverse("image_job", args=[source.job_id]))
        )
    return dict(found)


def _one(found: "models.QuerySet[T]") -> T:
    try:
        return found.get()
    except ObjectDoesNotExist as error:
        raise NotFound() from error
