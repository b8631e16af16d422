"""What a door calls: a verb and the start of its job as one; a repeated command gives the same job again."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

from images import actions
from images.actions import Draft
from images.models import Job
from images.runs import engine
from live import bus, process, tasks
from live.errors import Refused


def submit(owner: Any, client_id: uuid.UUID, draft: Draft) -> tuple[Job, bool]:
    """Begin a job. Returns it, and whether it is new."""
    language = translation.get_language()
    try:
        with transaction.atomic():
            job = actions.begin(owner, client_id, process.current_id(), draft)
            transaction.on_commit(lambda: engine.launch(job.pk, language))
    except (IntegrityError, Refused):
        before = actions.made_by(owner, client_id)
        if before is None:
            raise
        return before, False
    return job, True


def stop(job: Job) -> tuple[Job, bool]:
    """Stop a job, wherever it is carried out. Returns it, and whether it was still live."""
    job = actions.request_stop(job)
    if job.is_live:
        tasks.call_soon(_stop_now, job.pk, job.process.channel if job.process else "")
    return job, job.is_live


def _stop_now(job_id: uuid.UUID, channel: str) -> None:
    """The column is enough in the end; this only makes it faster."""
    if not engine.stop_now(job_id):
        bus.send_to(channel, "images.stop", job=str(job_id))
