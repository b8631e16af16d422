"""What the files page shows: a page of a person's files, with who uses them and how far their text was read."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from files import access, names, signals, texts
from files.models import Extraction, File, Kind
from files.signals import Use

SHOWN = 50
_ORDERS = {"added": "created_at", "name": "folded_name", "size": "size", "kind": "kind"}


@dataclasses.dataclass(frozen=True)
class Row:
    """A file with what is known about it."""

    file: File
    uses: Sequence[Use]
    facts: Extraction | None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        text = texts.as_json(self.facts) if self.facts else None
        return {**access.file_json(self.file), "uses": [use.as_json() for use in self.uses], "text": text}


@dataclasses.dataclass(frozen=True)
class Page:
    """One helping of a listing; `number` from 1, `pages` how many there are, `total` how many files in all of them."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int

    @property
    def before(self) -> int:
        """The number of the page before, or 0."""
        return self.number - 1

    @property
    def after(self) -> int:
        """The number of the page after, or 0."""
        return self.number + 1 if self.number < self.pages else 0


def page(user: Any, wanted: Mapping[str, Any]) -> Page:
    """The files that `forms.wanted` asks for."""
    found = File.objects.there().filter(owner=user, blob__isnull=False)
    if wanted["kind"]:
        found = found.filter(kind=wanted["kind"])
    for word in names.folded(wanted["q"]).split():
        found = found.filter(folded_name__contains=word)
    total = found.count()
    pages = max(1, -(-total // SHOWN))
    number = min(wanted["page"], pages)
    turned = "-" if wanted["sort"].startswith("-") else ""
    in_order = found.order_by(turned + _ORDERS[wanted["sort"].removeprefix("-")], turned + "pk")
    shown = list(in_order.select_related("blob")[(number - 1) * SHOWN : number * SHOWN])
    return Page(rows(user, shown), number, pages, total)


def rows(user: Any, files: Sequence[File]) -> list[Row]:
    """Files with who uses them, and with the reading of their text."""
    used, facts = signals.uses_of(user, [file.pk for file in files]), texts.facts_of(files)
    return [Row(file, used.get(file.pk, ()), facts.get(file.pk)) for file in files]


def kinds(user: Any) -> list[Kind]:
    """The kinds of which a person has any, in their order."""
    there = set(File.objects.there().filter(owner=user).values_list("kind", flat=True).distinct())
    return [kind for kind in Kind if kind.value in there]


def storage(user: Any) -> dict[str, int]:
    """Bytes that are used, and the most that may be."""
    return {"used": access.used(user.pk), "quota": settings.MAX_FILES_BYTES}


def just_deleted(user: Any, id: str) -> File | None:  # noqa: A002 - as in the address
    """A deleted file that can be had back, for the offer to undo; None for anything else."""
    try:
        key = uuid.UUID(id)
    except ValueError:
        return None
    return File.objects.filter(owner=user, pk=key, deleted_at__isnull=False, blob__isnull=False).first()
