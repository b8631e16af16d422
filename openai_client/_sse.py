"""From pieces of bytes to messages: event streams, bare JSON lines, whole JSON bodies and pages that are neither.

Framing follows the event-stream standard and is tolerant where servers are not (quirks section 1). Lines are cut on
bytes at LF, CR and CRLF only (1.6, 1.7) and decoded whole (1.9), so where the network cut makes no difference.
"""

from __future__ import annotations

from collections.abc import Callable

from openai_client import _json
from openai_client._settings import SizeLimits
from openai_client.exceptions import TooLarge

BOM = b"\xef\xbb\xbf"
KEPT_JUNK = 64 * 1024  # bytes of unusable text kept for the error message
MOST_JUNK = 1024 * 1024  # bytes of it after which nothing good is expected any more


class Done:
    """The type of DONE."""


class ErrorEvent:
    """An event named "error" whose data is not JSON (quirk 6.4)."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


DONE = Done()  # the end marker, [DONE]
Message = object  # a JSON value, DONE or an ErrorEvent
Sink = Callable[[Message, str], None]


class MessageReader:
    """Cuts a body into messages. `feed` takes bytes as they come, `end` says that no more will.

    `sink` gets each message, with the text it was parsed from; `shortcut` is asked before an event is parsed and may
    say that it knew what to do with its text. What cannot be used is kept in `junk` (the start of it) and never
    raised; only SizeLimits raise, as TooLarge.
    """

    def __init__(self, limits: SizeLimits, sink: Sink, shortcut: Callable[[str], bool] = lambda text: False) -> None:
        self._limits = limits
        self._sink = sink
        self._shortcut = shortcut
        self._size = 0
        self._tail = bytearray()  # the line that has not ended
        self._after_cr = False
        self._first = True  # nothing but blank lines so far
        self._page = False  # HTML: nothing in it is ours
        self._event = b""
        self._data: list[bytes] = []
        self._gathered = 0  # bytes in _data or _document
        self._document: list[bytes] = []  # a JSON body over several lines
        self._junk: list[bytes] = []
        self._junk_size = 0

    def feed(self, piece: bytes) -> None:
        """Gives the sink the messages that these bytes complete."""
        self._size += len(piece)
        if self._size > self._limits.answer:
            raise TooLarge(f"The answer is larger than {self._limits.answer} bytes", code="answer_too_large")
        if self._after_cr or b"\r" in piece:
            piece = self._without_cr(piece)
        if b"\n" not in piece:
            self._tail += piece
            self._check_line(len(self._tail))
            return
        lines = piece.split(b"\n")
        if self._tail:
            self._tail += lines[0]
            lines[0] = bytes(self._tail)
            self._tail.clear()
        rest = lines.pop()
        if rest:
            self._tail += rest
        self._read(lines)

    def end(self) -> None:
        """Gives the sink the messages in what is left: an event without a blank line, a line without an end (1.12)."""
        line, self._tail = bytes(self._tail), bytearray()
        self._read([line, b""] if line else [b""])
        if self._document:
            text = _json.decode(b"\n".join(self._document))
            self._document.clear()
            try:
                self._sink(_json.parse(text), text)
            except _json.NotJSONError:
                self._keep_junk(text.encode("utf-8", "replace"))

    @property
    def junk(self) -> str:
        """The start of what could not be used."""
        return b"\n".join(self._junk)[:KEPT_JUNK].decode("utf-8", "replace").strip()

    @property
    def empty(self) -> bool:
        """Whether not one byte has come."""
        return not self._size

    def _without_cr(self, piece: bytes) -> bytes:
        """The piece with LF for every line end, also where CR and LF were cut apart."""
        if not piece:
            return piece
        ends_in_cr = piece.endswith(b"\r")
        if self._after_cr and piece.startswith(b"\n"):
            piece = piece[1:]
        self._after_cr = ends_in_cr
        return piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _read(self, lines: list[bytes]) -> None:
        data = self._data
        for line in lines:
            if not line:
                if data:
                    self._dispatch()
                self._event = b""
            elif line.startswith(b"data:") and not self._page:
                self._check_line(len(line))
                if data:
                    self._dispatch_whole()
                data.append(line[6:] if line[5:6] == b" " else line[5:])
                self._first = False
            else:
                self._other(line)

    def _other(self, line: bytes) -> None:
        """A line that is neither blank nor data."""
        self._check_line(len(line))
        if self._first:
            line = line.removeprefix(BOM)
            bare = line.strip()
            if not bare:
                return
            self._first = False
            self._page = bare.startswith(b"<")
            if line.startswith(b"data:"):  # it only looked like another one because of the BOM
                self._data.append(line[6:] if line[5:6] == b" " else line[5:])
                return
        if self._page:
            self._keep_junk(line)
        elif self._document:
            self._document.append(line)
            self._gathered += len(line)
            self._check_line(self._gathered)
        elif line.startswith(b":"):
            return
        elif line.startswith((b"event:", b"id:", b"retry:")) or line in (b"event", b"id", b"retry", b"data"):
            if line.startswith(b"event:"):
                self._event = line[6:].strip()
        else:
            self._bare(line)

    def _bare(self, line: bytes) -> None:
        """A line without a field name: JSON that forgot its `data:` (quirk 6.7), the start of a body, or nothing."""
        if line.lstrip()[:1] not in (b"{", b"["):
            self._keep_junk(line)
            return
        try:
            text = _json.decode(line)
            self._sink(_json.parse(text), text)
        except _json.NotJSONError:
            self._document.append(line)
            self._gathered = len(line)

    def _dispatch_whole(self) -> None:
        """Before a second data line: a first one that is JSON by itself lacked its blank line."""
        if len(self._data) == 1 and self._data[0][:1] == b"{":
            try:
                text = _json.decode(self._data[0])
                self._sink(self._named(_json.parse(text)), text)
            except _json.NotJSONError:
                self._gathered = len(self._data[0])
                return
            self._data.clear()
        self._gathered += len(self._data[-1]) if self._data else 0
        self._check_line(self._gathered)

    def _dispatch(self) -> None:
        """A blank line: the data so far is one message."""
        data = self._data
        raw = data[0] if len(data) == 1 else b"\n".join(data)
        data.clear()
        text = _json.decode(raw)
        if self._event != b"error" and self._shortcut(text):
            return
        try:
            value = self._named(_json.parse(text))
        except _json.NotJSONError:
            self._not_json(text.strip(), raw)
        else:
            self._sink(value, text)

    def _not_json(self, text: str, raw: bytes) -> None:
        if text.startswith("[DONE]"):
            self._sink(DONE, text)
        elif self._event == b"error":
            self._sink(ErrorEvent(_json.clean(text)), text)
        elif text and not text.startswith(":"):  # comments wrapped as data are nothing (quirk 1.2)
            self._keep_junk(raw)

    def _named(self, value: object) -> object:
        """The value of an event, marked as an error when the event's name says so (quirk 6.4)."""
        if self._event == b"error" and isinstance(value, dict) and "error" not in value:
            return {"error": value}
        return value

    def _keep_junk(self, line: bytes) -> None:
        if self._junk_size < KEPT_JUNK:
            self._junk.append(line[:KEPT_JUNK])
        self._junk_size += len(line) + 1
        if self._junk_size > MOST_JUNK:
            raise TooLarge(f"More than {MOST_JUNK} bytes are no answer", code="junk_too_large")

    def _check_line(self, size: int) -> None:
        if size > self._limits.line:
            raise TooLarge(f"A line is longer than {self._limits.line} bytes", code="line_too_large")
