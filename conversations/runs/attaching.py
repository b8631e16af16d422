"""What a command attaches, before it is carried out: forms bring bytes, and a text may still be on its way."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from conversations.attached import chosen
from conversations.attached.parts import Wanted
from files import access, extract, texts
from files.models import UNREAD
from live.database import query_apart, read

Json = dict[str, Any]


async def parts_of(user: Any, wanted: Sequence[Wanted]) -> list[Json]:
    """The parts for these files of a person's, once their texts have been read. Raises as `chosen.parts_of`."""
    waiting = await read(_being_read, user, wanted)
    if waiting:
        await extract.ended(waiting, extract.PATIENCE * settings.EXTRACT_SECONDS)
    return await query_apart(chosen.parts_of, user, wanted)


def _being_read(user: Any, wanted: Sequence[Wanted]) -> list[Any]:
    files = access.files_of(user, [one.id for one in wanted])
    return [one.pk for one in texts.facts_of(files).values() if one.status in UNREAD]
