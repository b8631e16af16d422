"""How files are told to people: sizes, who uses them, how much text they have."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext, ngettext

from files import sizes
from files.models import Extraction, Kind
from files.reports import Row
from files.signals import Use

register = template.Library()
_FORMATS = {
    "image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WebP", "image/avif": "AVIF",
    "image/bmp": "BMP", "application/zip": "ZIP", "video/mp4": "MP4", "image/heic": "HEIC", "image/tiff": "TIFF",
    "audio/mpeg": "MP3", "audio/wav": "WAV", "audio/ogg": "Ogg", "audio/flac": "FLAC", "application/json": "JSON",
    "text/markdown": "Markdown", "image/svg+xml": "SVG", "application/gzip": "gzip", "audio/mp4": "M4A",
}  # fmt: skip


@register.filter
def kind_words(row: Row) -> str:
    """`PNG, 1024 × 768`; `PDF, 18 pages`; `Table`."""
    file = row.file
    said = _FORMATS.get(file.mime) or str(Kind(file.kind).label)
    if file.width and file.height:
        return f"{said}, {file.width} × {file.height}"
    if row.facts is not None and row.facts.paged and (pages := row.facts.total or row.facts.pages):
        return f"{said}, " + ngettext("%(count)s page", "%(count)s pages", pages) % {"count": pages}
    return said


@register.filter
def use_words(uses: Sequence[Use]) -> str:
    """`2 conversations, 1 image`."""
    conversations = sum(use.kind == "conversation" for use in uses)
    pictures = len(uses) - conversations
    said = []
    if conversations:
        words = ngettext("%(count)s conversation", "%(count)s conversations", conversations)
        said.append(words % {"count": conversations})
    if pictures:
        said.append(ngettext("%(count)s image", "%(count)s images", pictures) % {"count": pictures})
    return ", ".join(said) or gettext("not used")


@register.filter
def size_words(count: int) -> str:
    """A number of bytes."""
    return sizes.words(count)


@register.filter
def is_being_read(facts: Extraction | None) -> bool:
    """Whether its text is still to come."""
    return facts is not None and facts.status in ("queued", "in_progress")


@register.simple_tag
def storage_words(space: dict[str, int]) -> str:
    """`312 MB of 2 GB`."""
    data = {"used": sizes.words(space["used"]), "quota": sizes.words(space["quota"])}
    return gettext("%(used)s of %(quota)s") % data


@register.simple_tag
def asking(wanted: dict[str, Any], **changed: Any) -> str:
    """The query of the same listing with something changed; a new order or filter begins at its first page."""
    same = {name: value for name, value in wanted.items() if name != "page" and value and value != "-added"}
    return "?" + urlencode({name: value for name, value in {**same, **changed}.items() if value not in ("", None)})


@register.simple_tag
def next_order(wanted: dict[str, Any], column: str) -> str:
    """What a press on a column's head asks for: names from the beginning, the rest from the most; again turns it."""
    first, other = (column, f"-{column}") if column in ("name", "kind") else (f"-{column}", column)
    return other if wanted["sort"] == first else first
