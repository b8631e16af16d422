"""Answers chosen by the model's name: each dash-separated option overrides a default.

    any                    200 words at 500 a second
    any-t50-r0             50 words as fast as the client reads
    any-d100               the first word after 100 ms
    any-k40                40 reasoning deltas before the text
    any-x50                the connection is dropped after 50 deltas
    any-h50                nothing more after 50 deltas, connection open
    any-e429               an error answer with that status
    any-l                  finish_reason length
    any-g                  goes on: the first word follows those that the last answer has already
    any-s12                like any-g, but says the last 12 words of that answer once more
    any-u0                 no usage, even when asked for
    echo                   the text of the last user message, word by word; options as above (echo-r0)

Words are w0001, w0002 ...: who has seen 1 to N in order has lost, doubled and reordered nothing.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import Any

_OPTIONS = {
    "t": "tokens", "r": "rate", "d": "delay_ms", "k": "reasoning", "x": "drop_after", "h": "hang_after",
    "e": "error", "u": "usage",
}  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What one answer looks like. `rate` is words per second, 0 for unthrottled; 0 switches the counts off."""

    model: str
    tokens: int = 200
    rate: float = 500
    delay_ms: int = 0
    reasoning: int = 0
    drop_after: int = 0
    hang_after: int = 0
    error: int = 0
    usage: int = 1
    finish: str = "stop"
    words: tuple[str, ...] | None = None
    begins: int = 0

    @classmethod
    def of(cls, request: dict[str, Any]) -> Plan:
        """The plan for a chat request."""
        model = str(request.get("model", ""))
        name, *options = model.split("-")
        plan = cls(model, words=_echo(request) if name == "echo" else None)
        for option in options:
            if option == "l":
                plan = replace(plan, finish="length")
            elif match := re.fullmatch(r"g|s(\d+)", option):
                plan = replace(plan, begins=max(0, _said(request) - int(match[1] or 0)))
            elif match := re.fullmatch(r"([trdkxheu])(\d+(?:\.\d+)?)", option):
                number = float(match[2])
                changes: dict[str, Any] = {_OPTIONS[match[1]]: number if match[1] == "r" else int(number)}
                plan = replace(plan, **changes)
        return plan

    def deltas(self) -> list[dict[str, str]]:
        """The deltas in order, reasoning first."""
        words = self.words if self.words is not None else tuple(f"w{n:04d} " for n in self._numbers())
        thoughts = [{"reasoning_content": f"r{n:04d} "} for n in range(1, self.reasoning + 1)]
        return thoughts + [{"content": word} for word in words]

    def _numbers(self) -> range:
        return range(self.begins + 1, self.begins + self.tokens + 1)

    def text(self) -> str:
        return "".join(delta.get("content", "") for delta in self.deltas())

    def usage_for(self, request: dict[str, Any]) -> dict[str, int]:
        """Counts by words."""
        prompt = sum(len(str(message.get("content", "")).split()) for message in request.get("messages", []))
        completion = len(self.deltas())
        return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}

    def chunk(self, ident: str, choices: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
        """One chunk of a stream."""
        return {
            "id": ident, "object": "chat.completion.chunk", "created": int(time.time()), "model": self.model,
            "choices": choices, **more,
        }  # fmt: skip

    def whole(self, ident: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request without `stream`."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text(), "refusal": None}
        if self.reasoning:
            message["reasoning_content"] = "".join(d.get("reasoning_content", "") for d in self.deltas())
        answer = {
            "id": ident, "object": "chat.completion", "created": int(time.time()), "model": self.model,
            "choices": [{"index": 0, "message": message, "finish_reason": self.finish}],
        }  # fmt: skip
        return answer | ({"usage": self.usage_for(request)} if self.usage else {})


def _said(request: dict[str, Any]) -> int:
    """Words of the last answer in the prompt."""
    said = [message.get("content") for message in request.get("messages", []) if message.get("role") == "assistant"]
    return len(str(said[-1]).split()) if said else 0


def _echo(request: dict[str, Any]) -> tuple[str, ...]:
    """The last user message, cut after each blank."""
    for message in reversed(request.get("messages", [])):
        if message.get("role") == "user":
            content = message.get("content", "")
            if isinstance(content, list):
                content = " ".join(part.get("text", "") for part in content)
            return tuple(re.findall(r"\S+\s*|\s+", content))
    return ()
