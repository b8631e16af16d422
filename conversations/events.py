"""Everything the browser can be told about conversations: a closed list, as in docs/protocol.md."""

import dataclasses
from typing import Any

from live.events import Event

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class ConversationSnapshot(Event):
    """The whole shown state of one conversation; `beside`: the answers that its last message is compared with."""

    type = "conversation.snapshot"
    conversation: Json
    messages: list[Json]
    runs: list[Json]
    has_older: bool
    beside: list[Json]


@dataclasses.dataclass(frozen=True)
class ConversationCreated(Event):
    type = "conversation.created"
    conversation: Json


@dataclasses.dataclass(frozen=True)
class ConversationUpdated(Event):
    """Title, shown leaf or running changed."""

    type = "conversation.updated"
    conversation: Json


@dataclasses.dataclass(frozen=True)
class ConversationDeleted(Event):
    type = "conversation.deleted"
    conversation: Json


@dataclasses.dataclass(frozen=True)
class MessageCreated(Event):
    type = "message.created"
    message: Json


@dataclasses.dataclass(frozen=True)
class MessageUpdated(Event):
    """Replaces the message, whole parts included; in mid-run it carries `seq` and `reasoning_seq` as well."""

    type = "message.updated"
    message: Json


@dataclasses.dataclass(frozen=True)
class MessageDeleted(Event):
    """It is gone, with all that hung below it."""

    type = "message.deleted"
    message: str


@dataclasses.dataclass(frozen=True)
class MessageDelta(Event):
    """Text to append. `seq` counts a run's text deltas from 1 without holes."""

    type = "message.delta"
    run: str
    message: str
    seq: int
    text: str


@dataclasses.dataclass(frozen=True)
class ReasoningDelta(Event):
    """Reasoning to append. `reasoning_seq` counts a run's reasoning deltas from 1 without holes."""

    type = "reasoning.delta"
    run: str
    message: str
    reasoning_seq: int
    text: str


@dataclasses.dataclass(frozen=True)
class RunStarted(Event):
    type = "run.started"
    run: Json


@dataclasses.dataclass(frozen=True)
class RunUpdated(Event):
    """A retry waits (`attempt`, `retry_at`), or the upstream is being asked."""

    type = "run.updated"
    run: Json


@dataclasses.dataclass(frozen=True)
class RunFinished(Event):
    """Completed, incomplete or cancelled. `length`: Unicode code points of the message's text.

    `error` says why the site itself ended an incomplete one; `left_out` are parameters that the server does not take.
    """

    type = "run.finished"
    run: str
    message: str
    status: str
    finish_reason: str | None
    usage: Json | None
    cost: int | None
    cost_marks: list[str]
    length: int
    error: Json | None = None
    left_out: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class RunFailed(Event):
    """Failed or interrupted; the text so far stays, and may have cost something."""

    type = "run.failed"
    run: str
    message: str
    status: str
    error: Json
    cost: int | None
    cost_marks: list[str]


@dataclasses.dataclass(frozen=True)
class ParametersUpdated(Event):
    """What is set for the conversation changed: how many parameters hold, and what of them counts for an estimate."""

    type = "parameters.updated"
    conversation: str
    count: int
    tokens: int
    answers: int
