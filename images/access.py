"""The only way from (user, id) to a job or a picture; what is not yours looks as if it were not there."""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.urls import reverse

from images.models import Job, Partial, Picture
from live.errors import NotFound

T = TypeVar("T", bound=models.Model)


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


def _one(found: "models.QuerySet[T]") -> T:
    try:
        return found.get()
    except ObjectDoesNotExist as error:
        raise NotFound() from error
