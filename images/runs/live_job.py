"""The jobs that this process carries out now, and what becomes of each of them. Lives on the loop."""

import asyncio
import time
import uuid

from live import bus
from live.models import STALE_SECONDS

_live: dict[uuid.UUID, "LiveJob"] = {}


class LiveJob:
    """One job of this process while its task runs."""

    def __init__(self, job_id: uuid.UUID) -> None:
        self.id = job_id
        self.stopping = self.lost = self.ending = False
        self.begun = False  # it was taken up
        self.waited = False  # for its server to be asked again, which has not answered since
        self.received = 0  # pictures that came, kept or not
        self.kept = 0
        self.attempt = 1
        self.task = asyncio.current_task()
        self._owned_at = time.monotonic()
        _live[job_id] = self

    @property
    def surely_ours(self) -> bool:
        """Whether the database has said so lately: a process that was frozen may have been declared dead meanwhile."""
        return not self.lost and (bus.alone() or time.monotonic() - self._owned_at < STALE_SECONDS)

    def confirm(self) -> None:
        """The database has said that the job is ours."""
        self._owned_at = time.monotonic()

    def stop(self) -> None:
        """The person wants no more of it; an end that is being stored is not stopped any more."""
        if not (self.stopping or self.ending) and self.task is not None:
            self.stopping = True
            self.task.cancel()

    def lose(self) -> None:
        """It is somebody else's now, or has ended without us: nothing more is written or told."""
        if not self.lost and self.task is not None:
            self.lost = True
            self.task.cancel()

    def leave(self) -> None:
        """It has ended and is stored."""
        _live.pop(self.id, None)


def find(job_id: uuid.UUID) -> LiveJob | None:
    """A job of this process, if it is live."""
    return _live.get(job_id)


def all_live() -> list[LiveJob]:
    """Every live job of this process."""
    return list(_live.values())


def tasks() -> "list[asyncio.Task[None]]":
    """The tasks of the live jobs."""
    return [live.task for live in _live.values() if live.task is not None]
