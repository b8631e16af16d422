"""The gallery: a person's pictures, the latest first, a helping at a time; what a search finds; neighbours."""

import dataclasses
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from images.models import LIVE, Job, JobStatus, Picture, PictureQuerySet, Source

PAGE = 48  # pictures in a helping: a first view of any screen, and whole rows of two, three, four or six
MOST_WORDS = 8  # of a search; each is one more condition
MOST_JOBS = 10  # that ended badly and are still shown above the gallery
PARTLY_SHOWN = timedelta(hours=1)  # how long a job that made some of its pictures says why not all
BAD = (JobStatus.FAILED, JobStatus.INTERRUPTED, JobStatus.CANCELLED)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What is looked for: words in prompts, all of them, in any order; and whether favourites alone."""

    text: str = ""
    favourites: bool = False

    @property
    def query(self) -> str:
        """Whether anything is looked for at all, for templates."""
        return self.text or ("favourites" if self.favourites else "")


@dataclasses.dataclass(frozen=True)
class Helping:
    """Pictures with their jobs, and whether older ones follow."""

    pictures: list[Picture]
    has_older: bool


def page(user: Any, wanted: Wanted, before: uuid.UUID | None = None) -> Helping:
    """The PAGE pictures below one of the person's, also when that one is deleted meanwhile; the newest without."""
    found = _matching(user, wanted)
    if before:
        place = Picture.objects.filter(owner=user, pk=before).values_list("created_at", "pk").first()
        found = found.filter(_below(*place)) if place else found.none()
    pictures = list(found.select_related("job", "file")[: PAGE + 1])
    return Helping(pictures[:PAGE], len(pictures) > PAGE)


def newest(user: Any, count: int) -> list[Picture]:
    """A person's latest pictures, with their jobs."""
    return list(_matching(user, Wanted()).select_related("job")[:count])


def neighbours(user: Any, picture: Picture, wanted: Wanted) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The next newer and the next older picture among those that are looked for."""
    found, place = _matching(user, wanted), (picture.created_at, picture.pk)
    newer = found.filter(_above(*place)).order_by("created_at", "id")
    return newer.values_list("pk", flat=True).first(), found.filter(_below(*place)).values_list("pk", flat=True).first()


def shown_jobs(user: Any) -> list[Job]:
    """What stands above the gallery: jobs that live, and those that ended without what they were asked for."""
    mine = Job.objects.of(user)
    with_pictures = Exists(Picture.objects.filter(job=OuterRef("pk")))
    recently = timezone.now() - PARTLY_SHOWN
    ended = mine.filter(Q(status__in=BAD) & ~with_pictures | Q(status=JobStatus.INCOMPLETE, ended_at__gt=recently))
    return [*mine.filter(status__in=LIVE), *ended[:MOST_JOBS]]


def deleted_at(user: Any, moment: datetime | None) -> dict[str, Any] | None:
    """How many pictures were deleted at a moment and can be brought back; None for none."""
    count = Picture.objects.filter(owner=user, deleted_at=moment).count() if moment and moment.tzinfo else 0
    return {"count": count, "moment": moment.isoformat()} if moment and count else None


def sources(job: Job) -> list[Source]:
    """What a job was given: pictures, and the mask, with their files."""
    return list(job.sources.select_related("file"))


def chosen(user: Any, ids: Iterable[uuid.UUID]) -> list[Picture]:
    """Those of a person's pictures that were chosen and are still there, the latest first, with job, file and bytes."""
    return list(Picture.objects.of(user).filter(pk__in=list(ids)).select_related("job", "file__blob"))


def _matching(user: Any, wanted: Wanted) -> PictureQuerySet:
    found = Picture.objects.of(user).filter(file__deleted_at=None)
    if wanted.favourites:
        found = found.filter(favourite=True)
    for word in wanted.text.split()[:MOST_WORDS]:
        found = found.filter(Q(job__prompt__icontains=word) | Q(revised_prompt__icontains=word))
    return found


def _below(moment: datetime, pk: uuid.UUID) -> Q:
    return Q(created_at__lt=moment) | Q(created_at=moment, pk__lt=pk)


def _above(moment: datetime, pk: uuid.UUID) -> Q:
    return Q(created_at__gt=moment) | Q(created_at=moment, pk__gt=pk)
