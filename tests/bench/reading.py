"""What reading one paced chunk costs the client's core, by transport.

    python -m tests.bench.reading [--streams 50] [--tokens 200] [--rate 50] [--rounds 3]

An upstream in a process of its own sends one chunk per packet, as models do. Counted is the CPU time of this process
(so a busy machine matters little), per delta that came out of the client. The floor is a bare asyncio protocol that
only counts bytes; the reader alone is bytes to deltas without any network. Optional transports are measured where their
package is importable.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import importlib
import multiprocessing
import statistics
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from urllib.parse import urlsplit

import httpx

import openai_client as oc
from openai_client._chat import ChatReader
from openai_client.transports import default_transport
from tests.upstream import Upstream, text_chunk

MESSAGES = [{"role": "user", "content": "hi"}]


def serve(pipe: Connection) -> None:
    """The upstream's process."""
    with Upstream() as upstream:
        pipe.send(upstream.url)
        pipe.recv()


async def through_client(url: str, transport: httpx.AsyncBaseTransport, model: str, streams: int) -> int:
    """Reads that many streams at once; the number of deltas."""

    async def one(client: oc.Client) -> int:
        count = 0
        async with client.stream_chat({"model": model, "messages": MESSAGES}) as stream:
            async for _ in stream:
                count += 1
        return count

    async with oc.Client(url, transport=transport) as client:
        return sum(await asyncio.gather(*(one(client) for _ in range(streams))))


class Counter(asyncio.BufferedProtocol):
    """The floor: asks, counts the data lines that come, parses nothing."""

    def __init__(self, request: bytes, over: asyncio.Future[int]) -> None:
        self._request = request
        self._over = over
        self._count = 0
        self._buffer = memoryview(bytearray(64 * 1024))

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        transport.write(self._request)  # type: ignore[attr-defined]

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._buffer[:nbytes])
        self._count += data.count(b"data:")
        if data.endswith(b"0\r\n\r\n"):
            self._transport.close()
            self._over.set_result(self._count)


async def floor(url: str, model: str, streams: int) -> int:
    """The same streams through bare protocols."""
    loop = asyncio.get_running_loop()
    address = urlsplit(url)
    body = b'{"model":"%b","messages":[],"stream":true}' % model.encode()
    request = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)
    over: list[asyncio.Future[int]] = [loop.create_future() for _ in range(streams)]
    for future in over:
        await loop.create_connection(partial(Counter, request, future), str(address.hostname), address.port or 80)
    return sum(await asyncio.gather(*over))


def reader_alone(count: int = 20_000) -> float:
    """Seconds of CPU per delta from bytes to TextDelta."""
    pieces = [text_chunk(f"w{number:04d} ") for number in range(count)]
    reader = ChatReader(dialect=oc.Dialect(), limits=oc.SizeLimits(), headers={})
    start = time.process_time()
    deltas = sum(len(reader.feed(piece)) for piece in pieces)
    assert deltas == count
    return (time.process_time() - start) / count


def candidates() -> dict[str, Callable[[], httpx.AsyncBaseTransport]]:
    """Transports by name."""
    found: dict[str, Callable[[], httpx.AsyncBaseTransport]] = {
        "default": default_transport,
        "httpx": lambda: httpx.AsyncHTTPTransport(limits=httpx.Limits(max_connections=None)),
    }
    with contextlib.suppress(ImportError):
        found["httpx-aiohttp"] = importlib.import_module("httpx_aiohttp").AiohttpTransport
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("streams", 50), ("tokens", 200), ("rate", 50), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    url = ours.recv()
    model = f"any-t{options.tokens}-r{options.rate}"
    costs: dict[str, list[float]] = {}
    for _ in range(options.rounds):  # alternating, so that a busy moment hits all alike
        for name, make in candidates().items():
            start = time.process_time()
            count = asyncio.run(through_client(url, make(), model, options.streams))
            costs.setdefault(name, []).append((time.process_time() - start) / count)
        start = time.process_time()
        count = asyncio.run(floor(url, model, options.streams))
        costs.setdefault("floor", []).append((time.process_time() - start) / count)
        costs.setdefault("reader alone", []).append(reader_alone())
    ours.send(None)
    process.join(5)
    print(f"{options.streams} streams at {options.rate}/s; microseconds of CPU per chunk, median of {options.rounds}")
    for name, seconds in sorted(costs.items(), key=lambda item: statistics.median(item[1])):
        middle = statistics.median(seconds) * 1e6
        print(f"{name:16} {middle:7.1f}   ({1e6 / middle:9,.0f} chunks/s on one core)")


if __name__ == "__main__":
    main()
