"""What a streamed chat tells its reader, one frozen value per thing that happened (wire.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextDelta:
    """More text of choice `index`."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """More of what choice `index` thinks aloud, whatever way the server sends it (quirks section 4)."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    """More of a refusal in choice `index`."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class TextWasReasoning:
    """All text of choice `index` so far was reasoning: move it before its reasoning's end (quirk 4.6)."""

    index: int


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of tool call number `position` of choice `index`.

    `id` and `name` are what is known by now ("" if nothing), `arguments` is the new piece only.
    """

    index: int
    position: int
    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class ChoiceFinished:
    """Choice `index` ended; `reason` is the server's word as it came (section 3), "stop" for a bare [DONE]."""

    index: int
    reason: str


Delta = TextDelta | ReasoningDelta | RefusalDelta | TextWasReasoning | ToolCallDelta | ChoiceFinished


def said(deltas: Iterable[Delta]) -> int:
    """How many characters a model wrote in these: text, reasoning, refusals and arguments."""
    characters = 0
    for delta in deltas:
        if isinstance(delta, (TextDelta, ReasoningDelta, RefusalDelta)):
            characters += len(delta.text)
        elif isinstance(delta, ToolCallDelta):
            characters += len(delta.arguments)
    return characters
