"""A transport over bare asyncio for HTTP/1.1: what streams of tiny chunks need, and nothing else.

Why not the stock transport: reading one paced chunk through it costs several times the rest of the way to the reader's
delta (tests/bench/reading.py). It raises the same httpx exceptions. It has no proxies; default_transport() takes the
stock one for those.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import ssl
from collections import deque
from collections.abc import Callable
from typing import Self

import httpx

from openai_client._http1 import AnswerParser, MalformedError

HIGH_WATER = 256 * 1024  # bytes read ahead of the reader before the network has to wait
KEPT_CONNECTIONS = 100  # idle ones of one server
SMALL_BODY = 64 * 1024  # sent together with the head
PER_ADDRESS = 3.0  # seconds for one of several addresses of a server
_BAD_VALUE = re.compile(rb"[\r\n\0]")

Origin = tuple[str, str, int]


class DirectTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over asyncio. Any number of connections; idle ones are kept for `keepalive_seconds`.

    `check_address`, if given, is called with every IP address before it is connected to, and may raise an
    httpx.ConnectError to forbid it: after the name was resolved, so no second look-up can change the answer.
    Use it within one event loop.
    """

    def __init__(
        self,
        *,
        verify: bool | ssl.SSLContext = True,
        keepalive_seconds: float = 30.0,
        check_address: Callable[[str], None] | None = None,
    ) -> None:
        self._verify = verify
        self._keepalive = keepalive_seconds
        self._check_address = check_address
        self._context: ssl.SSLContext | None = None
        self._idle: dict[Origin, list[_Connection]] = {}
        self._open: set[_Connection] = set()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ended: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = _origin(request)
        head = _head(request)
        connection = self._reused(origin) or await self._connect(origin, request)
        try:
            return await connection.exchange(request, head)
        except BaseException:
            connection.abort()
            await asyncio.sleep(0)  # the socket is closed in the loop's next round: be sure that there is one
            raise

    async def aclose(self) -> None:
        for connection in list(self._open):
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)

    def give_back(self, connection: _Connection) -> None:
        """An answer was read to its end and the connection may carry another."""
        idle = self._idle.setdefault(connection.origin, [])
        if len(idle) >= KEPT_CONNECTIONS:
            connection.abort()
            return
        idle.append(connection)
        connection.rest(self._keepalive)

    def forget(self, connection: _Connection) -> None:
        """The connection is gone."""
        self._open.discard(connection)
        idle = self._idle.get(connection.origin, [])
        if connection in idle:
            idle.remove(connection)

    def _reused(self, origin: Origin) -> _Connection | None:
        idle = self._idle.get(origin, [])
        while idle:
            connection = idle.pop()
            if connection.wake():
                return connection
        return None

    async def _connect(self, origin: Origin, request: httpx.Request) -> _Connection:
        timeout = request.extensions.get("timeout", {}).get("connect")
        try:
            async with asyncio.timeout(timeout):
                connection = await self._dial(origin)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("no connection in time", request=request) from error
        except OSError as error:  # DNS, refused, unreachable and TLS alike
            raise httpx.ConnectError(str(error), request=request) from error
        self._open.add(connection)
        return connection

    async def _dial(self, origin: Origin) -> _Connection:
        """The first address that answers."""
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        addresses = await _addresses(host, port)
        if self._check_address is not None:
            for address in addresses:
                self._check_address(address)
        secure = self._tls() if scheme == "https" else None
        for number, address in enumerate(addresses, start=1):
            try:
                async with asyncio.timeout(None if number == len(addresses) else PER_ADDRESS):
                    _, connection = await loop.create_connection(
                        lambda: _Connection(self, origin),
                        address,
                        port,
                        ssl=secure,
                        server_hostname=host if secure else None,
                    )
                return connection
            except OSError:  # TimeoutError is one
                if number == len(addresses):
                    raise
        raise httpx.ConnectError("the name has no address")

    def _tls(self) -> ssl.SSLContext:
        if self._context is None:
            context = self._verify if isinstance(self._verify, ssl.SSLContext) else None
            self._context = context or httpx.create_ssl_context(verify=self._verify)
        return self._context


