"""The light client: one HTTP request, one event stream, one websocket, over bare asyncio.

A client that costs as much as the server measures itself. Bytes are kept with the time at which they came, and are
looked at when the load is over; tests/project/test_bench.py holds the websocket against another implementation.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import struct
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

READ_SIZE = 256 * 1024
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_NO_MASK = b"\0\0\0\0"  # a mask is asked for; one of zeros is one, and spares the work
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class ClosedEarly(Exception):
    """The other side ended, or answered what nobody can use."""


def _head(method: str, path: str, host: str, headers: Mapping[str, str]) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def post(url: str, path: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any]:
    """Send JSON over a connection of its own; status and JSON of the answer."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        data = json.dumps(body).encode()
        own = {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close"}
        writer.write(_head("POST", path, address.netloc, {**headers, **own}) + data)
        head, _, answer = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    if not head:
        raise ClosedEarly("no answer")
    return int(head.split(b" ", 2)[1]), json.loads(answer) if answer.startswith((b"{", b"[")) else None


class _Reader(asyncio.BufferedProtocol):
    """Reads into one buffer for all, which is emptied in the same turn."""

    _shared = memoryview(bytearray(READ_SIZE))

    def __init__(self) -> None:
        self.over: asyncio.Future[bool] = asyncio.get_running_loop().create_future()  # whether it ended as it should
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._shared

    def buffer_updated(self, nbytes: int) -> None:
        self.came(time.time_ns(), bytes(self._shared[:nbytes]))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(False)

    def came(self, at: int, data: bytes) -> None:
        raise NotImplementedError


class EventStream(_Reader):
    """A streamed answer, straight from the upstream: `reads` holds (nanoseconds, bytes)."""

    def __init__(self) -> None:
        super().__init__()
        self.reads: list[tuple[int, bytes]] = []

    def came(self, at: int, data: bytes) -> None:
        self.reads.append((at, data))
        if data.endswith(b"0\r\n\r\n") and not self.over.done():
            self.over.set_result(True)


async def ask(url: str, body: Any) -> EventStream:
    """Put a chat request to the upstream; returns once it is sent."""
    address = urlsplit(url)
    made = await asyncio.get_running_loop().create_connection(EventStream, address.hostname, address.port)
    data = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Content-Length": str(len(data))}
    made[0].write(_head("POST", "/v1/chat/completions", address.netloc, headers) + data)
    return made[1]


class Socket(_Reader):
    """A websocket that hands every whole text message to `heard(nanoseconds, bytes)`."""

    def __init__(self, heard: Callable[[int, bytes], None], accept: bytes) -> None:
        super().__init__()
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard = heard
        self._accept = accept
        self._rest = b""
        self._parts: list[bytes] = []

    def came(self, at: int, data: bytes) -> None:
        data = self._rest + data if self._rest else data
        if not self.opened.done():
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self._rest = head
                return
            if not head.startswith(b"HTTP/1.1 101") or self._accept not in head:
                self.transport.abort()
                self.opened.set_exception(ClosedEarly(head[:80].decode("latin-1")))
                return
            self.opened.set_result(None)
        self._rest = self._frames(at, data)

    def _frames(self, at: int, data: bytes) -> bytes:
        """Take the whole frames; what is left of the data."""
        start, end = 0, len(data)
        while end - start >= 2:
            size, body = data[start + 1], start + 2
            if size == 126:
                body += 2
                size = int.from_bytes(data[start + 2 : body], "big") if body <= end else 1 << 63
            elif size == 127:
                body += 8
                size = int.from_bytes(data[start + 2 : body], "big") if body <= end else 1 << 63
            if body + size > end:
                break
            self._frame(at, data[start], data[body : body + size])
            start = body + size
        return data[start:]

    def _frame(self, at: int, first: int, payload: bytes) -> None:
        kind = first & 0x0F
        if kind == PING:
            self._write(PONG, payload)
        elif kind == CLOSE:
            self.transport.close()
        elif kind in (0, TEXT):
            if first & 0x80 and not self._parts:
                self._heard(at, payload)
                return
            self._parts.append(payload)
            if first & 0x80:
                whole, self._parts = b"".join(self._parts), []
                self._heard(at, whole)

    def say(self, value: Any) -> None:
        """Send JSON."""
        if not self.transport.is_closing():
            self._write(TEXT, json.dumps(value).encode())

    def _write(self, kind: int, payload: bytes) -> None:
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else b"\xfe" + struct.pack("!H", size)  # nothing longer is said
        self.transport.write(bytes([0x80 | kind]) + length + _NO_MASK + payload)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if not self.opened.done():
            self.opened.set_exception(ClosedEarly("the handshake was not answered"))


async def watch(url: str, path: str, headers: Mapping[str, str], heard: Callable[[int, bytes], None]) -> Socket:
    """Open a websocket; returns once it is accepted."""
    address = urlsplit(url)
    key = base64.b64encode(os.urandom(16))
    accept = base64.b64encode(hashlib.sha1(key + _GUID).digest())
    own = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key.decode()}
    made = await asyncio.get_running_loop().create_connection(
        lambda: Socket(heard, accept), address.hostname, address.port
    )
    made[0].write(_head("GET", path, address.netloc, {**headers, **own, "Sec-WebSocket-Version": "13", "Origin": url}))
    await made[1].opened
    return made[1]
