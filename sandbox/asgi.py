"""What comes in and goes out over ASGI: a request with its body, and the three sorts of replies."""

import asyncio
import collections.abc
import contextlib
import dataclasses
import json
import secrets
from typing import Any

from sandbox import errors

JSON_LIMIT = 64 * 1024 * 1024  # bytes; several pictures as data URLs fit
LARGE = 256 * 1024  # bytes of JSON that are parsed in a thread
Receive = collections.abc.Callable[[], collections.abc.Awaitable[dict[str, Any]]]
Send = collections.abc.Callable[[dict[str, Any]], collections.abc.Awaitable[None]]
Scope = dict[str, Any]


class GoneError(Exception):
    """The client hung up while its request was still being read."""


@dataclasses.dataclass(frozen=True)
class Request:
    """One request; path is below /v1, base is the address of /v1 as the client wrote it."""

    method: str
    path: str
    query: collections.abc.Mapping[str, str]
    headers: collections.abc.Mapping[str, str]
    base: str
    receive: Receive
    was_read: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    async def chunks(self, limit: int) -> collections.abc.AsyncGenerator[bytes, None]:
        """Yield the body as it arrives; ApiError 413 beyond limit bytes, GoneError when the client hangs up."""
        seen = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise GoneError
            piece = message.get("body", b"")
            seen += len(piece)
            if seen > limit:
                raise errors.ApiError(413, f"The request is larger than {limit} bytes.")
            if piece:
                yield piece
            if not message.get("more_body", False):
                self.was_read.set()
                return

    async def json(self) -> dict[str, Any]:
        """Return the body as a JSON object; ApiError 400 for anything else."""
        raw = b"".join([piece async for piece in self.chunks(JSON_LIMIT)])
        try:
            body = json.loads(raw) if len(raw) < LARGE else await asyncio.to_thread(json.loads, raw)
        except (ValueError, RecursionError):
            message = "We could not parse the JSON body of your request. The API expects a JSON payload."
            raise errors.bad_request(message) from None
        if not isinstance(body, dict):
            raise errors.bad_request("The JSON body of your request must be an object.")
        return body


@dataclasses.dataclass(frozen=True)
class Reply:
    """A reply: either a whole body, or pieces that are sent one by one as they come (never gathered)."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json"
    headers: collections.abc.Mapping[str, str] = dataclasses.field(default_factory=dict)
    pieces: collections.abc.AsyncGenerator[bytes, None] | None = None


def dump(value: object) -> bytes:
    """Return a value as JSON in UTF-8; a lone surrogate, which UTF-8 cannot hold, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def whole(value: object, status: int = 200, headers: collections.abc.Mapping[str, str] | None = None) -> Reply:
    """Return a JSON reply."""
    return Reply(dump(value), status, headers=headers or {})


def refusal(error: errors.ApiError) -> Reply:
    """Return an error as a reply."""
    return whole(error.envelope(), error.status, error.headers)


def stream(events: collections.abc.AsyncGenerator[bytes, None]) -> Reply:
    """Return an event stream; proxies on the way are asked not to gather it."""
    headers = {"cache-control": "no-cache, no-transform", "x-accel-buffering": "no"}
    return Reply(content_type="text/event-stream; charset=utf-8", headers=headers, pieces=events)


def event(value: object, name: str = "") -> bytes:
    """Return one server-sent event; chat completions have no event names, pictures do (wire.md sections 1.3 and 4)."""
    head = b"event: " + name.encode() + b"\n" if name else b""
    return head + b"data: " + dump(value) + b"\n\n"


DONE = b"data: [DONE]\n\n"


def new_id(prefix: str) -> str:
    """Return a fresh id, such as chatcmpl-4f...; nobody can guess it."""
    return prefix + secrets.token_hex(14)


async def deliver(reply: Reply, send: Send, started: float, now: collections.abc.Callable[[], float]) -> None:
    """Send a reply; with pieces each waits until the one before it was taken, which is the back-pressure."""
    headers = {
        "content-type": reply.content_type,
        "x-request-id": new_id("req_sandbox_"),
        "openai-version": "2020-10-01",
        "openai-organization": "sandbox",
        "openai-processing-ms": str(max(0, round((now() - started) * 1000))),
    }
    headers |= reply.headers
    if reply.pieces is None:
        headers["content-length"] = str(len(reply.body))
    raw = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": reply.status, "headers": raw})
    if reply.pieces is not None:
        async with contextlib.aclosing(reply.pieces) as pieces:
            async for piece in pieces:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})
