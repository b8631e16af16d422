"""What a page and a socket are shown: jobs and pictures as JSON objects (docs/protocol.md)."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from images.models import LIVE, Job, Partial, Picture, Source

Json = dict[str, Any]
THUMB = 256  # pixels; files.pictures.SIZES has the others
NEWEST, LATELY = 20, timedelta(minutes=10)  # ended jobs in me.snapshot


def picture_json(picture: Picture) -> Json:
    """A picture; its `file` must be there."""
    file = picture.file
    return {
        "id": str(picture.pk),
        "job": str(picture.job_id),
        "index": picture.index,
        "file": str(file.pk),
        "url": reverse("picture", args=[picture.pk]),
        "content": reverse("file_content", args=[file.pk]),
        "thumb": reverse("file_thumb", args=[file.pk, THUMB]),
        "mime": file.mime,
        "size": file.size,
        "width": file.width,
        "height": file.height,
        "revised_prompt": picture.revised_prompt or None,
        "favourite": picture.favourite,
        "created_at": picture.created_at.isoformat(),
    }


def partial_json(job_id: uuid.UUID, index: int, seq: int) -> Json:
    """A partial picture: where it can be had until the next one, or the job's end."""
    return {"index": index, "seq": seq, "url": reverse("partial_picture", args=[job_id, index, seq])}


def job_json(job: Job) -> Json:
    """One job with its pictures, its sources and what there is of it so far."""
    return jobs_json([job])[0]


def jobs_json(jobs: Sequence[Job]) -> list[Json]:
    """Several, with three questions for all of them."""
    ids = [job.pk for job in jobs]
    live = [job.pk for job in jobs if job.status in LIVE]
    kept = Picture.objects.filter(job__in=ids, deleted_at=None).select_related("file").order_by("index")
    pictures = _by_job((picture.job_id, picture_json(picture)) for picture in kept)
    sources: dict[uuid.UUID, list[Source]] = defaultdict(list)
    for source in Source.objects.filter(job__in=ids).order_by("index"):
        sources[source.job_id].append(source)
    partials = _by_job(
        (job_id, partial_json(job_id, index, seq))
        for job_id, index, seq in Partial.objects.filter(job__in=live)
        .order_by("index")
        .values_list("job_id", "index", "seq")
    )
    return [_job_json(job, pictures[job.pk], sources[job.pk], partials[job.pk]) for job in jobs]


def _by_job(rows: Iterable[tuple[uuid.UUID, Json]]) -> dict[uuid.UUID, list[Json]]:
    found: dict[uuid.UUID, list[Json]] = defaultdict(list)
    for job_id, row in rows:
        found[job_id].append(row)
    return found


def _job_json(job: Job, pictures: list[Json], sources: list[Source], partials: list[Json]) -> Json:
    mask = next((str(source.file_id) for source in sources if source.is_mask), None)
    return {
        "id": str(job.pk),
        "url": reverse("image_job", args=[job.pk]),
        "kind": job.kind,
        "status": job.status,
        "provider": job.provider,
        "model_id": job.model_id,
        "prompt": job.prompt,
        "params": job.params,
        "left_out": job.left_out,
        "asked": job.asked,
        "done": len(pictures),
        "pictures": pictures,
        "partials": partials,
        "sources": [str(source.file_id) for source in sources if not source.is_mask],
        "mask": mask,
        "attempt": job.attempt,
        "retry_at": job.retry_at.isoformat() if job.retry_at else None,
        "usage": job.usage,
        "cost": job.cost,
        "cost_marks": job.cost_marks,
        "estimate": job.estimate,
        "error": job.error,
        "request_id": job.request_id or None,
        "created_at": job.created_at.isoformat(),
        "started_at": job.started_at.isoformat() if job.started_at else None,
        "ended_at": job.ended_at.isoformat() if job.ended_at else None,
    }


def card_json(job: Json) -> Json:
    """A job with what its card in a page needs beside the facts: whether it lives, and an id for trying again."""
    return {**job, "live": job["status"] in LIVE, "retry_id": uuid.uuid4()}


def section(user: Any) -> list[Json]:
    """The `jobs` section of /ws/me/: live jobs, and what has ended lately; every tab gets it at its start."""
    mine, lately = Job.objects.of(user), timezone.now() - LATELY
    return jobs_json([*mine.live(), *mine.filter(ended_at__gt=lately)[:NEWEST]])
