"""The way through a SOCKS5 proxy (RFC 1928, RFC 1929): the name goes to it as it is, and it looks it up."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable

import httpx

from openai_client._proxy import Opening, Proxy

_REPLIES = {1: "it failed", 2: "its rules forbid it", 3: "the network is unreachable", 4: "the host is unreachable"}
_REPLIES |= {5: "the server refuses connections", 6: "it took too long", 7: "it cannot connect", 8: "no such address"}
_PLAIN, _LOGIN = 0, 2  # methods of saying who one is
_ADDRESS_LENGTHS = {1: 4, 4: 16}  # of the address in its answer; 3 is a name, which says its own


class SocksTunnel(Opening):
    """Asks a SOCKS5 proxy for a connection."""

    def __init__(self, proxy: Proxy, host: str, port: int) -> None:
        self._login = proxy.login
        self._target = _address(host) + port.to_bytes(2, "big")
        self._read = b""
        self._stage = self._method
        methods = bytes([_PLAIN, _LOGIN]) if proxy.login else bytes([_PLAIN])
        super().__init__(bytes([5, len(methods)]) + methods)

    def data_received(self, data: bytes) -> None:
        self._read += data
        while not self.opened.done() and self._stage():
            pass

    def _method(self) -> bool:
        """Its choice of how we say who we are. Each stage tells whether it read something."""
        if len(self._read) < 2:
            return False
        version, method = self._take(2)
        if version != 5:
            self._fail("it does not answer as a SOCKS5 proxy does")
        elif method == _LOGIN and self._login:
            name, password = self._login
            self._say(bytes([1, len(name)]) + name + bytes([len(password)]) + password, self._admitted)
        elif method == _PLAIN:
            self._ask()
        else:
            self._fail("it asks for a user name and a password")
        return True

    def _admitted(self) -> bool:
        if len(self._read) < 2:
            return False
        if self._take(2)[1] == 0:
            self._ask()
        else:
            self._fail("it refuses the user name and the password")
        return True

    def _ask(self) -> None:
        self._say(b"\x05\x01\x00" + self._target, self._answered)

    def _answered(self) -> bool:
        if len(self._read) < 5:
            return False
        reply, kind = self._read[1], self._read[3]
        length = 7 + self._read[4] if kind == 3 else 6 + _ADDRESS_LENGTHS.get(kind, 0)
        if self._read[0] != 5 or (kind != 3 and kind not in _ADDRESS_LENGTHS and reply == 0):
            self._fail("it does not answer as a SOCKS5 proxy does")
        elif reply:
            self._fail(_REPLIES.get(reply, f"it answered {reply}"))
        elif len(self._read) < length:
            return False
        else:
            self._open(self._read[length:])
        return True

    def _take(self, count: int) -> bytes:
        taken, self._read = self._read[:count], self._read[count:]
        return taken

    def _say(self, data: bytes, then: Callable[[], bool]) -> None:
        assert self._transport is not None
        self._transport.write(data)
        self._stage = then


def _address(host: str) -> bytes:
    """A host as SOCKS5 writes it: an address by its bytes, a name by its letters."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = host.encode("ascii")
        if len(name) > 255:
            raise httpx.UnsupportedProtocol("a host's name has at most 255 letters") from None
        return bytes([3, len(name)]) + name
    return bytes([1 if address.version == 4 else 4]) + address.packed
