"""Pictures as values (wire.md 4), and from an answer's bytes to them: whole answers and streams of events alike."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from openai_client import _errors, _json
from openai_client._call import Setup
from openai_client._secret import mask
from openai_client._spill import Spill, unpacked
from openai_client._sse import ErrorEvent, MessageReader
from openai_client._usage import read_usage
from openai_client._values import NO_META, ResponseMeta, Usage
from openai_client.exceptions import BrokenOff, OpenAIClientError, TooLarge, UnexpectedAnswer

Spool = Callable[[], BinaryIO]
_CONTENT = ("b64_json", "b64", "base64", "image_base64")
_ADDRESS = ("url", "image_url")
_LISTS = ("data", "images", "output")
_OF_EVENTS = frozenset({*_CONTENT, *_ADDRESS, "type", "partial_image_index"})
_KNOWN = frozenset({*_CONTENT, *_ADDRESS, "revised_prompt", "usage", "type", "partial_image_index", "created_at"})


@dataclass(frozen=True, slots=True)
class PartialPicture:
    """What picture `index` looks like so far. `content` is at its start; whoever gets it closes it."""

    index: int
    content: BinaryIO = field(repr=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: its bytes in `content`, which whoever gets it closes, or the address where they are, in `url`.

    Neither: the server named a place for it and gave nothing that can be used; `extra` may say why.
    """

    index: int
    content: BinaryIO | None = field(default=None, repr=False)
    url: str | None = None
    revised_prompt: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """What came beside the pictures; `usage` counts tokens where the model is billed by them."""

    count: int = 0
    created: int | None = None
    usage: Usage | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)


