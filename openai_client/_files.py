"""The files that a server keeps: as values, and their content as a stream (wire.md section 8)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from openai_client import _json
from openai_client._call import Call, Setup
from openai_client._http import Answer, Request
from openai_client._media import check_rows
from openai_client._values import NO_META, ResponseMeta
from openai_client.exceptions import TooLarge

_FILE_KNOWN = frozenset({"id", "object", "bytes", "created_at", "filename", "purpose", "status", "expires_at"})


@dataclass(frozen=True, slots=True)
class File:
    """A file kept by the server. `bytes` is its size, times are Unix seconds; what it did not tell is None or empty."""

    id: str
    filename: str = ""
    bytes: int | None = None
    purpose: str = ""
    created_at: int | None = None
    expires_at: int | None = None
    status: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)


@dataclass(frozen=True, slots=True)
class FileList:
    """One page of files; `has_more` says whether to ask again with `after` set to `last_id`."""

    files: tuple[File, ...] = ()
    has_more: bool = False
    last_id: str | None = None
    meta: ResponseMeta = field(default=NO_META, repr=False)

    def __iter__(self) -> Iterator[File]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes of a file, and the type that the server gave them."""

    content: bytes
    content_type: str = ""
    meta: ResponseMeta = field(default=NO_META, repr=False)


class FileStream:
    """The content of a file: `async with client.files_stream(id) as content`, then `async for piece in content`.

    Entering asks for it (and once more where that helps), and raises what a refusal raises. From then on nothing is
    tried again: BrokenOff, TimedOut or TooLarge may come in the middle. Leaving hangs up at once.
    """

    def __init__(self, setup: Setup, request: Request) -> None:
        self._setup = setup
        self._call = Call(setup, request)
        self._answer: Answer | None = None
        self._seen = 0

    async def __aenter__(self) -> Self:
        try:
            self._answer = await self._call.open()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Hangs up; an answer that was read to its end leaves its connection for the next."""
        await self._call.close()
        self._call.over()

    @property
    def content_type(self) -> str:
        """The type as the server names it, which nobody has to believe."""
        return self._answer.headers.get("content-type", "") if self._answer else ""

    @property
    def size(self) -> int | None:
        """How many bytes will come; None where the server does not say, or packs them."""
        headers = self._answer.headers if self._answer else {}
        if headers.get("content-encoding", "").strip().lower() not in {"", "identity"}:
            return None
        return _json.as_int(headers.get("content-length"))

    @property
    def meta(self) -> ResponseMeta:
        """What is known beside the content."""
        return self._call.meta(self._answer)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        assert self._answer is not None, "enter it first"
        limit = self._setup.limits.download
        phase = "first_byte"
        while piece := await self._answer.read(phase):
            phase = "idle"
            self._seen += len(piece)
            if self._seen > limit:
                raise TooLarge(f"The file is larger than {limit} bytes", code="answer_too_large")
            yield piece


def query_of(**asked: str | int | None) -> dict[str, object]:
    """What a list is asked for, without what was left open."""
    return {name: value for name, value in asked.items() if value is not None}


def form_of(purpose: str, expires_after: int | None, fields: Mapping[str, str | int]) -> dict[str, object]:
    """The fields beside the file; `expires_after` in seconds, from 3600 to 2,592,000."""
    form: dict[str, object] = {"purpose": purpose, **fields}
    if expires_after is not None:
        form |= {"expires_after[anchor]": "created_at", "expires_after[seconds]": expires_after}
    return form


def read_file(value: object, meta: ResponseMeta = NO_META) -> File:
    """Any file object."""
    row = _json.as_mapping(value)
    return File(
        id=_json.as_text(row.get("id")),
        filename=_json.as_text(row.get("filename")),
        bytes=_json.as_int(row.get("bytes")),
        purpose=_json.as_text(row.get("purpose")),
        created_at=_json.as_seconds(row.get("created_at")),
        expires_at=_json.as_seconds(row.get("expires_at")),
        status=_json.as_text(row.get("status")),
        extra=_json.unknown(row, _FILE_KNOWN),
        meta=meta,
    )


def read_files(limit: int, asked: int | None, value: object, meta: ResponseMeta) -> FileList:
    """Any file list. That of 2023 has only `data`: it is whole, unless it is as long as was `asked` for."""
    fields = _json.as_mapping(value)
    data = value if isinstance(value, list) else _json.as_list(fields.get("data"))
    check_rows(data, limit)
    files = tuple(file for file in map(read_file, data) if file.id)
    last = _json.as_text(fields.get("last_id")) or (files[-1].id if files else "")
    more = fields.get("has_more")
    if not isinstance(more, bool):
        more = asked is not None and len(data) == asked
    return FileList(files, more, last or None, meta)
