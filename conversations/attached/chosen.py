"""From the files that a command names to the parts of a message: what of each is sent how, and how much that is."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from billing import tokens as counting
from conversations.attached import parts, wire
from conversations.attached.parts import Wanted
from conversations.errors import FileUnreadable
from conversations.models import Message
from files import access, texts
from files.models import READABLE, Extraction, File, Kind, ReadingStatus
from files.texts import Text
from live.errors import Invalid

PAGES = _("“%(name)s” has %(pages)s pages; name some of them, such as 1-3, 7.")
TOO_LARGE = _("It is larger than the 48 MB that can be sent as they are.")
STILL_READ = _("It is still being read; try again in a moment.")
Json = dict[str, Any]


def parts_of(user: Any, wanted: Sequence[Wanted]) -> list[Json]:
    """The parts for a person's files, in the order in which they are named; their texts have been read by now.

    Raises NotFound, FileUnreadable where a text is wanted and cannot be had, Invalid for pages that are not there.
    """
    files = access.files_of(user, [one.id for one in wanted])
    facts = texts.facts_of(files)
    return [part_of(file, one, facts.get(file.pk)) for file, one in zip(files, wanted, strict=True)]


def part_of(file: File, wanted: Wanted, facts: Extraction | None) -> Json:
    """One of them."""
    way = wanted.way or usual_way(file, facts)
    part: Json = {"type": parts.FILE, "file": str(file.pk), "name": file.name, "mime": file.mime, "size": file.size}
    if way == parts.IMAGE and file.kind == Kind.IMAGE:
        tokens = parts.picture_tokens(file.width, file.height, wanted.detail)
        size = {"width": file.width, "height": file.height, "detail": wanted.detail, "tokens": tokens}
        return part | {"type": parts.IMAGE, **size}
    part["kind"] = file.kind
    if way == parts.TEXT and facts is not None:
        return part | _as_text(part, wanted, facts)
    if way in (parts.AUDIO, parts.WHOLE) and file.size > parts.MOST_WHOLE:
        raise FileUnreadable(name=file.name, reason=str(TOO_LARGE))
    if way == parts.AUDIO and file.mime in parts.AUDIO_FORMATS:
        return part | {"as": parts.AUDIO, "tokens": parts.sound_tokens(file.size)}
    if way == parts.WHOLE and file.kind != Kind.IMAGE:
        return part | {"as": parts.WHOLE, "tokens": whole_tokens(file, facts)}
    raise FileUnreadable(name=file.name, reason=str(texts.REASONS["not_text"]))


def usual_way(file: File, facts: Extraction | None) -> str:
    """How a file is sent when nobody says how: pictures to be seen, texts to be read, sounds to be heard."""
    if file.kind == Kind.IMAGE:
        return parts.IMAGE
    if file.kind == Kind.AUDIO and file.mime in parts.AUDIO_FORMATS:
        return parts.AUDIO
    pictures_of_pages = facts is not None and facts.error == "no_text" and file.kind == Kind.PDF
    return parts.TEXT if file.kind in READABLE and not pictures_of_pages else parts.WHOLE


def whole_tokens(file: File, facts: Extraction | None) -> int:
    """About how many tokens a file has that is sent as it is: of a PDF, models read each page and look at it."""
    if facts is not None and file.kind == Kind.PDF:
        return facts.characters // 4 + (facts.total or 1) * parts.picture_tokens(None, None, "")
    return -(-file.size // 4)


def _as_text(part: Json, wanted: Wanted, facts: Extraction) -> Json:
    if facts.status != ReadingStatus.COMPLETED:
        raise FileUnreadable(name=part["name"], reason=why_not(facts))
    chosen = None
    if wanted.pages:
        try:
            numbers = parts.numbers(wanted.pages, facts.pages)
        except ValueError as error:
            raise Invalid(fields={"files": str(PAGES) % {"name": part["name"], "pages": facts.pages}}) from error
        chosen = parts.spelled(numbers) if len(numbers) < facts.pages else None
    made = {**part, "as": parts.TEXT, "pages": chosen, "of": facts.pages}
    return {**made, "tokens": counting.estimate(text_part(made, texts.text_of(facts))["text"])}


def why_not(facts: Extraction) -> str:
    """Why a file's text cannot be had, as a sentence."""
    return str(texts.REASONS.get(facts.error, STILL_READ))


def text_part(part: Json, text: Text) -> Json:
    """The text of a file as it is sent, of those of its pages that were chosen."""
    return wire.text(part, text.pages, paged=text.paged, cut=text.is_cut)


def text_parts(user_id: int, wanted: Iterable[Json]) -> dict[str, Json]:
    """The same for several parts of a person's messages, by `key`; without those whose files are gone."""
    named = list(wanted)
    mine = File.objects.there().filter(owner=user_id, pk__in={uuid.UUID(one["file"]) for one in named})
    files = {str(file.pk): file for file in mine}
    facts = texts.facts_of(list(files.values()))
    found: dict[str, Json] = {}
    for one in named:
        file = files.get(one["file"])
        reading = facts.get(file.pk) if file else None
        if reading is not None and reading.status == ReadingStatus.COMPLETED:
            found[key(one)] = text_part(one, texts.text_of(reading))
    return found


def key(part: Mapping[str, Any]) -> str:
    """What tells the text of a part from that of others."""
    return f"{part['file']} {part.get('pages') or ''}"


def gone_of(messages: Iterable[Message]) -> set[str]:
    """Ids of the files in these messages that are not there any more. No query where no message has any."""
    named = {uuid.UUID(part["file"]) for message in messages for part in parts.of(message.parts)}
    if not named:
        return set()
    there = File.objects.there().filter(pk__in=named, blob__isnull=False).values_list("pk", flat=True)
    return {str(one) for one in named - set(there)}
