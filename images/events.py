"""Everything the browser can be told about pictures: a closed list, as in docs/protocol.md. Ids and addresses only."""

import dataclasses
from typing import Any

from live.events import Event

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class JobCreated(Event):
    type = "job.created"
    job: Json


@dataclasses.dataclass(frozen=True)
class JobUpdated(Event):
    """It was taken up, or a retry waits (`attempt`, `retry_at`). Replaces the job."""

    type = "job.updated"
    job: Json


@dataclasses.dataclass(frozen=True)
class JobFinished(Event):
    """Completed, incomplete, cancelled, failed or interrupted: the whole job, with its pictures."""

    type = "job.finished"
    job: Json


@dataclasses.dataclass(frozen=True)
class PicturePartial(Event):
    """What a picture looks like so far: {"index", "seq", "url"}; until the next one, or until the job ends."""

    type = "picture.partial"
    job: str
    partial: Json


@dataclasses.dataclass(frozen=True)
class PictureCreated(Event):
    """A picture has come and is kept; its job may go on."""

    type = "picture.created"
    picture: Json


@dataclasses.dataclass(frozen=True)
class PictureUpdated(Event):
    """A favourite or none any more; or it is back after a delete."""

    type = "picture.updated"
    picture: Json


@dataclasses.dataclass(frozen=True)
class PictureDeleted(Event):
    type = "picture.deleted"
    picture: str
