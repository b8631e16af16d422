"""The queue of what is new -> the index, a few at a time. Reading and folding wait for nobody, and nobody for them."""

import json
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.utils.dateparse import parse_datetime

from conversations.search.entries import Row, as_text, as_vector, readable, rows_of
from live import rows

SOME = 16  # of the queue, at a time
ENOUGH = 100_000  # characters at a time: about a tenth of a second
MILLISECONDS = 1_000
_JITTER = 5_000  # milliseconds: copies of a whole branch were made in the same one

# What is new comes before a rebuild.
_QUEUED = "SELECT id, conversation_id, message_id FROM search_queue ORDER BY id DESC LIMIT %s"
_MESSAGES = """
    SELECT m.id, m.parts, m.model_id, m.created_at, c.owner_id FROM conversations_message m
    JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE m.deleted_at IS NULL AND c.deleted_at IS NULL AND m.id {}
"""
_TITLES = """
    SELECT id, title, created_at, owner_id FROM conversations_conversation WHERE deleted_at IS NULL AND id {}
"""
_LOCK = "SELECT id FROM conversations_conversation WHERE id {} ORDER BY id"


class Ready(NamedTuple):
    """A line of the queue, the text as it was read for it (None: it is gone), and the rows that this makes."""

    line: int
    conversation: Any
    message: Any
    source: Any
    owner: Any = None
    at: int = 0
    made: tuple[Row, ...] = ()


def prepare() -> list[Ready]:
    """The next lines of the queue, with what they lead to; changes nothing."""
    queued = rows.ask(_QUEUED, SOME)
    found = _sources(queued)
    ready: list[Ready] = []
    length = 0
    for line, conversation, message in queued:
        source = found.get((conversation, message))
        if source is None:
            ready.append(Ready(line, conversation, message, None))
            continue
        text, model_id, parts, created_at, owner = _read(source, message)
        length += len(text)
        if ready and length > ENOUGH:
            break
        made = tuple(rows_of(owner, text, model_id, parts)) if text or parts else ()
        ready.append(Ready(line, conversation, message, source, owner, _at(created_at), made))
    return ready


@transaction.atomic(savepoint=False)
def store(ready: list[Ready]) -> int:
    """Put into the index what was prepared, unless it has changed or gone since; how many lines are done.

    What somebody is just changing, or another process storing, waits for the next time. Until we commit, nobody deletes
    what we store: whoever does it next finds it, and takes it out.
    """
    ready = _taken(ready)
    now = _sources([(one.line, one.conversation, one.message) for one in ready])
    done = [one for one in ready if now.get((one.conversation, one.message)) == one.source]
    if not done:
        return 0
    for one in done:
        _replace(one)
    lines = [one.line for one in done]
    rows.change(f"DELETE FROM search_queue WHERE id {rows.among(len(lines))}", *lines)  # noqa: S608
    return len(done)


def _taken(ready: list[Ready]) -> list[Ready]:
    """Those whose lines and conversations are ours until we commit; SQLite has one writer."""
    if not connection.features.has_select_for_update or not ready:
        return ready
    lines = [one.line for one in ready]
    free = "FOR UPDATE SKIP LOCKED"
    mine = rows.ask(f"SELECT id FROM search_queue WHERE id {rows.among(len(lines))} ORDER BY id {free}", *lines)  # noqa: S608
    taken = {line for (line,) in mine}
    conversations = list({one.conversation for one in ready if one.line in taken})
    which = _LOCK.format(rows.among(len(conversations)))
    held = {found for (found,) in rows.ask(f"{which} FOR SHARE SKIP LOCKED", *conversations)}
    busy = {found for (found,) in rows.ask(which, *conversations)} - held
    return [one for one in ready if one.line in taken and one.conversation not in busy]


