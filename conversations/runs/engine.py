"""Carrying a run out: from the queue through the upstream to its end, whatever happens on the way."""

import asyncio
import dataclasses
import uuid
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone, translation

import openai_client as oc
from conversations import actions
from conversations.accumulator import usage_json
from conversations.actions import Ended
from conversations.errors import AnswerTooLong
from conversations.models import MAX_ANSWER, Run, RunStatus
from conversations.runs import checkpoints, live_run, titles
from conversations.runs.live_run import LiveRun
from live import process, tasks
from live.database import query, read
from live.errors import Refused
from providers import choosing, clients, failures

log = structlog.get_logger(__name__)
QUEUED_TOO_LONG = timedelta(seconds=2)
FINISH_RETRY_SECONDS = 1.0
STORE_SECONDS = 5.0  # that a stopping server goes on trying to store what was cut off
_INCOMPLETE = {"length": RunStatus.INCOMPLETE, "content_filter": RunStatus.INCOMPLETE}


def launch(run_id: uuid.UUID, language: str | None = None, work: actions.Work | None = None) -> None:
    """Start a run's task. From any thread, after commit. Without `work` the run still waits to be taken up."""
    tasks.start(execute, run_id, language or settings.LANGUAGE_CODE, work, failed=lambda: give_up(run_id))


async def execute(run_id: uuid.UUID, language: str, work: actions.Work | None = None) -> None:
    """One run, to its end. Its sentences are in the language of who asked."""
    if live_run.find(run_id) is not None:
        return
    live = LiveRun(run_id)
    structlog.contextvars.bind_contextvars(run_id=str(run_id))
    translation.activate(language)
    try:
        ended = await _carry_out(live, work)
        if ended is not None:
            await _finish(live, ended)
    finally:
        live.leave()


async def _carry_out(live: LiveRun, work: actions.Work | None) -> Ended | None:
    """How it ended; None when it is not ours to end."""
    try:
        work = work or await query(actions.begin_run, live.id, process.current_id())
        if work is None:
            return Ended(RunStatus.CANCELLED) if await query(_take_stopped, live) else None
        live.begin(work.run, work.message)
        checkpoints.keep_going()
        return await _ask(live, work)
    except DatabaseError as error:  # away for a while: the sweep finds the run in the queue and starts it again
        log.warning("run_not_begun", error=type(error).__name__)
        return None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if live.lost:
            return None
        if not live.stopping or task is None:
            raise  # the process ends; `drain` has stored what there is
        task.uncancel()
        if live.message_id is None and not await query(_take_stopped, live):
            return None
        return Ended(RunStatus.CANCELLED, first_text_at=live.first_text_at)


def _take_stopped(live: LiveRun) -> bool:
    """Find out what a run is about that was stopped before it was taken up."""
    mine = Run.objects.live().filter(pk=live.id, process=process.current_id(), stop_requested=True)
    run = mine.select_related("message").first()
    if run is None:
        return False
    live.begin(run, {"parts": list(run.message.parts)})
    return True


async def _ask(live: LiveRun, work: actions.Work) -> Ended:
    run = work.run
    try:
        provider = await choosing.find(run.owner_id, run.provider)
    except Refused as refusal:  # it was there when the person chose it
        return Ended(RunStatus.FAILED, error=refusal.as_dict())

    def on_retry(retry: oc.Retry) -> None:
        live.wait_for_retry(retry.attempt, timezone.now() + timedelta(seconds=retry.wait_seconds))

    stream = clients.client_for(provider).stream_chat(work.request, on_retry=on_retry)
    try:
        async with stream:
            while not live.full and (deltas := await stream.batch()):
                live.hear()
                for delta in deltas:
                    _add(live, delta)
        ended = _ended(live, stream.completion)
        return _too_long(ended) if live.full else ended
    except oc.OpenAIClientError as error:
        if error.code == AnswerTooLong.code:  # what is not shown counts for the client as well
            return _too_long(_ended(live, stream.completion))
        failure = failures.explain(error, provider=provider.name, model_id=run.model_id)
        log.info("run_failed", code=failure.code, provider=provider.id, upstream_request_id=error.request_id)
        ended = _ended(live, stream.completion)
        return dataclasses.replace(ended, status=RunStatus.FAILED, error=failure.as_json())