class _Connection(asyncio.Protocol):
    """One connection: busy with one answer, or resting."""

    def __init__(self, owner: DirectTransport, origin: Origin) -> None:
        self.origin = origin
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = AnswerParser()
        self._head: asyncio.Future[None] | None = None
        self._body: _Body | None = None
        self._sent = True
        self._writable: asyncio.Future[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._lost = False

    async def exchange(self, request: httpx.Request, head: bytes) -> httpx.Response:
        """Sends a request and waits for the head of its answer."""
        self._parser = AnswerParser()
        self._head = self._loop.create_future()
        body = self._body = _Body(self, self._loop)
        parser = self._parser
        answered = self._head
        sending = await self._send(request, head)
        if sending is not None:
            try:
                await asyncio.wait({sending, answered}, return_when=asyncio.FIRST_COMPLETED)
                if not answered.done():
                    sending.result()  # raises what stopped the upload
                    await answered
            finally:
                sending.cancel()
        await answered
        return httpx.Response(parser.status, headers=parser.headers, stream=body, request=request)

    async def _send(self, request: httpx.Request, head: bytes) -> asyncio.Task[None] | None:
        """Writes head and body; a long body goes on beside the waiting, because it may be refused half-way."""
        assert self._transport is not None
        length = int(request.headers.get("content-length", "0"))
        if length <= SMALL_BODY and "transfer-encoding" not in request.headers:
            self._transport.write(head + await request.aread())
            self._sent = True
            return None
        self._transport.write(head)
        self._sent = False
        return self._loop.create_task(self._upload(request))

    async def _upload(self, request: httpx.Request) -> None:
        assert self._transport is not None
        assert isinstance(request.stream, httpx.AsyncByteStream)
        alive = request.extensions.get("alive", bool)
        async for piece in request.stream:
            self._transport.write(piece)
            alive()
            if self._writable is not None:
                await self._writable
        self._sent = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        body = self._body
        if body is None:
            self.abort()  # bytes that nobody asked for
            return
        parser = self._parser
        try:
            pieces = parser.feed(data)
        except MalformedError as error:
            self._fail(httpx.RemoteProtocolError(f"malformed: {error}"))
            return
        if self._head is not None and parser.status:
            if not self._head.done():
                self._head.set_result(None)
            self._head = None
        for piece in pieces:
            body.put(piece)
        if parser.ended:
            self._ended(body)

    def eof_received(self) -> None:
        return None  # the transport closes, connection_lost follows

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        self._owner.forget(self)
        if self._expiry is not None:
            self._expiry.cancel()
        body = self._body
        if body is not None:
            if error is None and self._parser.close() and self._parser.status:
                self._ended(body)
            elif self._parser.status:
                self._fail(httpx.ReadError("the connection was lost"))
            else:
                self._fail(httpx.RemoteProtocolError("Server disconnected without sending a response."))
        self.resume_writing()

    def pause_writing(self) -> None:
        self._writable = self._loop.create_future()

    def resume_writing(self) -> None:
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def pause_reading(self) -> None:
        if self._transport is not None and not self._lost:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._transport is not None and not self._lost:
            self._transport.resume_reading()

    def rest(self, seconds: float) -> None:
        """Idle: closed after so many seconds, or when the server says anything."""
        self._expiry = self._loop.call_later(seconds, self.abort)

    def wake(self) -> bool:
        """Busy again; False for one left over from an event loop that is gone."""
        if self._loop is not asyncio.get_running_loop():
            return False
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        return True

    def abort(self) -> None:
        """Closes at once, without waiting for what is unsent."""
        self._body = None
        if self._transport is not None:
            self._transport.abort()

    def release(self, body: _Body) -> bool:
        """The reader is done with its answer; if it was not whole, the connection ends here."""
        if self._body is not body:
            return False
        self.abort()
        return True

    def _ended(self, body: _Body) -> None:
        self._body = None
        body.end(None)
        if self._lost or not self._parser.keeps_alive or self._parser.surplus or not self._sent:
            self.abort()
        else:
            self._owner.give_back(self)

    def _fail(self, error: httpx.TransportError) -> None:
        body, self._body = self._body, None
        if self._head is not None and not self._head.done():
            self._head.set_exception(error)
            self._head = None
        elif body is not None:
            body.end(error)
        self.abort()


class _Body(httpx.AsyncByteStream):
    """The pieces of one answer, waiting for their reader."""

    def __init__(self, connection: _Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._paused = False
        self._ended = False
        self._error: httpx.TransportError | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """All that has come since the last time, as one piece."""
        pieces = self._pieces
        if not pieces:
            if self._ended:
                self._raise()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
            if not pieces:
                self._raise()
        piece = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._paused:
            self._paused = False
            self._connection.resume_reading()
        return piece

    async def aclose(self) -> None:
        if self._connection.release(self):
            await asyncio.sleep(0)  # the socket is closed in the loop's next round: be sure that there is one

    def put(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > HIGH_WATER and not self._paused:
            self._paused = True
            self._connection.pause_reading()
        self._wake()

    def end(self, error: httpx.TransportError | None) -> None:
        self._ended = True
        self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error
        raise StopAsyncIteration


async def _addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the resolver's order."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(info[4][0]) for info in found))


def _origin(request: httpx.Request) -> Origin:
    url = request.url
    if url.scheme not in {"http", "https"} or not url.host:
        raise httpx.UnsupportedProtocol("neither http nor https", request=request)
    if url.port is not None and not 0 < url.port < 65_536:
        raise httpx.UnsupportedProtocol("no such port", request=request)
    return url.scheme, url.raw_host.decode("ascii").strip("[]"), url.port or (443 if url.scheme == "https" else 80)


def _head(request: httpx.Request) -> bytes:
    """The request line and headers. Raises httpx.LocalProtocolError for what would break out of its line."""
    lines = [request.method.encode("ascii") + b" " + request.url.raw_path + b" HTTP/1.1"]
    for name, value in request.headers.raw:
        if _BAD_VALUE.search(name + value) or b":" in name or b" " in name or not name:
            raise httpx.LocalProtocolError("a header that cannot be sent", request=request)
        lines.append(name + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"
