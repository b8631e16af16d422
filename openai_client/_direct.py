"""A transport over bare asyncio for HTTP/1.1: what streams of tiny chunks need, and nothing else.

Why not the stock transport: reading one paced chunk through it costs several times the rest of the way to the reader's
delta (tests/bench/reading.py). It raises the same httpx exceptions.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import weakref
from typing import Self

import httpx

from openai_client._connection import READ_SIZE, Connection, Origin
from openai_client._dial import CheckAddress, Dialer
from openai_client._proxy import Proxy

KEPT_CONNECTIONS = 100  # idle ones of one server
_BAD_VALUE = re.compile(rb"[\r\n\0]")


class DirectTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over asyncio. Any number of connections; idle ones are kept for `keepalive_seconds`.

    `check_address`, if given, is called with every IP address before it is connected to, and may raise an
    httpx.ConnectError to forbid it: after the name was resolved, so no second look-up can change the answer.
    `proxy` is the address of an outbound HTTP or SOCKS5 proxy (ValueError for what is none); then it is the proxy's
    addresses that are checked. A connection is used again only in the event loop it was made in.
    """

    def __init__(
        self,
        *,
        verify: bool | ssl.SSLContext = True,
        keepalive_seconds: float = 30.0,
        check_address: CheckAddress | None = None,
        proxy: str | None = None,
    ) -> None:
        self._dialer = Dialer(verify=verify, check_address=check_address, proxy=proxy)
        self._keepalive = keepalive_seconds
        self._idle: dict[Origin, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._buffers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview] = weakref.WeakKeyDictionary()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *ended: object) -> None:
        await self.aclose()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = _origin(request)
        head = _head(request, self._dialer.proxy)
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

    def give_back(self, connection: Connection) -> None:
        """An answer was read to its end and the connection may carry another."""
        idle = self._idle.setdefault(connection.origin, [])
        if len(idle) >= KEPT_CONNECTIONS:
            connection.abort()
            return
        idle.append(connection)
        connection.rest(self._keepalive)

    def forget(self, connection: Connection) -> None:
        """The connection is gone."""
        self._open.discard(connection)
        idle = self._idle.get(connection.origin, [])
        if connection in idle:
            idle.remove(connection)

    def _reused(self, origin: Origin) -> Connection | None:
        loop = asyncio.get_running_loop()
        idle = self._idle.get(origin, [])
        connection = next((one for one in reversed(idle) if one.loop is loop), None)
        if connection is not None:
            idle.remove(connection)
            connection.wake()
        return connection

    async def _connect(self, origin: Origin, request: httpx.Request) -> Connection:
        timeout = request.extensions.get("timeout", {}).get("connect")
        try:
            async with asyncio.timeout(timeout):
                connection = await self._dialer.connect(origin, lambda: Connection(self, origin, self._buffer()))
        except TimeoutError as error:
            raise httpx.ConnectTimeout("no connection in time", request=request) from error
        except OSError as error:  # DNS, refused, unreachable and TLS alike
            raise httpx.ConnectError(str(error), request=request) from error
        self._open.add(connection)
        return connection

    def _buffer(self) -> memoryview:
        """Where the connections of this loop read into."""
        loop = asyncio.get_running_loop()
        if loop not in self._buffers:
            self._buffers[loop] = memoryview(bytearray(READ_SIZE))
        return self._buffers[loop]


def _origin(request: httpx.Request) -> Origin:
    url = request.url
    if url.scheme not in {"http", "https"} or not url.host:
        raise httpx.UnsupportedProtocol("neither http nor https", request=request)
    if url.port is not None and not 0 < url.port < 65_536:
        raise httpx.UnsupportedProtocol("no such port", request=request)
    return url.scheme, url.raw_host.decode("ascii").strip("[]"), url.port or (443 if url.scheme == "https" else 80)


def _head(request: httpx.Request, proxy: Proxy | None) -> bytes:
    """The request line and headers. Raises httpx.LocalProtocolError for what would break out of its line."""
    url = request.url
    asks_proxy = proxy is not None and not proxy.socks and url.scheme == "http"  # otherwise there is a tunnel
    target = b"http://" + url.netloc + url.raw_path if asks_proxy else url.raw_path
    lines = [request.method.encode("ascii") + b" " + target + b" HTTP/1.1"]
    for name, value in request.headers.raw:
        if _BAD_VALUE.search(name + value) or b":" in name or b" " in name or not name:
            raise httpx.LocalProtocolError("a header that cannot be sent", request=request)
        lines.append(name + b": " + value)
    login = proxy.authorization if proxy is not None and asks_proxy else b""
    return b"\r\n".join(lines) + b"\r\n" + login + b"\r\n"
