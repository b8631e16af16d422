"""What every app's events have in common, and the events that belong to no app alone."""

import dataclasses
import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder


@dataclasses.dataclass(frozen=True)
class Event:
    """Something a browser can be told. `type` is its name on the wire; its fields go out as they are."""

    type: ClassVar[str]

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that goes out."""
        return {"type": self.type, **vars(self)}


_encode = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Frame:
    """An event as it goes out, encoded once for however many sockets get it. `size` is in bytes."""

    __slots__ = ("data", "size", "text")

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data
        self.text = _encode(data)
        try:
            self.size = len(self.text.encode())
        except UnicodeEncodeError:  # half a surrogate pair in an answer: escaped, it is valid JSON
            self.text = json.dumps(data, separators=(",", ":"), cls=DjangoJSONEncoder)
            self.size = len(self.text)

    @classmethod
    def from_text(cls, text: str) -> "Frame":
        """A frame that another process encoded."""
        return cls(json.loads(text))


@dataclasses.dataclass(frozen=True)
class MeSnapshot(Event):
    """Everything of mine: one section for each name that an app registered (`conversations`, ...)."""

    type = "me.snapshot"
    sections: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"type": self.type, **self.sections}


@dataclasses.dataclass(frozen=True)
class JobProgress(Event):
    """How far a longer piece of work is: `done` of `total` (None: not known), for the thing with the id `about`.

    `kind` names the work (`extraction`, ...), `status` is one of the words for a run's."""

    type = "job.progress"
    job: str
    kind: str
    about: str
    status: str
    done: int
    total: int | None


@dataclasses.dataclass(frozen=True)
class Pong(Event):
    """All that there is has been seen."""

    type = "pong"


@dataclasses.dataclass(frozen=True)
class ErrorEvent(Event):
    """Why this socket closes, or what was wrong with a frame."""

    type = "error"
    error: dict[str, Any]
