"""A conversation as it is at this moment: what is stored, overlaid with what is being written."""

import uuid
from typing import Any

from conversations import access, actions, transcript
from conversations.models import Conversation, Run
from conversations.runs import live_run, remote
from live import bus, process
from live.database import query, read
from providers import failures

Json = dict[str, Any]
READS = 5  # a run may end between the reading and the overlay; then its end is stored, and is read


async def snapshot(user: Any, conversation_id: uuid.UUID) -> Json:
    """The fields of `conversation.snapshot`. A watcher joins the topic first, so that nothing falls between."""
    for run in await read(_written_elsewhere, user, conversation_id):
        if await read(process.is_dead, run.process_id):  # it ends here, when its conversation is opened
            await query(actions.interrupt, Run.objects.filter(pk=run.pk), failures.interrupted().as_json())
        else:
            await remote.ask_to_send(run)
    for _ in range(READS):
        found, begun = await read(_stored, user, conversation_id)
        if all(live_run.find(run_id) is not None for run_id in begun):
            break
    return _overlaid(found)


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


def _stored(user: Any, conversation_id: uuid.UUID) -> tuple[Json, list[uuid.UUID]]:
    """What the database has, and which of its live runs this process has begun to write.

    It takes several queries, and a run may be stored or end between them; counters that have not moved prove that the
    text belongs to them.
    """
    for _ in range(READS):
        conversation: Conversation = access.conversation(user, conversation_id)
        before = _counters(conversation)
        found = transcript.snapshot(conversation)
        if _counters(conversation) == before:
            break
    ours = process.current_id()
    return found, [pk for pk, _, _, owner, started in before if owner == ours and started is not None]


def _counters(conversation: Conversation) -> list[tuple[Any, ...]]:
    live = Run.objects.live().filter(conversation=conversation).order_by("pk")
    return list(live.values_list("pk", "seq", "reasoning_seq", "process_id", "started_at"))


def _overlaid(found: Json) -> Json:
    """Only for runs that the database calls live: one that is stored as ended may not have left the memory yet."""
    writing = {}
    for run in found["runs"]:
        live = live_run.find(uuid.UUID(run["id"]))
        if live is not None and live.message_id is not None:
            live.flush()
            run.update(live.facts())
            writing[run["message"]] = live
    found["messages"] = [
        writing[message["id"]].overlay(message) if message["id"] in writing else message
        for message in found["messages"]
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
