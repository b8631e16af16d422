"""Everything that the browser can be told about files: one frozen dataclass each, a closed list."""

import dataclasses
from typing import Any

from live.events import Event

JOB = "extraction"  # the `kind` of a `job.progress` that is about reading a file's text


@dataclasses.dataclass(frozen=True)
class FileReady(Event):
    """A file is there, whole and looked at; again once its text was read, or it is known why there is none."""

    type = "file.ready"
    file: dict[str, Any]
