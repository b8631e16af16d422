"""The benchmark's upstream: numbered words, each with the time at which it left, paced by one timer for all streams.

    python -m tests.bench.upstream

prints its address and answers until it is ended. The model's name chooses the answer as in tests/upstream/plans.py
(tokens, rate, delay): `bench-t200-r50`. A word reads `w0001@<time.time_ns()> `: who has seen 1 to N in order has lost,
doubled and reordered nothing, and arrival minus stamp is all that lies between. A stream that falls behind, because its
reader does or because this process does, catches up; nothing is skipped.
"""

from __future__ import annotations

import asyncio
import heapq
import json
import re
import time
from typing import Any

from tests.bench.processes import many_files
from tests.upstream.plans import Plan

TICK_SECONDS = 0.001  # how often due words are written: a word may leave this much late, its stamp says when it left
AT_ONCE = 64  # words of an unthrottled stream before another stream has its turn
_LENGTH = re.compile(rb"(?i)\r\ncontent-length:\s*(\d+)")
_HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n"
)


def _piece(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


class Stream:
    """One answer on its way."""

    __slots__ = ("_after", "_before", "connection", "due", "interval", "left", "number", "tail")

    def __init__(self, connection: Connection, request: dict[str, Any], plan: Plan) -> None:
        self.connection = connection
        self.number, self.left = 0, plan.tokens
        self.interval = 1 / plan.rate if plan.rate else 0.0
        self.due = time.monotonic() + plan.delay_ms / 1000
        whole = plan.chunk("chatcmpl-bench", [], system_fingerprint="fp_bench")
        envelope = json.dumps({**whole, "choices": None}, separators=(",", ":")).encode()
        before, _, after = envelope.partition(b'"choices":null')
        self._before = b"data: " + before + b'"choices":[{"index":0,"delta":{"content":"'
        self._after = b'"},"logprobs":null,"finish_reason":null}]' + after + b"\n\n"
        last = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": "stop"}
        self.tail = _piece(_event({**whole, "choices": [last]}))
        if (request.get("stream_options") or {}).get("include_usage"):
            self.tail += _piece(_event({**whole, "usage": plan.usage_for(request)}))
        self.tail += _piece(b"data: [DONE]\n\n") + b"0\r\n\r\n"
        first = {"index": 0, "delta": {"role": "assistant", "content": ""}, "logprobs": None, "finish_reason": None}
        connection.transport.write(_HEAD + _piece(_event({**whole, "choices": [first]})))

    def write(self, count: int) -> None:
        """The next words, each a chunk of its own; the end with the last."""
        count = min(count, self.left)
        self.left -= count
        pieces = []
        for number in range(self.number + 1, self.number + count + 1):
            word = b"w%04d@%d " % (number, time.time_ns())
            pieces.append(_piece(self._before + word + self._after))
        self.number += count
        if not self.left:
            pieces.append(self.tail)
        self.connection.transport.write(b"".join(pieces))


def _event(value: Any) -> bytes:
    return b"data: " + json.dumps(value, separators=(",", ":")).encode() + b"\n\n"


class Pacer:
    """Writes what is due, for all streams."""

    def __init__(self) -> None:
        self._paced: list[tuple[float, int, Stream]] = []
        self._unthrottled: list[Stream] = []
        self._work = asyncio.Event()
        self._serial = 0

    def add(self, stream: Stream) -> None:
        if stream.interval:
            self._later(stream)
        else:
            self._unthrottled.append(stream)
        self._work.set()

    def _later(self, stream: Stream) -> None:
        self._serial += 1
        heapq.heappush(self._paced, (stream.due, self._serial, stream))

    async def run(self) -> None:
        """For ever; sleeps while there is nothing to write."""
        while True:
            if not (self._paced or self._unthrottled):
                self._work.clear()
                await self._work.wait()
            self._write_due(time.monotonic())
            ready = [stream for stream in self._unthrottled if stream.connection.has_room]
            for stream in ready:
                stream.write(AT_ONCE)
            self._unthrottled = [stream for stream in self._unthrottled if self._goes_on(stream)]
            await asyncio.sleep(0 if ready else TICK_SECONDS)

    def _write_due(self, now: float) -> None:
        while self._paced and self._paced[0][0] <= now:
            stream = heapq.heappop(self._paced)[2]
            if stream.connection.has_room:
                stream.write(1)
                stream.due += stream.interval
            else:
                stream.due = now + TICK_SECONDS
            if self._goes_on(stream):
                self._later(stream)

    def _goes_on(self, stream: Stream) -> bool:
        if stream.left and not stream.connection.gone:
            return True
        stream.connection.over()
        return False


class Connection(asyncio.Protocol):
    """Keep-alive HTTP/1.1 without pipelining."""

    transport: asyncio.Transport

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._buffer = b""
        self._busy = False
        self.has_room = True
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        self.gone = True

    def pause_writing(self) -> None:
        self.has_room = False

    def resume_writing(self) -> None:
        self.has_room = True

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next()

    def over(self) -> None:
        """The answer is written: the next request may come."""
        self._busy = False
        self._next()

    def _next(self) -> None:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if self._busy or not found or len(rest) < size:
            return
        body, self._buffer = rest[:size], rest[size:]
        if head.startswith(b"POST"):
            request = json.loads(body)
            self._busy = True
            self._pacer.add(Stream(self, request, Plan.of(request)))
            return
        listed = json.dumps({"object": "list", "data": [{"id": "bench", "object": "model", "owned_by": "bench"}]})
        self.transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
            % (len(listed), listed.encode())
        )


async def serve() -> None:
    """Answer until the process is ended."""
    pacer = Pacer()
    server = await asyncio.get_running_loop().create_server(lambda: Connection(pacer), "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await pacer.run()


if __name__ == "__main__":
    many_files()
    asyncio.run(serve())
