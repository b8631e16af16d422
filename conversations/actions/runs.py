"""Verbs of a run's life: begin, checkpoint, finish, stop, interrupt. Every write asks whether the run is still ours.

A run belongs to one process incarnation. A process that was frozen and declared dead finds no row to write to, and then
neither stores nor publishes anything (design section 3).
"""

import dataclasses
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from conversations import events, prompts, transcript
from conversations.actions import announce, money
from conversations.actions.turns import turn
from conversations.models import Message, Run, RunStatus
from live import rows

Json = dict[str, Any]
FAILED = (RunStatus.FAILED, RunStatus.INTERRUPTED)
_AT_THE_END = (
    *("status", "error", "usage", "seq", "reasoning_seq", "attempt"),
    *("finish_reason", "first_text_at", "retry_at", "ended_at", *money.COST),
)


@dataclasses.dataclass(frozen=True)
class Work:
    """What an engine needs to carry a run out."""

    run: Run
    request: Json
    message: Json  # as watchers know it; its parts are not empty when it is being continued


@dataclasses.dataclass(frozen=True)
class State:
    """How far a live run is."""

    run_id: uuid.UUID
    message_id: uuid.UUID
    conversation_id: uuid.UUID
    parts: list[Json]
    seq: int
    reasoning_seq: int
    attempt: int = 1
    retry_at: datetime | None = None  # set while a retry waits


@dataclasses.dataclass(frozen=True)
class Ended:
    """How a run ended."""

    status: RunStatus
    finish_reason: str = ""
    usage: Json | None = None
    error: Json | None = None
    first_text_at: datetime | None = None


def _mine(run_id: uuid.UUID, process_id: uuid.UUID) -> QuerySet[Run]:
    return Run.objects.live().filter(pk=run_id, process=process_id)


@transaction.atomic(savepoint=False)
def begin_run(run_id: uuid.UUID, process_id: uuid.UUID) -> Work | None:
    """Take a queued run up; None when it is not ours to carry out, or was stopped before it began."""
    began = _mine(run_id, process_id).filter(status=RunStatus.QUEUED, stop_requested=False)
    if not began.update(status=RunStatus.IN_PROGRESS, started_at=timezone.now()):
        return None
    run = Run.objects.select_related("message", "conversation").get(pk=run_id)
    announce.to_watchers(run.conversation, events.RunUpdated(transcript.run_json(run)))
    [message] = transcript.messages_json([run.message], runs={run.message_id: run})
    return work_of(run, message, Message.objects.branch(run.message_id))


def work_of(run: Run, message: Json, branch: list[Message]) -> Work:
    """What there is to do for a run that has been taken up.

    `message` is its answer as watchers know it, `branch` the messages down to it.
    """
    body = prompts.request(run.model_id, branch, run.params, go_on=bool(run.message.text), ceiling=run.ceiling)
    return Work(run, body, message)


@transaction.atomic(savepoint=False)
def checkpoint(process_id: uuid.UUID, live: Iterable[uuid.UUID], states: list[State]) -> Mapping[uuid.UUID, bool]:
    """Store how far our live runs are, all in one transaction.

    Returns run id -> whether a stop was asked for. A run that is missing is no longer ours.
    """
    mine = Run.objects.live().filter(process=process_id, pk__in=list(live)).select_for_update()
    still = dict(mine.values_list("pk", "stop_requested"))
    kept = [state for state in states if state.run_id in still]
    if kept:
        _store(kept)
    return still


def _store(states: list[State]) -> None:
    """Two prepared statements, however many runs."""
    run, message = Run._meta, Message._meta
    parts, retry_at = message.get_field("parts"), run.get_field("retry_at")
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {run.db_table} SET seq = %s, reasoning_seq = %s, attempt = %s, retry_at = %s "  # noqa: S608 - ours
            "WHERE id = %s",
            [
                (
                    state.seq,
                    state.reasoning_seq,
                    state.attempt,
                    retry_at.get_db_prep_save(state.retry_at, connection),
                    _key(run, state.run_id),
                )
                for state in states
            ],
        )
        cursor.executemany(
            f"UPDATE {message.db_table} SET parts = %s WHERE id = %s",  # noqa: S608
            [(parts.get_db_prep_save(state.parts, connection), _key(message, state.message_id)) for state in states],
        )


