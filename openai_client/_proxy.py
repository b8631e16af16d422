"""An outbound proxy: where it is, and the tunnel that an HTTP one is asked for (A9, A10; RFC 9110, 9.3.6)."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

import httpx

LONGEST_ANSWER = 64 * 1024  # bytes of a proxy's answer to CONNECT


_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


@dataclass(frozen=True, slots=True)
class Proxy:
    """Where a proxy is and what it wants to hear. `login` is its name and password, or nothing."""

    host: str
    port: int
    secure: bool = False
    socks: bool = False
    login: tuple[bytes, bytes] | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, address: str) -> Proxy:
        """From `http://[user:password@]host[:port]`, or https, or socks5. Raises ValueError for anything else."""
        parts = urlsplit(address.strip() if "://" in address else f"http://{address.strip()}")
        if parts.scheme not in _PORTS or not parts.hostname or re.search(r"[\s\0]", parts.netloc):
            raise ValueError("a proxy's address begins with http://, https:// or socks5:// and names a host")
        login = None
        if parts.username is not None:
            login = (unquote(parts.username).encode(), unquote(parts.password or "").encode())
        socks = parts.scheme.startswith("socks")
        if socks and login and not (0 < len(login[0]) < 256 and len(login[1]) < 256):
            raise ValueError("a SOCKS5 proxy's user name and password have at most 255 bytes each")
        host = parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
        return cls(host, parts.port or _PORTS[parts.scheme], parts.scheme == "https", socks, login)

    @property
    def authorization(self) -> bytes:
        """The header line that an HTTP proxy wants, or nothing."""
        if self.login is None or self.socks:
            return b""
        return b"Proxy-Authorization: Basic " + base64.b64encode(b":".join(self.login)) + b"\r\n"


class Opening(asyncio.Protocol):
    """A conversation with a proxy, until it has made a way: `opened` gives the transport that ends at the server.

    A kind of proxy has its first words, and reads what comes (`data_received`).
    """

    def __init__(self, first_words: bytes) -> None:
        self._first_words = first_words
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[asyncio.Transport] = asyncio.get_running_loop().create_future()

    def abort(self) -> None:
        """Give it up."""
        if self._transport is not None:
            self._transport.abort()
        if self.opened.done() and not self.opened.cancelled():
            self.opened.exception()  # looked at
        self.opened.cancel()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._first_words)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.opened.done():
            self._fail("it hung up")

    def _open(self, rest: bytes) -> None:
        """The way is there. `rest` came after the proxy's last word, when nobody had spoken to the server yet."""
        if rest:
            self._fail("it spoke before it was spoken to")
            return
        assert self._transport is not None
        self._transport.pause_reading()  # what comes now is for the next protocol
        self.opened.set_result(self._transport)

    def _fail(self, reason: str) -> None:
        self.opened.set_exception(httpx.ProxyError(reason))


class Tunnel(Opening):
    """Asks an HTTP proxy for a tunnel."""

    def __init__(self, proxy: Proxy, host: str, port: int) -> None:
        place = (f"[{host}]" if ":" in host else host) + f":{port}"
        line = f"CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n"
        super().__init__(line.encode("ascii") + proxy.authorization + b"\r\n")
        self._answer = b""

    def data_received(self, data: bytes) -> None:
        self._answer += data
        head, end, rest = self._answer.partition(b"\r\n\r\n")
        if self.opened.done() or (not end and len(self._answer) <= LONGEST_ANSWER):
            return
        status = re.match(rb"HTTP/1\.[01] (\d{3})", head)
        if not end or status is None:
            self._fail("it does not answer as a proxy does")
        elif status[1] == b"407":
            self._fail("it asks for a user name and a password")
        elif not status[1].startswith(b"2"):
            self._fail(f"it answered {status[1].decode()}")
        else:
            self._open(rest)
