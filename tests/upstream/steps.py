"""Scripts of raw wire behaviour, and the few bytes that scripts are made of."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Send:
    """Write these bytes."""

    data: bytes


@dataclass(frozen=True)
class Pause:
    """Say nothing for some seconds."""

    seconds: float


@dataclass(frozen=True)
class Trickle:
    """Write these bytes `size` at a time, `seconds` apart."""

    data: bytes
    size: int = 1
    seconds: float = 0.0


@dataclass(frozen=True)
class WaitFor:
    """Say nothing until the test sets this event."""

    event: threading.Event


@dataclass(frozen=True)
class Hang:
    """Say nothing until the client goes away: put it first to never answer."""


@dataclass(frozen=True)
class Reset:
    """Break the connection with a TCP reset."""


@dataclass(frozen=True)
class HalfClose:
    """Close our writing side only, then wait for the client to go away."""


@dataclass(frozen=True)
class Close:
    """Close the connection in an orderly way."""


Step = Send | Pause | Trickle | WaitFor | Hang | Reset | HalfClose | Close


def head(status: int = 200, *, reason: str = "X", **headers: str | int) -> bytes:
    """A status line and headers; underscores in names become dashes."""
    lines = [f"HTTP/1.1 {status} {reason}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def json_answer(value: Any, status: int = 200, **headers: str | int) -> list[Step]:
    """A whole JSON answer with an honest length."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    fields: dict[str, Any] = {"content_type": "application/json", **headers, "content_length": len(body)}
    return [Send(head(status, **fields) + body)]


def stream_answer(*events: bytes, ended: bool = True, **headers: str | int) -> list[Step]:
    """An event stream in chunked encoding; without `ended` the terminating chunk and all after it are missing."""
    fields: dict[str, Any] = {"content_type": "text/event-stream", "transfer_encoding": "chunked", **headers}
    steps: list[Step] = [Send(head(200, **fields))]
    steps += [Send(chunk(event)) for event in events]
    return [*steps, Send(b"0\r\n\r\n")] if ended else steps


def chunk(data: bytes) -> bytes:
    """One piece in chunked encoding."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def sse(value: Any) -> bytes:
    """One event with this JSON, or with this raw text."""
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return b"data: " + data + b"\n\n"


def text_chunk(text: str | None = None, *, index: int = 0, finish: str | None = None, **fields: Any) -> bytes:
    """One event of a streamed chat."""
    delta = {} if text is None else {"content": text}
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    return sse({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **fields})


def done() -> bytes:
    return sse(b"[DONE]")
