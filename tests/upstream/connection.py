"""One connection of the upstream: requests in, planned or scripted bytes out."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from typing import TYPE_CHECKING, Any, assert_never

from tests.upstream.plans import Plan
from tests.upstream.records import Recorded
from tests.upstream.steps import (
    Close,
    HalfClose,
    Hang,
    Pause,
    Reset,
    Send,
    Step,
    Trickle,
    WaitFor,
    chunk,
    done,
    head,
    json_answer,
    sse,
)

if TYPE_CHECKING:
    from tests.upstream.server import Upstream

_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")
_BATCH = 64  # unthrottled deltas written at once


class Connection(asyncio.Protocol):
    """Keep-alive HTTP/1.1 without pipelining."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._transport: asyncio.Transport
        self._buffer = b""
        self._task: asyncio.Task[None] | None = None
        self._record: Recorded | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]
        self._upstream.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._upstream.lost(self)
        if self._record is not None:
            self._record.mark_closed()
        if self._task is not None:
            self._task.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def abort(self) -> None:
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next_request()

    def _next_request(self) -> None:
        if self._buffer.startswith(b"\x16\x03"):  # TLS where none is spoken: say so as real servers do
            self._transport.write(head(400, content_length=0))
            self._transport.close()
            return
        if self._task is not None and not self._task.done():
            return
        top, separator, rest = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(top)
        chunked = b"transfer-encoding: chunked" in top.lower()
        size = int(length[1]) if length else 0
        if chunked and separator:
            if not rest.endswith(b"0\r\n\r\n"):
                return
            size = len(rest)
        if not separator or len(rest) < size:
            return
        body, self._buffer = rest[:size], rest[size:]
        first, *lines = top.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        path, _, query = target.partition("?")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        self._record = Recorded(method, path, query, headers, body)
        self._upstream.requests.append(self._record)
        self._task = asyncio.get_running_loop().create_task(self._answer(self._record))
        self._task.add_done_callback(self._answered)

    def _answered(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            return
        if task.exception() is not None:
            self.abort()
            return
        if self._record is not None:
            self._record.ended.set()
        self._record = self._task = None
        if not self._transport.is_closing():
            self._next_request()

    async def _answer(self, record: Recorded) -> None:
        key = self._upstream.key
        script = self._upstream.next_script(record.path)
        if script is not None:
            await self._play(script)
        elif key is not None and record.headers.get("authorization") != f"Bearer {key}":
            await self._play(_error(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"))
        elif (record.method, record.path) == ("GET", "/v1/models"):
            rows = [{"id": name, "object": "model", "created": 1, "owned_by": "test"} for name in self._upstream.models]
            await self._play(json_answer({"object": "list", "data": rows}))
        elif (record.method, record.path) == ("POST", "/v1/chat/completions") and isinstance(record.json, dict):
            await self._chat(record, record.json, Plan.of(record.json))
        else:
            message = f"Invalid URL ({record.method} {record.path})"
            await self._play(_error(404, message, "invalid_request_error", None))

    async def _chat(self, record: Recorded, request: dict[str, Any], plan: Plan) -> None:
        ident = f"chatcmpl-{len(self._upstream.requests)}"
        if plan.error:
            await self._play(_error(plan.error, f"The model's name asked for {plan.error}.", "test_error", None))
        elif request.get("stream"):
            await self._stream(record, request, plan, ident)
        else:
            await asyncio.sleep(plan.delay_ms / 1000)
            if plan.hang_after:
                await self._play([Hang()])
            steps = json_answer(plan.whole(ident, request), x_request_id=ident)
            await self._play([Send(steps[0].data[:-10]), Reset()] if plan.drop_after else steps)  # type: ignore[union-attr]

    async def _stream(self, record: Recorded, request: dict[str, Any], plan: Plan, ident: str) -> None:
        """Paced by the clock, not by sleeps: who falls behind catches up."""
        loop = asyncio.get_running_loop()
        await self._write(head(content_type="text/event-stream", transfer_encoding="chunked", x_request_id=ident))
        first = {"index": 0, "delta": {"role": "assistant", "content": ""}, "finish_reason": None}
        await self._write(chunk(sse(plan.chunk(ident, [first]))))
        due = loop.time() + plan.delay_ms / 1000
        await asyncio.sleep(plan.delay_ms / 1000)
        waiting: list[bytes] = []
        for delta in plan.deltas():
            choice = {"index": 0, "delta": delta, "finish_reason": None}
            waiting.append(chunk(sse(plan.chunk(ident, [choice]))))
            record.deltas += 1
            stops = record.deltas in (plan.drop_after, plan.hang_after)
            if plan.rate or stops or len(waiting) >= _BATCH:
                await self._write(b"".join(waiting))
                waiting.clear()
            if stops:
                await self._play([Hang()] if record.deltas == plan.hang_after else [Close()])
            if plan.rate:
                due += 1 / plan.rate
                await asyncio.sleep(max(0.0, due - loop.time()))
        last = {"index": 0, "delta": {}, "finish_reason": plan.finish}
        waiting.append(chunk(sse(plan.chunk(ident, [last]))))
        if plan.usage and (request.get("stream_options") or {}).get("include_usage"):
            waiting.append(chunk(sse(plan.chunk(ident, [], usage=plan.usage_for(request)))))
        await self._write(b"".join(waiting) + chunk(done()) + b"0\r\n\r\n")

    async def _write(self, data: bytes) -> None:
        self._transport.write(data)
        await self._writable.wait()

    async def _play(self, steps: list[Step]) -> None:
        for step in steps:
            match step:
                case Send(data):
                    await self._write(data)
                case Pause(seconds):
                    await asyncio.sleep(seconds)
                case Trickle(data, size, seconds):
                    for start in range(0, len(data), size):
                        await self._write(data[start : start + size])
                        await asyncio.sleep(seconds)
                case WaitFor(event):
                    while not event.is_set():
                        await asyncio.sleep(0.005)
                case _:
                    self._stop(step)
                    await asyncio.Event().wait()  # until the connection is lost

    def _stop(self, step: Hang | HalfClose | Reset | Close) -> None:
        match step:
            case Hang():
                pass
            case HalfClose():
                self._transport.write_eof()
            case Reset():
                self._end_here()
                sock: socket.socket = self._transport.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._transport.abort()
            case Close():
                self._end_here()
                self._transport.close()
            case _:
                assert_never(step)

    def _end_here(self) -> None:
        """It is we who end the answer, so the client has not `closed` it."""
        if self._record is not None:
            self._record.ended.set()


def _error(status: int, message: str, kind: str, code: str | None) -> list[Step]:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return json_answer({"error": error}, status, x_request_id="req-test")
