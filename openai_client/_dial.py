"""Connections as they are made: names resolved, every address checked, TLS, and an outbound proxy if there is one."""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import httpx

from openai_client._connection import Origin
from openai_client._proxy import Opening, Proxy, Tunnel
from openai_client._socks import SocksTunnel

# Threads of their own: a name whose server does not answer holds one for half a minute, and the loop has only a few.
_LOOK_UPS = ThreadPoolExecutor(32, thread_name_prefix="look-up")
PER_ADDRESS = 3.0  # seconds for one of several addresses of a server

CheckAddress = Callable[[str], None]
P = TypeVar("P", bound=asyncio.BaseProtocol)


class AddressForbidden(httpx.ConnectError):
    """An address that must not be connected to; a Client makes it a ConnectionFailed with the reason "forbidden"."""


class Dialer:
    """Connects protocols to servers. Raises OSError (names, refusals and TLS alike) or an httpx.ConnectError.

    `check_address` sees every address that a name has, before one of them is connected to; with a proxy these are the
    proxy's, for it is the proxy that connects to the server.
    """

    def __init__(self, *, verify: bool | ssl.SSLContext, check_address: CheckAddress | None, proxy: str | None) -> None:
        self._verify = verify
        self._check_address = check_address
        self.proxy = None if proxy is None else Proxy.parse(proxy)

    async def connect(self, origin: Origin, make: Callable[[], P]) -> P:
        """A protocol from `make` with a connection over which requests for `origin` can be sent."""
        scheme, host, port = origin
        if self.proxy is None:
            return await self._reach(host, port, make, secure=scheme == "https")
        if scheme == "http" and not self.proxy.socks:
            return await self._to_proxy(self.proxy, make)
        return await self._through(self.proxy, origin, make)

    async def _to_proxy(self, proxy: Proxy, make: Callable[[], P]) -> P:
        try:
            return await self._reach(proxy.host, proxy.port, make, secure=proxy.secure)
        except OSError as error:
            raise httpx.ProxyError("it cannot be reached") from error

    async def _through(self, proxy: Proxy, origin: Origin, make: Callable[[], P]) -> P:
        scheme, host, port = origin
        way = SocksTunnel if proxy.socks else Tunnel
        tunnel: Opening = await self._to_proxy(proxy, lambda: way(proxy, host, port))
        try:
            transport = await tunnel.opened
            protocol = make()
            if scheme == "http":
                transport.set_protocol(protocol)
                protocol.connection_made(transport)
                transport.resume_reading()
                return protocol
            loop = asyncio.get_running_loop()
            secured = await loop.start_tls(transport, protocol, self._tls(), server_hostname=host)
        except BaseException:
            tunnel.abort()
            raise
        if secured is None:
            raise ConnectionResetError("closed during the handshake")
        protocol.connection_made(secured)
        return protocol

    async def _reach(self, host: str, port: int, make: Callable[[], P], *, secure: bool) -> P:
        """The first address that answers."""
        loop = asyncio.get_running_loop()
        addresses = await _addresses(host, port)
        if self._check_address is not None:
            for address in addresses:
                self._check_address(address)
        context = self._tls() if secure else None
        for number, address in enumerate(addresses, start=1):
            last = number == len(addresses)
            try:
                async with asyncio.timeout(None if last else PER_ADDRESS):
                    _, protocol = await loop.create_connection(
                        make, address, port, ssl=context, server_hostname=host.rstrip(".") if context else None
                    )
                return protocol
            except OSError:  # TimeoutError is one
                if last:
                    raise
        raise httpx.ConnectError("the name has no address")

    def _tls(self) -> ssl.SSLContext:
        return self._verify if isinstance(self._verify, ssl.SSLContext) else _context(self._verify)


@functools.cache
def _context(verify: bool) -> ssl.SSLContext:
    """One for all: reading the trusted certificates takes 20 ms and half a megabyte."""
    return httpx.create_ssl_context(verify=verify)


async def _addresses(host: str, port: int) -> list[str]:
    """The IP addresses of a host, in the resolver's order."""
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    look_up = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(_LOOK_UPS, look_up)
    return list(dict.fromkeys(str(info[4][0]) for info in found))
