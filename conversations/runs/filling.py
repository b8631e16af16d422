"""Files on their way into a request: read, scaled to what models read, and put where the prompt has a place for them.

All that touches a disk or a picture happens in threads, after the run began: a prompt is built without any of it.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from asgiref.sync import sync_to_async

from conversations.attached import chosen, parts, wire
from conversations.models import Run
from files import sent, storage
from files.errors import FileGone, FileTooLarge, PictureBroken, TooManyPixels
from files.models import File
from live.database import query_apart
from providers import offers
from providers.registry import Provider

Json = dict[str, Any]
GONE = "was deleted"
TOO_MUCH = "was not sent again: newer files have taken all the room there is"
BLIND = "was not sent: this model cannot see pictures"


@dataclasses.dataclass(frozen=True)
class Filled:
    """A request as it is sent. For its record, which need not keep all that anew: `texts`, what was put in for which
    part, and `joined`, of what parts a message's text was made."""

    request: Json
    texts: Mapping[str, Json] = dataclasses.field(default_factory=dict)
    joined: Mapping[str, list[Json]] = dataclasses.field(default_factory=dict)


async def filled(run: Run, provider: Provider, request: Json) -> Filled:
    """The request with its files; as it is, without a visit to the database, where it has none."""
    open_parts = list(_open(request))
    if not open_parts:
        return Filled(request)
    found = await query_apart(_look_up, run, provider, open_parts)
    made = await sync_to_async(_make_all, thread_sensitive=False)(open_parts, found)
    texts = {part["text"]: kept for kept, part in zip(open_parts, made, strict=True) if _is_text(kept)}
    whole = _put_in(request, iter(made))
    joined = {
        wire.joined(content): content
        for message in whole["messages"]
        if wire.is_all_text(content := message["content"])
    }
    messages = [
        {**message, "content": wire.joined(message["content"])} if wire.is_all_text(message["content"]) else message
        for message in whole["messages"]
    ]
    return Filled({**whole, "messages": messages}, texts, joined)


@dataclasses.dataclass(frozen=True)
class _Found:
    files: Mapping[str, File]
    texts: Mapping[str, Json]
    sees: bool
    by_address: bool = False


def _open(request: Json) -> Iterator[Json]:
    """The parts of a request that wait for their files, in their order."""
    for message in request["messages"]:
        if isinstance(message["content"], list):
            yield from (part for part in message["content"] if wire.is_open(part))


def _put_in(request: Json, made: Iterator[Json]) -> Json:
    messages = [
        {**message, "content": [next(made) if wire.is_open(part) else part for part in message["content"]]}
        if isinstance(message["content"], list)
        else message
        for message in request["messages"]
    ]
    return {**request, "messages": messages}


def _look_up(run: Run, provider: Provider, open_parts: list[Json]) -> _Found:
    named = {part["file"] for part in open_parts}
    mine = File.objects.there().filter(owner=run.owner_id, pk__in=named, blob__isnull=False).select_related("blob")
    texts = chosen.text_parts(run.owner_id, filter(_is_text, open_parts))
    known = offers.one(run.owner, provider, run.model_id).known["capabilities"]
    sees = known.get("vision") is not False
    return _Found({str(file.pk): file for file in mine}, texts, sees, provider.picture_addresses)


def _is_text(part: Json) -> bool:
    return part.get("as") == parts.TEXT


def _make_all(open_parts: list[Json], found: _Found) -> list[Json]:
    """All of them, the newest first, for as long as there is room: what is sent as it is, is in memory as a whole."""
    room, made = parts.MOST_WHOLE, []
    for part in reversed(open_parts):
        made.append(_make(part, found, room))
        room -= _size(made[-1])
    return made[::-1]


def _size(made: Json) -> int:
    """Bytes of base64 in a part, as they were before."""
    data = made.get("image_url", {}).get("url") or made.get("input_audio", {}).get("data")
    return len(data or made.get("file", {}).get("file_data", "")) * 3 // 4


def _make(part: Json, found: _Found, room: int) -> Json:
    file = found.files.get(part["file"])
    if file is None:
        return wire.missing(part, GONE)
    if _is_text(part):
        return found.texts.get(chosen.key(part)) or wire.missing(part, GONE)
    if (file.size > room and part["type"] != parts.IMAGE) or room <= 0:
        return wire.missing(part, TOO_MUCH)
    if part["type"] == parts.IMAGE and not found.sees:
        return wire.missing(part, BLIND)
    try:
        if part["type"] == parts.IMAGE:
            return _image(part, file, found.by_address)
        data = storage.read(file)
    except (FileGone, FileTooLarge, PictureBroken, TooManyPixels):
        return wire.missing(part, GONE)
    if part["as"] == parts.AUDIO:
        return wire.audio(data, parts.AUDIO_FORMATS[file.mime])
    return wire.file(part["name"], file.mime, data)


def _image(part: Json, file: File, by_address: bool) -> Json:
    """No larger than models look at it: its data, or where it can be fetched for a while."""
    detail = part.get("detail", "")
    side = parts.LOW_SIDE if detail == "low" else parts.LONG_SIDE
    if by_address and (address := sent.address(file.pk, side)):
        return wire.image(address, detail)
    copy = sent.copy_of(file, side)
    return wire.image(wire.data_url(copy.mime, copy.data), detail)