def _key(meta: Any, value: uuid.UUID) -> Any:
    return meta.pk.get_db_prep_value(value, connection)


def finish_run(process_id: uuid.UUID, state: State, ended: Ended) -> Run | None:
    """Store the end of a run and tell everybody; None when it was no longer ours."""
    with turn(state.conversation_id) as conversation:
        run = rows.one(Run, state.run_id, lock=True)
        if run is None or not run.is_live or run.process_id != process_id or conversation is None:
            return None
        run.conversation, message = conversation, rows.some(Message, "WHERE id = %s", run.message_id)[0]
        run.message, run.owner = message, rows.some(get_user_model(), "WHERE id = %s", run.owner_id)[0]
        run.status, run.error, run.usage = ended.status, ended.error, ended.usage
        run.seq, run.reasoning_seq, run.attempt = state.seq, state.reasoning_seq, state.attempt
        run.finish_reason, run.first_text_at = ended.finish_reason[:64], ended.first_text_at
        run.retry_at, run.ended_at = None, timezone.now()
        message.parts, message.finish_reason = state.parts, run.finish_reason
        message.usage = _sum(message.usage, ended.usage)
        money.settle(run)
        rows.store(run, *_AT_THE_END)
        rows.store(message, "parts", "finish_reason", "usage", *money.COST)
        _announce_end(run)
        return run


def _sum(before: Json | None, more: Json | None) -> Json | None:
    """A continued message has used what all of its runs used."""
    if not before or not more:
        return more or before
    return {name: (before.get(name) or 0) + (more.get(name) or 0) for name in {**before, **more}}


def _announce_end(run: Run) -> None:
    message = run.message
    ids = {"run": str(run.pk), "message": str(message.pk), "status": run.status}
    if run.status in FAILED:
        failed = events.RunFailed(**ids, error=run.error or {}, cost=message.cost, cost_marks=message.cost_marks)
        announce.to_watchers(run.conversation, failed)
    else:
        announce.to_watchers(
            run.conversation,
            events.RunFinished(
                **ids,
                finish_reason=run.finish_reason or None,
                usage=message.usage,
                cost=message.cost,
                cost_marks=message.cost_marks,
                length=len(message.text),
                error=run.error,
            ),
        )
    if run.status != RunStatus.CANCELLED:  # who stops an answer knows that it has ended
        run.conversation.unread = True
        rows.store(run.conversation, "unread")
    announce.updated(run.conversation)


@transaction.atomic(savepoint=False)
def request_stop(run: Run) -> Run:
    """Ask a live run to stop; its engine reads the column back. A run that has ended stays as it is."""
    Run.objects.live().filter(pk=run.pk).update(stop_requested=True)
    return Run.objects.select_related("process").get(pk=run.pk)


def interrupt(runs: QuerySet[Run], error: Json) -> int:
    """End runs whose engine is gone, one transaction each. What was stored stays; returns how many there were."""
    found = list(runs.values_list("pk", "conversation_id", "process_id"))
    return sum(_interrupt(*ids, error) for ids in found)


def _interrupt(run_id: uuid.UUID, conversation_id: uuid.UUID, process_id: uuid.UUID | None, error: Json) -> bool:
    with turn(conversation_id):
        ended = Run.objects.live().filter(pk=run_id, process=process_id)
        if not ended.update(status=RunStatus.INTERRUPTED, error=error, retry_at=None, ended_at=timezone.now()):
            return False
        run = Run.objects.select_related("message", "conversation").get(pk=run_id)
        money.settle(run)
        run.save(update_fields=money.COST)
        run.message.save(update_fields=money.COST)
        _announce_end(run)
        return True
