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
from conversations.actions import announce, calls, money
from conversations.actions.turns import turn
from conversations.models import Message, Probabilities, Run, RunStatus
from conversations.records import Record
from live import rows

Json = dict[str, Any]
FAILED = (RunStatus.FAILED, RunStatus.INTERRUPTED)
_AT_THE_END = (
    *("status", "error", "usage", "left_out", "seq", "reasoning_seq", "attempt"),
    *("finish_reason", "first_text_at", "retry_at", "ended_at", "record", *money.COST),
)


@dataclasses.dataclass(frozen=True)
class Work:
    """What an engine needs to carry a call out: one request, for a run and for those that share it with the run."""

    run: Run
    request: Json
    message: Json  # as watchers know it; its parts are not empty when it is being continued
    others: tuple[tuple[Run, Json], ...] = ()  # the request's further answers, in order
    branch: list[Message] = dataclasses.field(default_factory=list)  # down to its answer, as it was asked about


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
    """How a run ended. `usage` is what its whole call has used. Not `given`: nothing came for it."""

    status: RunStatus
    finish_reason: str = ""
    usage: Json | None = None
    error: Json | None = None
    first_text_at: datetime | None = None
    given: bool = True
    left_out: list[str] = dataclasses.field(default_factory=list)  # parameters that the server does not take
    record: Record = dataclasses.field(default_factory=Record)


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
    return work_of([run], [message], Message.objects.branch(run.message_id))


def work_of(runs: list[Run], messages: list[Json], branch: list[Message]) -> Work:
    """What there is to do for the runs of one call that have been taken up.

    `messages` are their answers as watchers know them, `branch` the messages down to one of these.
    """
    run = runs[0]
    body = prompts.request(run.model_id, branch, run.params, go_on=bool(run.message.text), ceiling=run.ceiling)
    return Work(run, body, messages[0], tuple(zip(runs[1:], messages[1:], strict=True)), branch)


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


def finish_run(process_id: uuid.UUID, *ends: tuple[State, Ended]) -> Run | None:
    """Store the end of a call's runs, and tell everybody; the first complete one, None when none was ours any more."""
    with turn(ends[0][0].conversation_id) as conversation:
        runs = _ending(process_id, {state.run_id for state, _ in ends}) if conversation else []
        if not runs or conversation is None:
            return None
        messages = {one.pk: one for one in rows.some(Message, *_among([run.message_id for run in runs]))}
        owner = rows.some(get_user_model(), "WHERE id = %s", runs[0].owner_id)[0]
        how = {state.run_id: (state, ended) for state, ended in ends}
        for run in runs:
            run.conversation, run.owner, run.message = conversation, owner, messages[run.message_id]
            _put_end(run, *how[run.pk])
        missing = {run_id for run_id, (_, ended) in how.items() if not ended.given}
        left = calls.without_missing(runs, missing) if missing and len(runs) > 1 else runs
        money.settle(left)
        for run in left:
            rows.store(run, *_AT_THE_END)
            if probabilities := how[run.pk][1].record.probabilities:
                rows.insert(Probabilities, {"run_id": run.pk, "packed": probabilities})
            rows.store(run.message, "parts", "finish_reason", "usage", *money.COST)
        _announce_end(left)
        if len(left) < len(runs):
            calls.tell_what_is_left(left, [run for run in runs if run not in left])
        return next((run for run in left if run.status == RunStatus.COMPLETED), left[0])


def _among(keys: Iterable[uuid.UUID]) -> tuple[Any, ...]:
    """For `rows.some`: those with these keys."""
    found = list(keys)
    return f"WHERE id {rows.among(len(found))}", *found


def _ending(process_id: uuid.UUID, run_ids: Iterable[uuid.UUID]) -> list[Run]:
    """Those of these runs that are still live and ours, in the order of their answers."""
    found = rows.some(Run, *_among(run_ids), lock=True)
    mine = [run for run in found if run.is_live and run.process_id == process_id]
    return sorted(mine, key=lambda run: run.choice)


def _put_end(run: Run, state: State, ended: Ended) -> None:
    message = run.message
    run.status, run.error, run.usage, run.left_out = ended.status, ended.error, ended.usage, ended.left_out
    run.seq, run.reasoning_seq, run.attempt = state.seq, state.reasoning_seq, state.attempt
    run.finish_reason, run.first_text_at = ended.finish_reason[:64], ended.first_text_at
    run.retry_at, run.ended_at = None, timezone.now()
    run.record = ended.record.packed
    message.parts, message.finish_reason = state.parts, run.finish_reason
    message.usage = _sum(message.usage, ended.usage)


def _sum(before: Json | None, more: Json | None) -> Json | None:
    """A continued message has used what all of its runs used."""
    if not before or not more:
        return more or before
    numbers = {name for name, value in (before | more).items() if type(value) is int}
    return before | more | {name: (before.get(name) or 0) + (more.get(name) or 0) for name in numbers}


def _announce_end(runs: list[Run]) -> None:
    """Each by itself, and once what that means for their conversation."""
    for run in runs:
        _tell_end(run)
    conversation = runs[0].conversation
    if any(run.status != RunStatus.CANCELLED for run in runs):  # who stops an answer knows that it has ended
        conversation.unread = True
        rows.store(conversation, "unread")
    announce.updated(conversation)


def _tell_end(run: Run) -> None:
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
                left_out=run.left_out,
            ),
        )


@transaction.atomic(savepoint=False)
def request_stop(run: Run) -> Run:
    """Ask a live run to stop, and all that share its call; their engine reads the column back.

    A run that has ended stays as it is.
    """
    Run.objects.with_its_call(run).live().update(stop_requested=True)
    return Run.objects.select_related("process").get(pk=run.pk)


def interrupt(runs: QuerySet[Run], error: Json) -> int:
    """End runs whose engine is gone, a call in one transaction. What was stored stays; returns how many there were."""
    found = list(runs.values_list("pk", "conversation_id", "process_id"))
    return sum(_interrupt(*ids, error) for ids in found)


def _interrupt(run_id: uuid.UUID, conversation_id: uuid.UUID, process_id: uuid.UUID | None, error: Json) -> int:
    with turn(conversation_id):
        run = Run.objects.live().filter(pk=run_id, process=process_id).first()
        if run is None:
            return 0
        its = Run.objects.with_its_call(run).live().filter(process=process_id)
        runs = list(its.select_related("message", "conversation"))
        for run in runs:
            run.conversation = runs[0].conversation
            run.status, run.error, run.retry_at, run.ended_at = RunStatus.INTERRUPTED, error, None, timezone.now()
        money.settle(runs)
        for run in runs:
            run.save(update_fields=["status", "error", "retry_at", "ended_at", "usage", *money.COST])
            run.message.save(update_fields=["usage", *money.COST])
        _announce_end(runs)
        return len(runs)
