"""A conversation as it is at this moment: what is stored, overlaid with what is being written."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from conversations import access, actions, transcript
from conversations.models import LIVE, Conversation, Run
from conversations.runs import live_run, remote
from live import bus, process, rows
from live.database import query, read
from providers import failures

Json = dict[str, Any]
Take = Callable[[Conversation, Iterable[Run]], Json]
_LIVE = "WHERE conversation_id = %s AND status IN (%s, %s) ORDER BY id"
# Of a run: they move when it is stored or ends. The leaf moves when a run begins that was not there before.
_MOVED = """
    SELECT r.id, r.seq, r.reasoning_seq, r.process_id, r.started_at IS NOT NULL, c.leaf_id
    FROM conversations_run r JOIN conversations_conversation c ON c.id = r.conversation_id
    WHERE r.conversation_id = %s AND r.status IN (%s, %s) ORDER BY r.id
"""
READS = 5  # a run may end between the reading and the overlay; then its end is stored, and is read


async def whole(user: Any, conversation_id: uuid.UUID) -> Json:
    """All that is said in a conversation, on every branch, with what is being written as far as it is."""
    return await snapshot(user, conversation_id, transcript.whole)


async def snapshot(user: Any, conversation_id: uuid.UUID, take: Take = transcript.snapshot) -> Json:
    """The fields of `conversation.snapshot`, or what else `take` makes of a conversation and its live runs.

    A watcher joins the topic first, so that nothing falls between.
    Raises NotFound for a conversation that this person has not.
    """
    asked = False
    for _ in range(READS):
        found, begun, elsewhere = await read(_stored, user, conversation_id, take)
        if elsewhere and not asked:
            asked = True
            for run in await read(_written_elsewhere, user, conversation_id):
                await _have_sent_or_end(run)
        elif all(live_run.find(run_id) is not None for run_id in begun):
            break
    return _overlaid(found)


async def _have_sent_or_end(run: Run) -> None:
    """A run of a dead process ends here, when its conversation is opened."""
    if await read(process.is_dead, run.process_id):
        await query(actions.interrupt, Run.objects.filter(pk=run.pk), failures.interrupted().as_json())
    else:
        await remote.ask_to_send(run)


async def follow(run_id: str) -> None:
    """A run has begun that is watched here: have its frames sent, when another process writes it."""
    if bus.alone():
        return
    run = await read(_of_another_process, run_id)
    if run is not None:
        await remote.ask_to_send(run)


def _of_another_process(run_id: str) -> Run | None:
    others = Run.objects.live().exclude(process=process.current_id())
    return others.filter(pk=run_id).select_related("process").first()


def _written_elsewhere(user: Any, conversation_id: uuid.UUID) -> list[Run]:
    """Live runs of other processes."""
    conversation = access.conversation(user, conversation_id)
    return list(conversation.runs.live().exclude(process=process.current_id()).select_related("process"))


def _stored(user: Any, conversation_id: uuid.UUID, take: Take) -> tuple[Json, list[uuid.UUID], bool]:
    """What the database has, which of its live runs this process has begun to write, and whether others write there.

    It takes several queries, and a run may begin, be stored or end between them; counters that have not moved prove
    that the text belongs to them.
    """
    for _ in range(READS):
        conversation: Conversation = access.conversation(user, conversation_id)
        live = rows.some(Run, _LIVE, conversation.pk, *LIVE)
        found = take(conversation, live)
        if [_read(row) for row in rows.ask(_MOVED, conversation.pk, *LIVE)] == [_at(run, conversation) for run in live]:
            break
    mine = [run for run in live if run.process_id == process.current_id()]
    return found, [run.pk for run in mine if run.started_at is not None], len(mine) < len(live)


def _at(run: Run, conversation: Conversation) -> tuple[Any, ...]:
    return run.pk, run.seq, run.reasoning_seq, run.process_id, run.started_at is not None, conversation.leaf_id


def _read(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The same, from a row of _MOVED."""
    pk, seq, reasoning_seq, process_id, started, leaf = row
    return rows.as_uuid(pk), seq, reasoning_seq, rows.as_uuid(process_id), bool(started), rows.as_uuid(leaf)


def _overlaid(found: Json) -> Json:
    """Only for runs that the database calls live: one that is stored as ended may not have left the memory yet."""
    writing = {}
    for run in found["runs"]:
        live = live_run.find(uuid.UUID(run["id"]))
        if live is not None and live.message_id is not None:
            live.flush()
            run.update(live.facts())
            writing[run["message"]] = live
    for name in ("messages", "beside"):
        found[name] = [
            writing[message["id"]].overlay(message) if message["id"] in writing else message for message in found[name]
        ]
    return found


def is_written_here(run_id: str) -> bool:
    """Whether this process writes the run, so that its watchers here have lost nothing."""
    try:
        return live_run.find(uuid.UUID(run_id)) is not None
    except ValueError:
        return False


def is_at(user: Any, conversation_id: uuid.UUID, run_id: str, counters: tuple[int, int]) -> bool:
    """Whether a run that is live elsewhere has stored no more than these counters; False once it has ended.

    A run that had ended before the watcher came is where its counters say it is.
    """
    try:
        run = Run.objects.get(pk=uuid.UUID(run_id), owner=user, conversation=conversation_id)
    except (Run.DoesNotExist, ValueError):
        return False
    return run.is_live and (run.seq, run.reasoning_seq) <= counters
