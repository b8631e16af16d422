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
import weakref
from collections.abc import Callable
from typing import Self

import httpx

from openai_client._connection import READ_SIZE, Connection, Origin

KEPT_CONNECTIONS = 100  # idle ones of one server
PER_ADDRESS = 3.0  # seconds for one of several addresses of a server
_BAD_VALUE = re.compile(rb"[\r\n\0]")


class DirectTransport(httpx.AsyncBaseTransport):
    """HTTP/1.1 over asyncio. Any number of connections; idle ones are kept for `keepalive_seconds`.

    `check_address`, if given, is called with every IP address before it is connected to, and may raise an
    httpx.ConnectError to forbid it: after the name was resolved, so no second look-up can change the answer.
    A connection is used again only in the event loop it was made in.
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
        self._idle: dict[Origin, list[Connection]] = {}
        self._open: set[Connection] = set()
        self._buffers: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview] = weakref.WeakKeyDictionary()

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
                connection = await self._dial(origin)
        except TimeoutError as error:
            raise httpx.ConnectTimeout("no connection in time", request=request) from error
        except OSError as error:  # DNS, refused, unreachable and TLS alike
            raise httpx.ConnectError(str(error), request=request) from error
        self._open.add(connection)
        return connection

    async def _dial(self, origin: Origin) -> Connection:
        """The first address that answers."""
        scheme, host, port = origin
        loop = asyncio.get_running_loop()
        addresses = await _addresses(host, port)
        if self._check_address is not None:
            for address in addresses:
                self._check_address(address)
        buffer = self._buffers.setdefault(loop, memoryview(bytearray(READ_SIZE)))
        secure = self._tls() if scheme == "https" else None
        for number, address in enumerate(addresses, start=1):
            try:
                async with asyncio.timeout(None if number == len(addresses) else PER_ADDRESS):
                    _, connection = await loop.create_connection(
                        lambda: Connection(self, origin, buffer),
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
