"""Pictures in base64 leave the text of an answer while it comes: what is parsed stays small, however large they are.

A string that is long and looks like base64, or like a data URL of it, is decoded into a file piece by piece; a short
mark that no server can guess stands in its place.
"""

from __future__ import annotations

import binascii
import re
import secrets
from collections.abc import Callable
from typing import BinaryIO

from openai_client._settings import SizeLimits
from openai_client.exceptions import TooLarge

LONG = 2048  # bytes; what is shorter stays where it is
_OUTSIDE, _BEGUN, _TEXT, _SPILLING = range(4)
_PREFIX = re.compile(rb"data:[\w.+/-]{0,80}(?:;[\w=.-]{0,80})*;base64,", re.IGNORECASE)
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_="
_STOPS = re.compile(rb'["\\\n]')
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
_ESCAPE = re.compile(rb"\\(?:u....|.)", re.DOTALL)
_ESCAPES = {
    b"\\/": b"/", b"\\n": b"", b"\\r": b"", b"\\u002b": b"+", b"\\u002f": b"/", b"\\u003d": b"=",
}  # fmt: skip
_BLANKS = b"\r\n\t "


class Spilled:
    """One picture's bytes on their way into a file. `broken`: it was not base64 after all."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self.file = file
        self.size = 0
        self.broken = False
        self._limit = limit
        self._rest = b""
        self._ended = False  # padding came

    def add(self, piece: bytes) -> None:
        """More base64, blanks among it."""
        piece = self._rest + piece.translate(_URL_SAFE, _BLANKS)
        whole = len(piece) // 4 * 4
        self._rest = piece[whole:]
        self._write(piece[:whole])

    def end(self) -> None:
        """No more comes; padding may be missing."""
        if self._rest:
            self._write(self._rest + b"=" * (4 - len(self._rest)))
        self.broken = self.broken or not self.size
        self.file.seek(0)

    def _write(self, piece: bytes) -> None:
        if self.broken or not piece:
            return
        try:
            content = binascii.a2b_base64(piece, strict_mode=True)
        except binascii.Error:
            self.broken = True
            return
        if self._ended and content:
            self.broken = True
        self._ended = self._ended or piece.endswith(b"=")
        self.size += len(content)
        if self.size > self._limit:
            raise TooLarge(f"A picture is larger than {self._limit} bytes", code="picture_too_large")
        self.file.write(content)


class Spill:
    """Cuts the pictures out of one answer. `feed` takes its bytes as they come and gives what is left of them.

    `spool` opens an empty binary file for each; `found` gives the picture that a text stands for. Raises TooLarge, and
    OSError when a file cannot be written.
    """

    def __init__(self, limits: SizeLimits, spool: Callable[[], BinaryIO]) -> None:
        self._limits = limits
        self._spool = spool
        self._mark = f"spilled-{secrets.token_hex(16)}-"
        self._pictures: dict[str, Spilled] = {}
        self._count = 0
        self._state = _OUTSIDE
        self._head = b""  # the beginning of a string, until it is known what it is
        self._escape = b""  # a backslash whose character has not come

    def feed(self, piece: bytes) -> bytes:
        """The same bytes without what was found to be pictures."""
        out = bytearray()
        at, piece, self._escape = 0, self._escape + piece, b""
        while at < len(piece):
            at = self._outside(piece, at, out) if self._state == _OUTSIDE else self._inside(piece, at, out)
        return bytes(out)

    def end(self) -> bytes:
        """What was held back when no more bytes come."""
        if self._state == _SPILLING:
            self._current.broken = True
            self._current.end()
        head, self._head, self._state = self._head + self._escape, b"", _OUTSIDE
        self._escape = b""
        return head

    def found(self, text: str) -> Spilled | None:
        """The picture that this text of the answer stands for; the caller closes its file."""
        return self._pictures.pop(text, None)

    def close(self) -> None:
        """Let go of the pictures that nobody has asked for."""
        for picture in self._pictures.values():
            picture.file.close()
        self._pictures.clear()

    def _outside(self, piece: bytes, at: int, out: bytearray) -> int:
        quote = piece.find(b'"', at)
        end = len(piece) if quote < 0 else quote + 1
        out += piece[at:end]
        if quote >= 0:
            self._state = _BEGUN
        return end

    def _inside(self, piece: bytes, at: int, out: bytearray) -> int:
        """One step within a string: up to the next quote, escape or line end, or to the end of what there is."""
        found = _STOPS.search(piece, at)
        end = found.start() if found else len(piece)
        self._take(piece[at:end], out)
        if found is None:
            return end
        if found[0] == b"\\":
            after = end + (6 if piece[end + 1 : end + 2] == b"u" else 2)
            if after > len(piece):
                self._escape = piece[end:]
                return len(piece)
            self._take(piece[end:after], out)
            return after
        if found[0] == b"\n" and self._state == _SPILLING:
            return end + 1
        self._leave(found[0], out)  # a line's end too: no string of JSON holds one, a comment may hold one quote
        return end + 1

    def _take(self, text: bytes, out: bytearray) -> None:
        if self._state == _TEXT:
            out += text
        elif self._state == _SPILLING:
            self._current.add(_plain(text))
        else:
            self._head += text
            if len(self._head) >= LONG:
                self._decide(out)

    def _decide(self, out: bytearray) -> None:
        head, self._head = self._head, b""
        plain = _plain(head)
        prefix = _PREFIX.match(plain)
        content = plain[prefix.end() :] if prefix else plain
        if content.translate(None, _ALPHABET):
            self._state = _TEXT
            out += head
            return
        if self._count >= self._limits.pictures:
            raise TooLarge(f"More than {self._limits.pictures} pictures in one answer", code="too_many_pictures")
        self._count += 1
        name = f"{self._mark}{self._count}"
        self._current = self._pictures[name] = Spilled(self._spool(), self._limits.picture)
        self._current.add(content)
        out += name.encode()
        self._state = _SPILLING

    def _leave(self, stop: bytes, out: bytearray) -> None:
        if self._state == _SPILLING:
            self._current.end()
        out += self._head + stop
        self._head = b""
        self._state = _OUTSIDE


def unpacked(text: str, limits: SizeLimits, spool: Callable[[], BinaryIO]) -> Spilled | None:
    """The picture in a text that is base64, or a data URL of it; None for one that says it is something else."""
    raw = _plain(text.encode("ascii", "replace"))
    prefix = _PREFIX.match(raw)
    if prefix is None and raw[:5].lower() == b"data:":
        return None
    picture = Spilled(spool(), limits.picture)
    picture.add(raw[prefix.end() :] if prefix else raw)
    picture.end()
    return picture


def _plain(text: bytes) -> bytes:
    """Base64 without the escapes that some servers write for its slashes, signs and line ends; any other breaks it."""
    if b"\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[0].lower(), found[0]), text)
