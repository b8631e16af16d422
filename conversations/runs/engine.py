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
from conversations.actions import Ended
from conversations.errors import AnswerTooLong
from conversations.models import Run, RunStatus
from conversations.runs import checkpoints, endings, filling, live_run, titles
from conversations.runs.live_run import Call, LiveRun
from conversations.runs.trail import Trail
from live import process, tasks
from live.database import query, read
from live.errors import Refused
from providers import choosing, clients, failures

log = structlog.get_logger(__name__)
# Between frames: an eye sees no difference, a browser draws half as often. What comes meanwhile is read at once.
FRAME_SECONDS = 0.03
QUEUED_TOO_LONG = timedelta(seconds=2)
FINISH_RETRY_SECONDS = 1.0
STORE_SECONDS = 5.0  # that a stopping server goes on trying to store what was cut off


def launch(run_id: uuid.UUID, language: str | None = None, work: actions.Work | None = None) -> None:
    """Start a run's task. From any thread, after commit. Without `work` the run still waits to be taken up."""
    tasks.start(execute, run_id, language or settings.LANGUAGE_CODE, work, failed=lambda: give_up(run_id))


async def execute(run_id: uuid.UUID, language: str, work: actions.Work | None = None) -> None:
    """One call, to its end. Its sentences are in the language of who asked."""
    if live_run.find(run_id) is not None:
        return
    call = [LiveRun(run_id), *(LiveRun(run.pk) for run, _ in (work.others if work else ()))]
    for live in call:
        live.call = call
    structlog.contextvars.bind_contextvars(run_id=str(run_id))
    translation.activate(language)
    try:
        ends = await _carry_out(call, work)
        if ends is not None:
            await _finish(call, ends)
    finally:
        for live in call:
            live.leave()


async def _carry_out(call: Call, work: actions.Work | None) -> list[Ended] | None:
    """How its runs ended; None when it is not ours to end."""
    first = call[0]
    try:
        work = work or await query(actions.begin_run, first.id, process.current_id())
        if work is None:
            return [Ended(RunStatus.CANCELLED)] if await query(_take_stopped, first) else None
        for live, (run, message) in zip(call, [(work.run, work.message), *work.others], strict=True):
            live.begin(run, message)
        checkpoints.keep_going()
        return await _ask(call, work)
    except DatabaseError as error:  # away for a while: the sweep finds the run in the queue and starts it again
        log.warning("run_not_begun", error=type(error).__name__)
        return None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if first.lost:
            return None
        if not first.stopping or task is None:
            raise  # the process ends; `drain` has stored what there is
        task.uncancel()
        if first.message_id is None and not await query(_take_stopped, first):
            return None
        return endings.broken(call, RunStatus.CANCELLED)


def _take_stopped(live: LiveRun) -> bool:
    """Find out what a run is about that was stopped before it was taken up."""
    mine = Run.objects.live().filter(pk=live.id, process=process.current_id(), stop_requested=True)
    run = mine.select_related("message").first()
    if run is None:
        return False
    live.begin(run, {"parts": list(run.message.parts)})
    return True


async def _ask(call: Call, work: actions.Work) -> list[Ended]:
    run = work.run
    try:
        provider = await choosing.find(run.owner_id, run.provider)
    except Refused as refusal:  # it was there when the person chose it
        return endings.broken(call, RunStatus.FAILED, error=refusal.as_dict())

    filled = await filling.filled(run, provider, work.request)
    trail = Trail(work, filled.texts, filled.joined)
    for live in call:
        live.trail = trail

    def on_retry(retry: oc.Retry) -> None:
        trail.retried(retry)
        at = timezone.now() + timedelta(seconds=retry.wait_seconds)
        for live in call:
            live.wait_for_retry(retry.attempt, at)

    streamed, seconds = run.params.get("stream") is not False, run.params.get("timeout")
    stream = trail.stream = clients.client_for(provider).stream_chat(
        filled.request, on_retry=on_retry, streamed=streamed, total=seconds
    )
    try:
        await _hand_on(call, stream)
        return endings.of(call, stream.completion)
    except oc.OpenAIClientError as error:
        if error.code == AnswerTooLong.code:  # what is not shown counts for the client as well
            return endings.of(call, stream.completion, too_long=True)
        failure = failures.explain(error, provider=provider.name, model_id=run.model_id)
        log.info("run_failed", code=failure.code, provider=provider.id, upstream_request_id=error.request_id)
        return endings.broken(call, RunStatus.FAILED, error=failure.as_json(), completion=stream.completion)


async def _hand_on(call: Call, stream: oc.ChatStream) -> None:
    """What comes, frame by frame, until the end or until there is no room for more."""
    async with stream:
        while not _full(call) and (deltas := await stream.batch()):
            for live in call:
                live.hear()
            for delta in deltas:
                _add(call, delta)
            for live in call:
                live.flush()
            if not isinstance(deltas[-1], oc.ChoiceFinished):
                await asyncio.sleep(FRAME_SECONDS)


def _full(call: Call) -> bool:
    return any(live.full for live in call)


def _add(call: Call, delta: oc.Delta) -> None:
    """Answers that nobody asked for are not shown."""
    if not 0 <= delta.index < len(call):
        return
    live = call[delta.index]
    live.given = True
    match delta:
        case oc.TextDelta():
            live.add_text(delta.text)
        case oc.RefusalDelta():
            live.add_refusal(delta.text)
        case oc.ReasoningDelta():
            live.add_reasoning(delta.text)
        case oc.TextWasReasoning():
            live.move_text_to_reasoning()
        case oc.ChoiceFinished():
            live.finish_reason = delta.reason


async def _finish(call: Call, ends: list[Ended]) -> None:
    """Store the end; a database that is away for a while only delays it."""
    for live in call:
        live.ending = True  # a stop that comes now comes too late to cancel this task
        live.release()
        live.flush()
    ends = [dataclasses.replace(ended, record=live.record()) for live, ended in zip(call, ends, strict=True)]
    while True:
        for live in call:
            live.flush_all()
        states = [live.state() for live in call]
        try:
            stored = await query(actions.finish_run, process.current_id(), *zip(states, ends, strict=True))
            break
        except DatabaseError as error:
            log.warning("finish_delayed", error=type(error).__name__)
            await asyncio.sleep(FINISH_RETRY_SECONDS)
    if stored and stored.owner.title_by_model and stored.status == RunStatus.COMPLETED:
        tasks.start(titles.improve, stored.pk)


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
    calls = {live.call[0].id: live.call for live in runs if live.message_id is not None}
    await _interrupt_all(list(calls.values()))
    for live in runs:
        live.lose()


async def _interrupt_all(calls: list[Call]) -> None:
    """Store each, whatever becomes of the others; what the database refuses is tried again for a while.

    What cannot be stored is found by the next start, as far as its last checkpoint.
    """
    error = failures.interrupted().as_json()
    deadline = asyncio.get_running_loop().time() + STORE_SECONDS
    while calls and asyncio.get_running_loop().time() < deadline:
        refused = []
        for call in calls:
            for live in call:
                live.close()
            ended = [
                Ended(RunStatus.INTERRUPTED, error=error, first_text_at=live.first_text_at, record=live.record())
                for live in call
            ]
            states = [live.state() for live in call]
            try:
                await query(actions.finish_run, process.current_id(), *zip(states, ended, strict=True))
            except DatabaseError as failure:
                log.warning("end_not_stored", run_id=str(call[0].id), error=type(failure).__name__)
                refused.append(call)
        if calls := refused:
            await asyncio.sleep(FINISH_RETRY_SECONDS)