def _sources(queued: Iterable[tuple[int, Any, Any]]) -> dict[tuple[Any, Any], tuple[Any, ...]]:
    """(conversation, message or None) -> the row that its text is in; nothing for what is gone."""
    queued = list(queued)
    messages = {message: conversation for _, conversation, message in queued if message is not None}
    titles = [conversation for _, conversation, message in queued if message is None]
    found: dict[tuple[Any, Any], tuple[Any, ...]] = {}
    if messages:
        for row in rows.ask(_MESSAGES.format(rows.among(len(messages))), *messages):
            found[messages[row[0]], row[0]] = row
    if titles:
        for row in rows.ask(_TITLES.format(rows.among(len(titles))), *titles):
            found[row[0], None] = row
    return found


def _read(source: tuple[Any, ...], message: Any) -> tuple[str, str, list[dict[str, Any]] | None, Any, Any]:
    """Text, model, parts (None of a title), moment and owner."""
    if message is None:
        _, title, created_at, owner = source
        return title, "", None, created_at, owner
    _, parts, model_id, created_at, owner = source
    parts = json.loads(parts) if isinstance(parts, str) else parts
    return readable(parts), model_id, parts, created_at, owner


def _at(moment: Any) -> int:
    """Milliseconds since 1970: entries are numbered by when their message came, and so stand in that order."""
    found = moment if isinstance(moment, datetime) else parse_datetime(str(moment))
    assert found is not None
    return milliseconds(found if found.tzinfo else found.replace(tzinfo=UTC))


def milliseconds(moment: datetime) -> int:
    """The number at which the entries of a moment begin."""
    return int(moment.timestamp() * MILLISECONDS)


def _replace(one: Ready) -> None:
    if one.message is None:
        rows.change("DELETE FROM search_entry WHERE conversation_id = %s AND message_id IS NULL", one.conversation)
    else:
        rows.change("DELETE FROM search_entry WHERE message_id = %s", one.message)
    written = as_text if connection.vendor == "sqlite" else as_vector
    for number, row in enumerate(one.made):
        _insert(one, row.start, written(row), number)


def _insert(one: Ready, start: int, text: str, number: int) -> None:
    """Under the first free number from its moment on."""
    key = one.message or one.conversation
    step = 1 + (key if isinstance(key, uuid.UUID) else uuid.UUID(key)).int % _JITTER
    kind = "%s" if connection.vendor == "sqlite" else "%s::tsvector"
    statement = (
        f"INSERT INTO search_entry (id, owner_id, conversation_id, message_id, start, words) "  # noqa: S608
        f"VALUES (%s, %s, %s, %s, %s, {kind}) ON CONFLICT (id) DO NOTHING"
    )
    place = one.at + number
    while not rows.change(statement, place, one.owner, one.conversation, one.message, start, text):
        place += step


def note_all() -> int:
    """Put all that there is into the queue, the newest on top; what is in the index stays until it is replaced."""
    alive = "FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id"
    into = "INSERT INTO search_queue (conversation_id, message_id)"
    with transaction.atomic():
        titles = rows.change(
            f"{into} SELECT id, NULL FROM conversations_conversation "  # noqa: S608
            "WHERE title <> '' AND deleted_at IS NULL ORDER BY created_at"
        )
        return titles + rows.change(
            f"{into} SELECT m.conversation_id, m.id {alive} WHERE m.parts <> '[]' "
            "AND m.deleted_at IS NULL AND c.deleted_at IS NULL ORDER BY m.created_at"
        )


def newest() -> int:
    """The number of the queue's last line; 0 when it is empty."""
    return int(rows.ask("SELECT COALESCE(MAX(id), 0) FROM search_queue")[0][0])


def left(until: int) -> int:
    """How many lines the queue has up to this one."""
    return int(rows.ask("SELECT COUNT(*) FROM search_queue WHERE id <= %s", until)[0][0])


def forget_strays() -> int:
    """Take entries out whose message or title is not there; the triggers leave none, a damaged database might."""
    return rows.change(
        """
        DELETE FROM search_entry WHERE NOT EXISTS (
            SELECT 1 FROM conversations_conversation c
            WHERE c.id = search_entry.conversation_id AND c.deleted_at IS NULL
        ) OR message_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM conversations_message m WHERE m.id = search_entry.message_id AND m.deleted_at IS NULL
        )
        """
    )
