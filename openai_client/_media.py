"""Pictures and files as values (wire.md sections 4 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openai_client import _json
from openai_client._usage import read_usage
from openai_client._values import NO_META, ResponseMeta, Usage
from openai_client.exceptions import TooLarge

_IMAGE_KNOWN = frozenset({"b64_json", "url", "revised_prompt"})
_IMAGES_KNOWN = frozenset({"created", "data", "usage"})
_FILE_KNOWN = frozenset({"id", "object", "bytes", "created_at", "filename", "purpose", "status", "expires_at"})


@dataclass(frozen=True, slots=True)
class Image:
    """One picture: base64 in `b64_json`, or an address that lives about an hour in `url`."""

    b64_json: str | None = None
    url: str | None = None
    revised_prompt: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImageList:
    """The pictures of one request. `usage` counts tokens where the model is billed by them."""

    images: tuple[Image, ...] = ()
    created: int | None = None
    usage: Usage | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)

    def __iter__(self) -> Iterator[Image]:
        return iter(self.images)

    def __len__(self) -> int:
        return len(self.images)


@dataclass(frozen=True, slots=True)
class File:
    """A file kept by the server. `bytes` is its size, times are Unix seconds."""

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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: `content` is bytes or a binary file object, which is read in pieces."""

    filename: str
    content: object
    content_type: str = "application/octet-stream"


def read_images(limit: int, value: object, meta: ResponseMeta) -> ImageList:
    """Any image answer. `data` may be missing (the specification does not require it)."""
    fields = _json.as_mapping(value)
    data = _json.as_list(fields.get("data"))
    _check(data, limit)
    images = []
    for item in data:
        row = _json.as_mapping(item)
        images.append(
            Image(
                b64_json=_json.as_text(row.get("b64_json")) or None,
                url=_json.as_text(row.get("url")) or None,
                revised_prompt=_json.as_text(row.get("revised_prompt")) or None,
                extra=_json.unknown(row, _IMAGE_KNOWN),
            )
        )
    return ImageList(
        images=tuple(images),
        created=_json.as_seconds(fields.get("created")),
        usage=read_usage(fields.get("usage")),
        extra=_json.unknown(fields, _IMAGES_KNOWN),
        meta=meta,
    )


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


def read_files(limit: int, value: object, meta: ResponseMeta) -> FileList:
    """Any file list; that of 2023 has only `data`."""
    fields = _json.as_mapping(value)
    data = value if isinstance(value, list) else _json.as_list(fields.get("data"))
    _check(data, limit)
    files = tuple(file for file in map(read_file, data) if file.id)
    last = _json.as_text(fields.get("last_id")) or (files[-1].id if files else "")
    return FileList(files, fields.get("has_more") is True, last or None, meta)


def _check(data: list[object], limit: int) -> None:
    if len(data) > limit:
        raise TooLarge(f"A list of more than {limit} rows", code="too_many_items")
