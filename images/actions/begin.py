"""The verb that begins a job: money held, job and sources stored, everybody told."""

import dataclasses
import uuid
from typing import Any

from django.db import transaction

from files.models import File
from images import events, transcript
from images.actions import announce, money
from images.costs import Wanted
from images.errors import TooManyJobs
from images.models import Job, Source

MOST_JOBS = 20  # of one person at once


@dataclasses.dataclass(frozen=True)
class Draft:
    """What a job is to be: checked against its model, its files found."""

    kind: str
    prompt: str
    provider: str
    model_id: str
    asked: int
    params: dict[str, Any]
    left_out: list[str]
    sources: tuple[File, ...] = ()
    mask: File | None = None
    confirmed: bool = False


@transaction.atomic
def begin(owner: Any, client_id: uuid.UUID, process_id: uuid.UUID, draft: Draft) -> Job:
    """Store a job that waits to be taken up. Raises TooManyJobs, ConfirmationNeeded and the refusals of billing."""
    if Job.objects.filter(owner=owner).live().count() >= MOST_JOBS:
        raise TooManyJobs(limit=MOST_JOBS)
    job = Job(
        owner=owner,
        client_id=client_id,
        process_id=process_id,
        kind=draft.kind,
        provider=draft.provider,
        model_id=draft.model_id,
        prompt=draft.prompt,
        params=draft.params,
        left_out=draft.left_out,
        asked=draft.asked,
    )
    wanted = Wanted(draft.prompt, draft.asked, draft.params, len(draft.sources))
    job.estimate = money.estimate(draft.provider, draft.model_id, wanted)
    if not draft.confirmed:
        money.check_word(job.estimate, job)
    job.save(force_insert=True)
    money.hold(job, wanted)
    files = [*draft.sources, *([draft.mask] if draft.mask else [])]
    Source.objects.bulk_create(
        Source(job=job, index=index, file=file, is_mask=file is draft.mask) for index, file in enumerate(files)
    )
    announce.to_owner(job.owner_id, events.JobCreated(transcript.job_json(job)))
    return job


def made_by(owner: Any, client_id: uuid.UUID) -> Job | None:
    """The job that a command with this name has begun before."""
    return Job.objects.filter(owner=owner, client_id=client_id).first()
