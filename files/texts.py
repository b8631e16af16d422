"""The text of files as it was read: its pages, and the sentence for what has none."""

import dataclasses
import zlib
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from files.models import ExtractedText, Extraction, File

REASONS: Mapping[str, Promise] = {
    "encrypted": _("It is locked with a password. Save it without one, and upload that."),
    "damaged": _("It is damaged, or not what its name says."),
    "no_text": _("It holds no text: perhaps only pictures of pages."),
    "too_large": _("It unpacks to more than this site reads."),
    "too_slow": _("It took too long to read."),
    "too_much_memory": _("It needs more memory to be read than this site gives it."),
    "not_text": _("It is no text."),
    "interrupted": _("The site was restarted again and again while it was read."),
}
CUTS: Mapping[str, Promise] = {
    "pages": _("Only the first pages were read: it has more than this site reads."),
    "characters": _("Only the beginning was read: its text is longer than this site keeps."),
    "size": _("Only the beginning was read: it is larger than this site reads."),
    "seconds": _("Only the beginning was read: the rest took too long."),
    "damaged": _("Only the beginning was read: the rest is damaged."),
}


@dataclasses.dataclass(frozen=True)
class Text:
    """A file's pages as they were read, with the facts of the reading."""

    facts: Extraction
    pages: Sequence[str]

    @property
    def paged(self) -> bool:
        """Whether the pages are the file's own."""
        return self.facts.paged

    @property
    def is_cut(self) -> bool:
        """Whether the file goes on after them."""
        return bool(self.facts.cut)


def facts_of(files: Sequence[File]) -> dict[Any, Extraction]:
    """File id -> how the reading of its text stands, for those that have a text to be read. One query."""
    found = Extraction.objects.filter(blob__in={file.blob_id for file in files if file.blob_id})
    by_bytes = {(one.blob_id, one.kind): one for one in found}
    return {file.pk: by_bytes[key] for file in files if (key := (file.blob_id or 0, file.kind)) in by_bytes}


def text_of(facts: Extraction) -> Text:
    """The pages that were read; none where there is no text."""
    found = ExtractedText.objects.filter(pk=facts.pk).first()
    return Text(facts, unpacked(found.packed, found.ends) if found else ())


def packed(pages: Sequence[str]) -> tuple[bytes, list[int]]:
    """Pages as they are stored: compressed, and the offsets at which they end."""
    ends, place = [], 0
    for page in pages:
        place += len(page)
        ends.append(place)
    return zlib.compress("".join(pages).encode("utf-8", "replace"), 6), ends


def unpacked(data: bytes | memoryview, ends: Sequence[int]) -> list[str]:
    """What `packed` was given."""
    whole = zlib.decompress(bytes(data)).decode()
    return [whole[start:end] for start, end in pairwise([0, *ends])]


def as_json(facts: Extraction) -> dict[str, Any]:
    """For programs: docs/protocol.md, "text of a file"."""
    return {
        "status": facts.status,
        "pages": facts.pages,
        "total": facts.total,
        "paged": facts.paged,
        "characters": facts.characters,
        "encoding": facts.encoding or None,
        "note": str(CUTS[facts.cut]) if facts.cut in CUTS else None,
        "unread": facts.unread,
        "error": {"code": facts.error, "message": str(REASONS[facts.error])} if facts.error in REASONS else None,
    }
