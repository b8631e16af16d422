"""Reads one HTTP/1.1 answer from bytes: pure, so that every cut of every answer can be tried.

Only what a client needs, and strict where two readings would be possible (RFC 9112). Written because a chat is tens of
thousands of tiny chunks a second, and general parsers cost more than all the rest together (tests/bench/reading.py).
"""

from __future__ import annotations

import re
from enum import Enum, auto

LONGEST_HEAD = 64 * 1024
LONGEST_LINE = 4096  # of a chunk's size and of all trailers
_STATUS = re.compile(rb"HTTP/1\.([01]) (\d{3})(?: [^\r\n]*)?")
_HEADER = re.compile(rb"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([^\r\n\0]*?)[ \t]*")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")

Headers = list[tuple[bytes, bytes]]


class MalformedError(Exception):
    """These bytes are no HTTP/1.1 answer. `pieces` of the body stood before the fault, in the same bytes."""

    pieces: list[bytes]

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.pieces = []


class _State(Enum):
    HEAD = auto()
    LENGTH = auto()  # content-length bytes are still to come
    UNTIL_CLOSE = auto()
    SIZE = auto()  # a line with a chunk's size
    DATA = auto()  # a chunk's bytes
    DATA_END = auto()  # the line end after them
    TRAILERS = auto()
    ENDED = auto()


class AnswerParser:
    """`feed` gives back body pieces; `status` is 0 until the head is whole. Raises MalformedError."""

    __slots__ = ("_buffer", "_left", "_state", "_version", "headers", "keeps_alive", "status")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._state = _State.HEAD
        self._left = 0
        self._version = 1
        self.status = 0
        self.headers: Headers = []
        self.keeps_alive = False  # whether the connection may carry another answer

    @property
    def ended(self) -> bool:
        """Whether the answer is whole."""
        return self._state is _State.ENDED

    @property
    def surplus(self) -> bool:
        """Whether bytes came after the end."""
        return self._state is _State.ENDED and bool(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces of the body in these bytes."""
        pieces: list[bytes] = []
        if self._state is _State.SIZE and not self._buffer:
            data = data[_whole_chunks(data, pieces) :]
            if not data:
                return pieces
        self._buffer += data
        try:
            while self._step(pieces):
                pass
        except MalformedError as error:
            error.pieces = pieces
            raise
        return pieces

    def close(self) -> bool:
        """No more bytes will come. Whether that is a proper end."""
        if self._state is _State.UNTIL_CLOSE:
            self._state = _State.ENDED
        return self._state is _State.ENDED

    def _step(self, pieces: list[bytes]) -> bool:
        """Goes one step on; False when more bytes are needed first."""
        match self._state:
            case _State.HEAD:
                return self._head()
            case _State.LENGTH | _State.DATA:
                return self._bytes(pieces)
            case _State.UNTIL_CLOSE:
                if self._buffer:
                    pieces.append(self._take(len(self._buffer)))
                return False
            case _State.SIZE:
                return self._size()
            case _State.DATA_END:
                return self._data_end()
            case _State.TRAILERS:
                return self._trailers()
        return False

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _line(self) -> bytes | None:
        """The next line without its end, None when it is not whole yet."""
        at = self._buffer.find(b"\n", 0, LONGEST_LINE)
        if at < 0:
            if len(self._buffer) >= LONGEST_LINE:
                raise MalformedError("a line is too long")
            return None
        return self._take(at + 1)[:-1].removesuffix(b"\r")

    def _head(self) -> bool:
        end = _HEAD_END.search(self._buffer, 0, LONGEST_HEAD)
        if end is None:
            if len(self._buffer) >= LONGEST_HEAD:
                raise MalformedError("the head is too long")
            return False
        first, *lines = re.split(rb"\r?\n", self._take(end.end())[: end.start()])
        status = _STATUS.fullmatch(first)
        if status is None:
            raise MalformedError("no status line")
        self._version = int(status[1])
        self.status = int(status[2])
        if self.status == 101:
            raise MalformedError("an unasked change of protocol")
        if self.status < 200:  # an interim answer; the real one follows
            self.status = 0
            return True
        self.headers = []
        for line in lines:
            header = _HEADER.fullmatch(line)
            if header is None:
                raise MalformedError("a header that is none")
            self.headers.append((header[1], header[2]))
        self._frame()
        return True

    def _frame(self) -> None:
        """How the body will end."""
        tokens = self._tokens(b"connection")
        self.keeps_alive = b"close" not in tokens if self._version else b"keep-alive" in tokens
        codings = self._tokens(b"transfer-encoding")
        lengths = set(self._tokens(b"content-length"))
        if self.status in {204, 304}:
            self._state = _State.ENDED
        elif codings:
            if codings != [b"chunked"]:
                raise MalformedError("a transfer coding that was not asked for")
            self.keeps_alive = self.keeps_alive and not lengths
            self._state = _State.SIZE
        elif lengths:
            length = lengths.pop()
            if lengths or not length.isdigit() or len(length) > 18:
                raise MalformedError("a length that is none")
            self._left = int(length)
            self._state = _State.LENGTH if self._left else _State.ENDED
        else:
            self._state = _State.UNTIL_CLOSE
            self.keeps_alive = False

    def _tokens(self, name: bytes) -> list[bytes]:
        values = b",".join(value for header, value in self.headers if header.lower() == name)
        return [token.strip().lower() for token in values.split(b",") if token.strip()]

    def _bytes(self, pieces: list[bytes]) -> bool:
        if not self._buffer:
            return False
        piece = self._take(self._left)
        self._left -= len(piece)
        pieces.append(piece)
        if not self._left:
            self._state = _State.ENDED if self._state is _State.LENGTH else _State.DATA_END
        return not self._left

    def _size(self) -> bool:
        line = self._line()
        if line is None:
            return False
        size = _SIZE.fullmatch(line)
        if size is None:
            raise MalformedError("a chunk without a size")
        self._left = int(size[1], 16)
        self._state = _State.DATA if self._left else _State.TRAILERS
        return True

    def _data_end(self) -> bool:
        line = self._line()
        if line:
            raise MalformedError("a chunk longer than its size")
        if line is not None:
            self._state = _State.SIZE
        return line is not None

    def _trailers(self) -> bool:
        line = self._line()
        if line is None:
            return False
        self._left += len(line)
        if self._left > LONGEST_LINE:
            raise MalformedError("trailers are too long")
        if not line:
            self._state = _State.ENDED
        return bool(line)


def _whole_chunks(data: bytes, pieces: list[bytes]) -> int:
    """The common case: chunks that lie whole in one packet. Adds them to `pieces`; where it had to stop."""
    start = 0
    while (at := data.find(b"\r\n", start, start + 20)) > 0:
        size = _SIZE.fullmatch(data, start, at)
        end = at + 2 + int(size[1], 16) if size is not None else 0
        if end <= at + 2 or data[end : end + 2] != b"\r\n":
            break  # the last one, an unfinished one, or none
        pieces.append(data[at + 2 : end])
        start = end + 2
    return start
