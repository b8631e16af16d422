"""Upstream deltas -> the parts of one assistant message. Pure."""

from typing import Any

import openai_client as oc
from conversations.models import REFUSAL, SAID, TEXT

Part = dict[str, Any]


class Accumulator:
    """Grows one message's parts. A continued message starts from the parts it has.

    Text is kept in pieces and joined when asked for: a long answer in small deltas stays linear.
    """

    def __init__(self, parts: list[Part] | None = None) -> None:
        self._before = [dict(part) for part in parts or []]
        self._reasoning: list[str] = []
        self._text: list[str] = []
        self.seconds = 0  # that the model has thought for
        ends_in_text = bool(self._before) and self._before[-1]["type"] in SAID
        self._refused = ends_in_text and self._before[-1]["type"] == REFUSAL
        self.text_before: str = self._before.pop()["text"] if ends_in_text else ""  # what is being continued

    def add_text(self, text: str) -> None:
        self._text.append(text)

    def refuse(self) -> bool:
        """What comes now is a refusal, not an answer. Whether that is news: after some text, all of it stays text."""
        if self._refused or self._text or self.text_before:
            return False
        self._refused = True
        return True

    def add_reasoning(self, text: str) -> None:
        self._reasoning.append(text)

    def move_text_to_reasoning(self) -> None:
        """What this run showed as text was reasoning (quirk 4.6)."""
        self._reasoning.extend(self._text)
        self._text.clear()

    @property
    def parts(self) -> list[Part]:
        """The message's parts as they stand now: reasoning before the text it led to."""
        found = list(self._before)
        if reasoning := self._joined(self._reasoning):
            found.append(
                {"type": "reasoning", "text": reasoning, **({"seconds": self.seconds} if self.seconds else {})}
            )
        if text := self.text_before + self._joined(self._text):
            found.append({"type": REFUSAL if self._refused else TEXT, "text": text})
        return found

    @property
    def added(self) -> str:
        """The text that this run has added."""
        return self._joined(self._text)

    @property
    def length(self) -> int:
        """Unicode code points of the text."""
        return sum(len(part["text"]) for part in self.parts if part["type"] in SAID)

    @staticmethod
    def _joined(pieces: list[str]) -> str:
        if len(pieces) > 1:
            pieces[:] = ["".join(pieces)]
        return pieces[0] if pieces else ""


def ending(finish_reason: str | None) -> str:
    """What a finish reason means: stop, length, tool_calls, content_filter; an unknown word as it came; "" for none."""
    return oc.ending_of(finish_reason) if finish_reason else ""


def storable(text: str) -> str:
    """`text` without what no database keeps: NUL, and halves of surrogate pairs (quirk 1.10)."""
    if text.isascii():
        return text.replace("\x00", "")
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def usage_json(usage: oc.Usage | None, meta: oc.ResponseMeta | None = None) -> dict[str, Any] | None:
    """Token counts as they are stored and sent out, and the upstream's rate limits where its answer told them."""
    if usage is None:
        return None
    limits = dict(meta.rate_limits.raw) if meta is not None else {}
    return {**usage.as_dict(), "rate_limits": limits} if limits else dict(usage.as_dict())
