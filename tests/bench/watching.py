"""What one watcher saw: arrival times and frames -> whether every word came once, and how late. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_WORD = re.compile(r"w(\d+)@(\d+) ")
_ENDS = ("run.finished", "run.failed")
NANO = 1e9


@dataclass
class Seen:
    """One answer as it reached its reader. Times are in seconds, `first` and `last` on the clock of time.time()."""

    sent: float
    first: float | None = None
    last: float | None = None
    delays: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    frames: int = 0
    complete: bool = False
    faults: list[str] = field(default_factory=list)

    def take(self, at: float, text: str) -> None:
        """Words that arrived at this moment."""
        for number, stamp in _WORD.findall(text):
            self.numbers.append(int(number))
            self.delays.append(at - int(stamp) / NANO)
            self.first = at if self.first is None else self.first
            self.last = at

    def as_json(self, words: int) -> dict[str, Any]:
        """The finding, for a process that did not see it. `words`: how many there should be."""
        counted = set(self.numbers)
        return {
            "sent": self.sent,
            "first": self.first,
            "last": self.last,
            "delays": [round(delay, 5) for delay in self.delays],
            "frames": self.frames,
            "lost": words - len(counted & set(range(1, words + 1))),
            "doubled": len(self.numbers) - len(counted),
            "complete": self.complete and self.numbers == list(range(1, words + 1)) and not self.faults,
            "faults": self.faults[:3],
        }


def of_stream(sent: float, reads: Iterable[tuple[int, bytes]], whole: bool) -> Seen:
    """An answer that came straight from the upstream."""
    seen = Seen(sent, complete=whole)
    rest = ""
    for at, data in reads:
        text = rest + data.decode()
        cut = text.rfind("\n") + 1
        rest = text[cut:]
        seen.take(at / NANO, text[:cut])
        seen.frames += 1
    return seen


def of_socket(sent: float, frames: Iterable[tuple[int, bytes]]) -> Seen:
    """An answer that came through the site, by the rules of docs/protocol.md."""
    seen = Seen(sent)
    text, seq = "", 0
    for at, payload in frames:
        event = json.loads(payload)
        kind = event["type"]
        if kind == "conversation.snapshot":
            answer = next((m for m in event["messages"] if m["role"] == "assistant"), None)
            seq = max((run["seq"] for run in event["runs"]), default=seq)
            now = "".join(part["text"] for part in answer["parts"]) if answer else ""
            if not now.startswith(text):
                seen.faults.append("a snapshot took text away")
            seen.take(at / NANO, now[len(text) :])
            text = now
            seen.complete = answer is not None and answer["status"] == "completed"
        elif kind == "message.delta":
            if event["seq"] != seq + 1:
                seen.faults.append(f"delta {event['seq']} after {seq}")
            seq = event["seq"]
            text += event["text"]
            seen.take(at / NANO, event["text"])
            seen.frames += 1
        elif kind in _ENDS:
            seen.complete = kind == "run.finished" and event["length"] == len(text)
            if not seen.complete:
                seen.faults.append(f"{kind} {event.get('error') or event.get('length')}")
        elif kind == "error":
            seen.faults.append(str(event["error"]["code"]))
    return seen
