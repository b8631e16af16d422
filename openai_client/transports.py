"""Ways to reach an upstream: over the network, or in process into an ASGI application."""

from __future__ import annotations

import asyncio
import contextvars
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import httpx

from openai_client._dial import AddressForbidden
from openai_client._direct import DirectTransport

__all__ = ["AddressForbidden", "DirectTransport", "StreamingASGITransport", "default_transport"]

PATIENCE = 5.0  # seconds for an application that was hung up on to end its task

Message = MutableMapping[str, Any]
ASGIApp = Callable[
    [MutableMapping[str, Any], Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]


def default_transport(
    *,
    proxy: str | None = None,
    verify: bool | ssl.SSLContext = True,
    keepalive_seconds: float = 30.0,
    check_address: Callable[[str], None] | None = None,
) -> httpx.AsyncBaseTransport:
    """The transport a Client uses when none is given: any number of connections, idle ones kept for
    `keepalive_seconds`; chosen by measurement (tests/bench/reading.py).

    `proxy` is the address of an outbound HTTP or SOCKS5 proxy (A9, A10), ValueError for what is none. `check_address`
    is called with every IP address before it is connected to and may raise httpx.ConnectError, best AddressForbidden;
    with a proxy these are the proxy's own, because it is the proxy that connects to the server.
    """
    return DirectTransport(verify=verify, keepalive_seconds=keepalive_seconds, check_address=check_address, proxy=proxy)


class StreamingASGITransport(httpx.AsyncBaseTransport):
    """Calls an ASGI application in process and gives its answer on piece by piece, as it is sent.

    (httpx.ASGITransport gathers the whole answer first.) At most `buffered_pieces` wait unread, then the application
    waits: back-pressure. Closing the answer is what a hang-up is on the network: the application gets http.disconnect
    and is cancelled. An application that raises is an upstream that breaks off.
    """

    def __init__(self, app: ASGIApp, *, buffered_pieces: int = 16) -> None:
        self._app = app
        self._buffered_pieces = buffered_pieces

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        exchange = _Exchange(await _body_of(request), self._buffered_pieces, request.extensions.get("alive", bool))
        exchange.start(self._app, _scope(request))
        try:
            status, headers = await exchange.started
        except BaseException:  # cancelled while waiting: the application must not go on alone
            await exchange.aclose()
            raise
        return httpx.Response(status, headers=headers, stream=_Body(exchange), request=request)


async def _body_of(request: httpx.Request) -> bytes | AsyncIterator[bytes]:
    """What lies in memory at once; what comes from a disk piece by piece, as the application takes it."""
    if isinstance(request.stream, httpx.ByteStream):
        return await request.aread()
    assert isinstance(request.stream, httpx.AsyncByteStream)
    return aiter(request.stream)


class _Exchange:
    """One request in the application: its task, and the pieces on their way between the two."""

    def __init__(self, body: bytes | AsyncIterator[bytes], buffered_pieces: int, alive: Callable[[], object]) -> None:
        self._body: bytes | AsyncIterator[bytes] | None = body
        self._alive = alive
        self._room = buffered_pieces
        self._pieces: deque[bytes] = deque()
        self._changed = asyncio.Event()  # a piece came, or the end: for the reader
        self._emptier = asyncio.Event()  # the reader took something: for the application
        self._gone = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self.started: asyncio.Future[tuple[int, list[tuple[bytes, bytes]]]] = asyncio.get_running_loop().create_future()

    def start(self, app: ASGIApp, scope: dict[str, Any]) -> None:
        async def run() -> None:
            await app(scope, self._receive, self._send)

        # A fresh context: a task born in a request would inherit the framework's thread-sensitive one.
        self._task = asyncio.get_running_loop().create_task(run(), context=contextvars.Context())
        self._task.add_done_callback(self._left)

    async def read(self) -> bytes | None:
        """The next piece, None at the end. Raises httpx.RemoteProtocolError when the application broke."""
        while not self._pieces:
            if self._ended:
                return None
            if self._task is not None and self._task.done():
                raise httpx.RemoteProtocolError(_broke(self._task))
            self._changed.clear()
            await self._changed.wait()
        self._emptier.set()
        return self._pieces.popleft()

    async def aclose(self) -> None:
        """Hangs up and waits until the application has let go."""
        self._gone.set()
        task = self._task
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=PATIENCE)

    async def _receive(self) -> Message:
        if isinstance(self._body, bytes):
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if self._body is not None:
            piece = await anext(self._body, None)
            self._alive()
            if piece is None:
                self._body = None
            return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self.started.done():
            self.started.set_result((message["status"], list(message.get("headers", []))))
        elif message["type"] == "http.response.body" and not self._ended:
            while len(self._pieces) >= self._room:
                self._emptier.clear()
                await self._emptier.wait()
            if message.get("body"):
                self._pieces.append(message["body"])
            self._ended = not message.get("more_body")
            self._changed.set()

    def _left(self, task: asyncio.Task[None]) -> None:
        """The application returned or raised."""
        if not self.started.done():
            self.started.set_exception(httpx.RemoteProtocolError(_broke(task)))
        elif not task.cancelled():
            task.exception()  # looked at: read() tells it
        self._changed.set()


def _broke(task: asyncio.Task[None]) -> str:
    error = None if task.cancelled() else task.exception()
    return (
        f"the application broke off: {type(error).__name__}" if error else "the application ended its answer too early"
    )


class _Body(httpx.AsyncByteStream):
    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (piece := await self._exchange.read()) is not None:
            yield piece

    async def aclose(self) -> None:
        await self._exchange.aclose()


def _scope(request: httpx.Request) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (request.url.host, request.url.port or 80),
    }