def _add(live: LiveRun, delta: oc.Delta) -> None:
    """Only the first choice is shown: `n` is not sent yet."""
    if delta.index != 0:
        return
    match delta:
        case oc.TextDelta() | oc.RefusalDelta():
            live.add_text(delta.text)
        case oc.ReasoningDelta():
            live.add_reasoning(delta.text)
        case oc.TextWasReasoning():
            live.move_text_to_reasoning()


def _too_long(ended: Ended) -> Ended:
    return dataclasses.replace(ended, status=RunStatus.INCOMPLETE, error=AnswerTooLong(limit=MAX_ANSWER).as_dict())


def _ended(live: LiveRun, completion: oc.ChatCompletion) -> Ended:
    choice = completion.choices[0] if completion.choices else None
    reason = (choice.finish_reason or "") if choice else ""
    ending = (choice.ending or "") if choice else ""
    return Ended(
        _INCOMPLETE.get(ending, RunStatus.COMPLETED),
        finish_reason=reason,
        usage=usage_json(completion.usage, completion.meta),
        first_text_at=live.first_text_at,
    )


async def _finish(live: LiveRun, ended: Ended) -> None:
    """Store the end; a database that is away for a while only delays it."""
    live.ending = True  # a stop that comes now comes too late to cancel this task
    while True:
        live.flush_all()
        try:
            stored = await query(actions.finish_run, process.current_id(), live.state(), ended)
            break
        except DatabaseError as error:
            log.warning("finish_delayed", error=type(error).__name__)
            await asyncio.sleep(FINISH_RETRY_SECONDS)
    if stored and stored.owner.title_by_model and ended.status == RunStatus.COMPLETED:
        tasks.start(titles.improve, live.id)


async def give_up(run_id: uuid.UUID) -> None:
    """A fault of ours ended the task: the person is told, and the text so far stays."""
    mine = Run.objects.live().filter(pk=run_id)
    await query(actions.interrupt, mine, failures.fault_of_ours().as_json())


async def recover() -> None:
    """Find what nobody works on: runs of dead processes, and our own that never began or have lost their task."""
    orphans = await read(_orphans)
    for run_id in orphans:  # each by itself: others who write need not wait for all of them
        await query(actions.interrupt, Run.objects.filter(pk=run_id), failures.interrupted().as_json())
    if orphans:
        log.info("runs_interrupted", count=len(orphans))
    for run in await read(_own_runs):
        if live_run.find(run.pk) is not None:
            continue
        if run.status == RunStatus.QUEUED:
            launch(run.pk)
        else:
            await query(actions.interrupt, Run.objects.filter(pk=run.pk), failures.interrupted().as_json())


def _orphans() -> list[uuid.UUID]:
    orphans = Run.objects.live().filter(process__in=process.dead()) | Run.objects.live().filter(process=None)
    return list(orphans.values_list("pk", flat=True))


def _own_runs() -> list[Run]:
    old = timezone.now() - QUEUED_TOO_LONG
    return list(Run.objects.live().filter(process=process.current_id(), created_at__lt=old))


async def drain() -> None:
    """The server stops: give live runs their time, then store them as interrupted."""
    deadline = asyncio.get_running_loop().time() + settings.DRAIN_SECONDS
    while (tasks_left := live_run.tasks()) and (left := deadline - asyncio.get_running_loop().time()) > 0:
        await asyncio.wait(tasks_left, timeout=left)
    runs = live_run.all_live()
    await _interrupt_all([live for live in runs if live.message_id is not None])
    for live in runs:
        live.lose()
    await clients.close_all()


async def _interrupt_all(runs: list[LiveRun]) -> None:
    """Store each, whatever becomes of the others; what the database refuses is tried again for a while.

    What cannot be stored is found by the next start, as far as its last checkpoint.
    """
    error = failures.interrupted().as_json()
    deadline = asyncio.get_running_loop().time() + STORE_SECONDS
    while runs and asyncio.get_running_loop().time() < deadline:
        refused = []
        for live in runs:
            live.flush_all()
            ended = Ended(RunStatus.INTERRUPTED, error=error, first_text_at=live.first_text_at)
            try:
                await query(actions.finish_run, process.current_id(), live.state(), ended)
            except DatabaseError as failure:
                log.warning("end_not_stored", run_id=str(live.id), error=type(failure).__name__)
                refused.append(live)
        if runs := refused:
            await asyncio.sleep(FINISH_RETRY_SECONDS)
