"""Pictures, and files on their way to a server, as values (wire.md sections 4 and 8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openai_client import _json
from openai_client._usage import read_usage
from openai_client._values import NO_META, ResponseMeta, Usage
from openai_client.exceptions import TooLarge

_IMAGE_KNOWN = frozenset({"b64_json", "url", "revised_prompt"})
_IMAGES_KNOWN = frozenset({"created", "data", "usage"})


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
class Upload:
    """A file to send: `content` is bytes or a binary file object, which is read in pieces."""

    filename: str
    content: object
    content_type: str = "application/octet-stream"


def read_images(limit: int, value: object, meta: ResponseMeta) -> ImageList:
    """Any image answer. `data` may be missing (the specification does not require it)."""
    fields = _json.as_mapping(value)
    data = _json.as_list(fields.get("data"))
    check_rows(data, limit)
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


def check_rows(data: list[object], limit: int) -> None:
    """Raises TooLarge for a list that nobody would read."""
    if len(data) > limit:
        raise TooLarge(f"A list of more than {limit} rows", code="too_many_items")