class ImageReader:
    """From an answer's bytes to its pictures. `ready` are those that nobody has taken yet.

    `error` ends it. It is kept, not raised: a traceback of these frames would hold the raw answer, which may repeat a
    key.
    """

    def __init__(self, setup: Setup, spool: Spool, headers: Mapping[str, str]) -> None:
        self.ready: deque[PartialPicture | Picture] = deque()
        self.count = 0  # pictures, not counting partial ones
        self.created: int | None = None
        self.usage: Usage | None = None
        self.extra: dict[str, object] = {}
        self.heard = False
        self.error: OpenAIClientError | None = None
        self._setup = setup
        self._spool = spool
        self._headers = headers
        self._spill = Spill(setup.limits, spool)
        self._messages = MessageReader(setup.limits, self._take)
        self._recognised = self._partial = False

    def feed(self, piece: bytes) -> None:
        """Read on. Raises OSError where a file cannot be written."""
        self.heard = True
        try:
            rest = self._spill.feed(piece)
            if rest:
                self._messages.feed(rest)
        except TooLarge as error:
            self.error = self.error or error

    def end(self) -> None:
        """No more bytes come, which may be no end of an answer."""
        try:
            rest = self._spill.end()
            if rest:
                self._messages.feed(rest)
            self._messages.end()
        except TooLarge as error:
            self.error = self.error or error
        if not self._recognised or (self._partial and not self.count):
            self.error = self.error or self._unfinished()

    def close(self) -> None:
        """Let go of every picture that was not taken."""
        for event in self.ready:
            if event.content is not None:
                event.content.close()
        self.ready.clear()
        self._spill.close()

    def _take(self, message: object, _text: str) -> None:
        if self.error is not None:
            return
        if isinstance(message, ErrorEvent):
            self.error = self._api_error(None, message.text)
        if isinstance(message, list):
            message = {"data": message}
        if not isinstance(message, dict):
            return
        if _errors.is_error(message):
            self.error = self._api_error(message, _errors.raw(message))
        else:
            self._object(message)

    def _object(self, message: dict[str, object]) -> None:
        self.created = self.created or _json.as_seconds(message.get("created") or message.get("created_at"))
        self._count_usage(message)
        rows = next((message[name] for name in _LISTS if message.get(name) is not None), None)
        if rows is not None or not message.keys() & _OF_EVENTS:
            self._recognised = True
            self.extra.update(_json.unknown(message, _KNOWN | {"created", *_LISTS}))
            for row in _rows(rows, self._setup.limits.pictures):
                self._picture(row)
        elif str(message.get("type", "")).endswith("partial_image") or "partial_image_index" in message:
            self._recognised = self._partial = True
            self._partial_picture(message)
        elif any(name in message for name in (*_CONTENT, *_ADDRESS)):
            self._recognised = True
            self.extra.update(_json.unknown(message, _KNOWN))
            self._picture(message)

    def _count_usage(self, message: Mapping[str, object]) -> None:
        """An event of a stream counts its own picture."""
        found = read_usage(message.get("usage"))
        if found is None:
            return
        before = self.usage
        self.usage = found if before is None or "type" not in message else _sum(before, found)

    def _partial_picture(self, row: Mapping[str, object]) -> None:
        content = self._content(row)
        if content is not None:
            self.ready.append(PartialPicture(self.count, content))

    def _picture(self, row: Mapping[str, object]) -> None:
        content, url = self._content(row), _address(row)
        if content is None and url is not None and not url.startswith(("http:", "https:", "/")):
            content, url = (self._unpacked(url) if url[:5].lower() == "data:" else None), None
        revised = _json.as_text(row.get("revised_prompt")) or None
        extra = _json.unknown(row, _KNOWN)
        self.ready.append(Picture(self.count, content, url if content is None else None, revised, extra))
        self.count += 1

    def _content(self, row: Mapping[str, object]) -> BinaryIO | None:
        """A picture that came with the answer; None where none did, or where it cannot be unpacked."""
        for name in (*_CONTENT, *_ADDRESS):
            text = _json.as_text(row.get(name))
            spilled = self._spill.found(text) if text else None
            if spilled is not None:
                if not spilled.broken:
                    return spilled.file
                spilled.file.close()
            elif text and name in _CONTENT:
                return self._unpacked(text)
        return None

    def _unpacked(self, text: str) -> BinaryIO | None:
        found = self._spill.found(text) or unpacked(text, self._setup.limits, self._spool)
        if found is not None and found.broken:
            found.file.close()
            return None
        return found.file if found else None

    def _unfinished(self) -> OpenAIClientError:
        request_id = _errors.request_id(self._headers)
        junk = mask(self._messages.junk, self._setup.wire.secrets)
        if self._recognised or junk[:1] in ("{", "["):
            return BrokenOff("The answer ended in the middle", request_id=request_id)
        if self._messages.empty or not junk:
            return UnexpectedAnswer(
                "The server answered nothing", code="empty_answer", request_id=request_id, retryable=True
            )
        body = junk[: _errors.KEPT_BODY]
        return UnexpectedAnswer(_errors.from_page(junk), request_id=request_id, body=body, code="not_an_answer")

    def _api_error(self, value: object, text: str) -> OpenAIClientError:
        return _errors.api_error(value, status=None, headers=self._headers, secrets=self._setup.wire.secrets, text=text)


def _rows(value: object, most: int) -> list[Mapping[str, object]]:
    """The entries of a list of pictures; a bare text is one, by its looks an address or the picture itself."""
    rows: list[Mapping[str, object]] = []
    for row in _json.as_list(value)[:most] if not isinstance(value, str) else [value]:
        if isinstance(row, str):
            rows.append({"url" if row.startswith("http") else "b64_json": row})
        else:
            rows.append(_json.as_mapping(row))
    return rows


def _address(row: Mapping[str, object]) -> str | None:
    for name in _ADDRESS:
        value = row.get(name)
        text = _json.as_text(value.get("url") if isinstance(value, dict) else value)
        if text:
            return text
    return None


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
        total_tokens=one.total_tokens + other.total_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        reasoning_tokens=one.reasoning_tokens + other.reasoning_tokens,
        raw=other.raw,
    )
