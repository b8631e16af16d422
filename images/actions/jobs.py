"""Verbs of a job's life: begin, look after, keep, finish, stop, interrupt. Every write asks whether it is still ours.

A job belongs to one process incarnation, as a run does: one that was frozen and declared dead finds no row to write to,
and then neither stores nor publishes anything (design section 3).
"""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from files.models import File
from images import events, transcript
from images.actions import announce, money
from images.costs import Wanted
from images.models import Job, JobStatus, Partial, Picture, Source
from live.events import JobProgress

Json = dict[str, Any]
PROGRESS = "images"  # what `job.progress` calls this kind of work


@dataclasses.dataclass(frozen=True)
class Work:
    """What an engine needs to carry a job out."""

    job: Job
    sources: tuple[File, ...] = ()
    mask: File | None = None


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a job ended. `error` is also why there are fewer pictures than were asked for."""

    status: JobStatus
    error: Json | None = None
    usage: Json | None = None
    left_out: list[str] = dataclasses.field(default_factory=list)
    request_id: str = ""
    received: int = 0
    attempt: int = 1


def _mine(job_id: uuid.UUID, process_id: uuid.UUID) -> QuerySet[Job]:
    return Job.objects.live().filter(pk=job_id, process=process_id)


def _locked(job_id: uuid.UUID, process_id: uuid.UUID | None) -> Job | None:
    """A live job of this process with nobody else changing it before we commit."""
    return Job.objects.select_for_update().live().filter(pk=job_id, process=process_id).first()


@transaction.atomic
def begin_job(job_id: uuid.UUID, process_id: uuid.UUID) -> Work | None:
    """Take a queued job up; None when it is not ours to carry out, or was stopped before it began."""
    began = _mine(job_id, process_id).filter(status=JobStatus.QUEUED, stop_requested=False)
    if not began.update(status=JobStatus.IN_PROGRESS, started_at=timezone.now()):
        return None
    job = Job.objects.get(pk=job_id)
    sources = list(Source.objects.filter(job=job).select_related("file__blob").order_by("index"))
    announce.to_owner(job.owner_id, events.JobUpdated(transcript.job_json(job)))
    mask = next((source.file for source in sources if source.is_mask), None)
    return Work(job, tuple(source.file for source in sources if not source.is_mask), mask)


def look_after(process_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, bool]:
    """Job id -> whether a stop was asked for, of those that are still live and ours."""
    mine = Job.objects.live().filter(process=process_id, pk__in=list(ids))
    return dict(mine.values_list("pk", "stop_requested"))


@transaction.atomic
def note_retry(process_id: uuid.UUID, job_id: uuid.UUID, attempt: int, retry_at: datetime | None) -> None:
    """Its server will be asked again, or has been (`retry_at` None)."""
    if _mine(job_id, process_id).update(attempt=attempt, retry_at=retry_at):
        job = Job.objects.get(pk=job_id)
        announce.to_owner(job.owner_id, events.JobUpdated(transcript.job_json(job)))


@transaction.atomic
def add_partial(process_id: uuid.UUID, job_id: uuid.UUID, index: int, seq: int, mime: str, content: bytes) -> None:
    """Show what a picture looks like so far, in place of what it looked like before."""
    job = _locked(job_id, process_id)
    if job is not None:
        found = {"seq": seq, "mime": mime, "content": content}
        Partial.objects.update_or_create(job=job, index=index, defaults=found)
        told = events.PicturePartial(str(job_id), transcript.partial_json(job_id, index, seq))
        announce.to_owner(job.owner_id, told)


@transaction.atomic
def add_picture(
    process_id: uuid.UUID, job_id: uuid.UUID, index: int, file: File, revised_prompt: str
) -> Picture | None:
    """One of a job's pictures is kept; None when the job is not ours any more, and the file nobody's."""
    job = _locked(job_id, process_id)
    if job is None:
        return None
    picture = Picture.objects.create(
        job=job, owner_id=job.owner_id, index=index, file=file, revised_prompt=revised_prompt
    )
    Job.objects.filter(pk=job_id).update(received=max(job.received, index + 1))
    Partial.objects.filter(job=job, index=index).delete()
    done = Picture.objects.filter(job=job).count()
    progress = JobProgress(str(job_id), PROGRESS, str(job_id), job.status, done, job.asked)
    announce.to_owner(job.owner_id, events.PictureCreated(transcript.picture_json(picture)), progress)
    return picture


@transaction.atomic
def finish_job(process_id: uuid.UUID, job_id: uuid.UUID, ended: Ended) -> Job | None:
    """Store the end of a job, and tell everybody; None when it was not ours any more."""
    job = _locked(job_id, process_id)
    if job is None:
        return None
    job.usage, job.attempt = ended.usage, ended.attempt
    job.left_out = sorted({*job.left_out, *ended.left_out})
    job.request_id, job.received = ended.request_id[:200], max(job.received, ended.received)
    _end(job, ended.status, ended.error)
    return job


@transaction.atomic
def interrupt(job_id: uuid.UUID, process_id: uuid.UUID | None, error: Json) -> bool:
    """End a job whose engine is gone; the pictures that it has kept stay. False when it has ended meanwhile."""
    job = _locked(job_id, process_id)
    if job is None:
        return False
    _end(job, JobStatus.INTERRUPTED, error)
    return True


def _end(job: Job, status: JobStatus, error: Json | None) -> None:
    job.status, job.error, job.retry_at, job.ended_at = status, error, None, timezone.now()
    sources = Source.objects.filter(job=job, is_mask=False).count()
    money.settle(job, Wanted(job.prompt, job.asked, job.params, sources))
    job.save()
    Partial.objects.filter(job=job).delete()
    announce.to_owner(job.owner_id, events.JobFinished(transcript.job_json(job)))


@transaction.atomic
def request_stop(job: Job) -> Job:
    """Ask a live job to stop; its engine reads the column back. One that has ended stays as it is."""
    Job.objects.live().filter(pk=job.pk).update(stop_requested=True)
    return Job.objects.select_related("process").get(pk=job.pk)
