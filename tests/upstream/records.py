"""What the upstream remembers of each request."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Recorded:
    """One request as it arrived; times are time.monotonic().

    `closed` is set when the client closed the connection before the answer's end, `ended` when the whole answer was
    written; `deltas` counts the streamed pieces written so far.
    """

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes
    at: float = field(default_factory=time.monotonic)
    closed: threading.Event = field(default_factory=threading.Event)
    closed_at: float | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    deltas: int = 0

    @property
    def json(self) -> Any:
        """The body as JSON, None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def mark_closed(self) -> None:
        if not self.ended.is_set() and not self.closed.is_set():
            self.closed_at = time.monotonic()
            self.closed.set()
