"""Carrying a job out: from the queue through the upstream to its end, whatever happens on the way."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.utils import timezone, translation

import openai_client as oc
from files import storage
from files.errors import DiskFull, FileGone
from images import actions, failures, wire
from images.actions import Ended, Work
from images.failures import Json
from images.models import Job, JobStatus, Kind
from images.runs import keeping, live_job, watchman
from images.runs.live_job import LiveJob
from live import process, tasks
from live.database import query, read
from live.errors import Refused
from providers import choosing, clients
from providers.registry import Provider

log = structlog.get_logger(__name__)
QUEUED_TOO_LONG = timedelta(seconds=2)
FINISH_RETRY_SECONDS = 1.0
STORE_SECONDS = 5.0  # that a stopping server goes on trying to store what was cut off


def launch(job_id: uuid.UUID, language: str | None = None) -> None:
    """Start a job's task. From any thread, after commit."""
    tasks.start(execute, job_id, language or settings.LANGUAGE_CODE, failed=lambda: give_up(job_id))


async def execute(job_id: uuid.UUID, language: str) -> None:
    """One job, to its end. Its sentences are in the language of who asked."""
    if live_job.find(job_id) is not None:
        return
    live = LiveJob(job_id)
    structlog.contextvars.bind_contextvars(job_id=str(job_id))
    translation.activate(language)
    try:
        ended = await _carry_out(live)
        if ended is not None:
            await _finish(live, ended)
    finally:
        live.leave()


async def _carry_out(live: LiveJob) -> Ended | None:
    """How it ended; None when it is not ours to end."""
    try:
        work = await query(actions.begin_job, live.id, process.current_id())
        if work is None:
            return Ended(JobStatus.CANCELLED) if await read(_was_stopped, live.id) else None
        live.begun = True
        live.confirm()
        watchman.keep_going()
        return await _ask(live, work)
    except DatabaseError as error:  # away for a while: the sweep finds the job and puts things right
        log.warning("job_not_carried_on", error=type(error).__name__)
        return None
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if live.lost or not live.stopping or task is None:
            if live.lost:
                return None
            raise  # the process ends; `drain` has stored what there is
        task.uncancel()
        return Ended(JobStatus.CANCELLED, received=live.received, attempt=live.attempt)


def _was_stopped(job_id: uuid.UUID) -> bool:
    return Job.objects.live().filter(pk=job_id, process=process.current_id(), stop_requested=True).exists()


async def _ask(live: LiveJob, work: Work) -> Ended:
    job = work.job
    try:
        provider = await choosing.find(job.owner_id, job.provider)
    except Refused as refusal:  # it was there when the person chose it
        return Ended(JobStatus.FAILED, error=refusal.as_dict())
    stream: oc.ImageStream | None = None
    problems: list[Json] = []
    try:
        async with _stream(live, work, provider) as stream:
            await _read(live, work, provider, stream, problems)
    except FileGone:
        problems.insert(0, failures.source_gone())
    except oc.OpenAIClientError as error:
        told = failures.explain(error, provider=provider.name, model_id=job.model_id)
        log.info("job_failed", code=told["code"], provider=provider.id, upstream_request_id=error.request_id)
        problems.insert(0, told)
    except OSError as error:
        if not storage.is_full(error):
            raise
        problems.insert(0, failures.not_kept(DiskFull(), provider=provider.name))
    return _ended(live, job, provider, stream, problems)


@contextlib.asynccontextmanager
async def _stream(live: LiveJob, work: Work, provider: Provider) -> AsyncIterator[oc.ImageStream]:
    """The answer of the provider, with the sources open for as long as they may have to be sent again."""

    def on_retry(retry: oc.Retry) -> None:
        live.attempt, live.waited = retry.attempt, True
        at = timezone.now() + timedelta(seconds=retry.wait_seconds)
        tasks.start(query, actions.note_retry, process.current_id(), live.id, retry.attempt, at)

    job, client = work.job, clients.client_for(provider)
    with contextlib.ExitStack() as files:
        uploads = [await _opened(files, file) for file in work.sources]
        request = wire.request(job)
        if job.kind == Kind.GENERATE:
            stream = client.stream_images(request, keeping.spool, on_retry)
        elif not uploads:
            raise FileGone()
        elif job.kind == Kind.EDIT:
            mask = await _opened(files, work.mask) if work.mask else None
            stream = client.stream_edit(request, uploads, keeping.spool, mask, on_retry)
        else:
            stream = client.stream_variation(request, uploads[0], keeping.spool, on_retry)
        async with stream:
            yield stream


async def _opened(files: contextlib.ExitStack, file: Any) -> oc.Upload:
    upload = await keeping.opened(file)
    files.callback(upload.content.close)  # type: ignore[attr-defined]
    return upload


async def _read(live: LiveJob, work: Work, provider: Provider, stream: oc.ImageStream, problems: list[Json]) -> None:
    """Every picture becomes a file before the next one is looked at, so that few of them are anywhere at once."""
    shown = 0
    async for event in stream:
        if live.waited:
            live.waited = False
            await query(actions.note_retry, process.current_id(), live.id, live.attempt, None)
        if isinstance(event, oc.PartialPicture):
            shown += 1
            await keeping.show_partial(live, event.index, shown, event.content)
            continue
        live.received = event.index + 1
        if event.index >= work.job.asked:  # nobody asked for it; what it costs is in the usage
            if event.content is not None:
                event.content.close()
            continue
        problem = await keeping.keep(live, work, provider, event)
        if problem is not None:
            log.info("picture_not_kept", code=problem["code"], reason=problem["data"].get("reason"))
            problems.append(problem)


def _ended(live: LiveJob, job: Job, provider: Provider, stream: oc.ImageStream | None, problems: list[Json]) -> Ended:
    answer = stream.answer if stream is not None else oc.ImageAnswer()
    error = problems[0] if problems else None
    if live.kept == 0:
        error = error or failures.no_picture(dict(answer.extra), provider=provider.name)
        status = JobStatus.FAILED
    elif error is not None:
        status = JobStatus.INCOMPLETE
    else:
        status = JobStatus.COMPLETED
        if live.kept < job.asked:
            error = failures.fewer(live.kept, job.asked, provider=provider.name)
    return Ended(
        status,
        error=error,
        usage=answer.usage.as_dict() if answer.usage else None,
        left_out=list(answer.meta.dropped),
        request_id=answer.meta.request_id or str((error or {}).get("data", {}).get("request_id") or ""),
        received=min(live.received, job.asked),
        attempt=answer.meta.attempts,
    )


async def _finish(live: LiveJob, ended: Ended) -> None:
    """Store the end; a database that is away for a while only delays it."""
    live.ending = True  # a stop that comes now comes too late
    while True:
        try:
            await query(actions.finish_job, process.current_id(), live.id, ended)
            return
        except DatabaseError as error:
            log.warning("finish_delayed", error=type(error).__name__)
            await asyncio.sleep(FINISH_RETRY_SECONDS)


async def give_up(job_id: uuid.UUID) -> None:
    """A fault of ours ended the task: the person is told, and the pictures so far stay."""
    await query(actions.interrupt, job_id, process.current_id(), failures.fault_of_ours())


async def recover() -> None:
    """Find what nobody works on: jobs of dead processes, and our own that never began or have lost their task."""
    orphans = await read(_orphans)
    for job_id, process_id in orphans:
        await query(actions.interrupt, job_id, process_id, failures.interrupted())
    if orphans:
        log.info("jobs_interrupted", count=len(orphans))
    for job_id, status in await read(_own):
        if live_job.find(job_id) is not None:
            continue
        if status == JobStatus.QUEUED:
            launch(job_id)
        else:
            await query(actions.interrupt, job_id, process.current_id(), failures.interrupted())


def _orphans() -> list[tuple[uuid.UUID, uuid.UUID | None]]:
    live = Job.objects.live()
    orphans = live.filter(process__in=process.dead()) | live.filter(process=None)
    return list(orphans.values_list("pk", "process_id"))


def _own() -> list[tuple[uuid.UUID, str]]:
    old = timezone.now() - QUEUED_TOO_LONG
    mine = Job.objects.live().filter(process=process.current_id(), created_at__lt=old)
    return list(mine.values_list("pk", "status"))


async def drain() -> None:
    """The server stops: give live jobs their time, then store them as interrupted."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + settings.DRAIN_SECONDS
    while (left := live_job.tasks()) and (seconds := deadline - loop.time()) > 0:
        await asyncio.wait(left, timeout=seconds)
    deadline = loop.time() + STORE_SECONDS
    waiting = live_job.all_live()
    while waiting and loop.time() < deadline:
        waiting = [live for live in waiting if not await _interrupted(live)]
        if waiting:
            await asyncio.sleep(FINISH_RETRY_SECONDS)


async def _interrupted(live: LiveJob) -> bool:
    """Whether the end of a job that was cut off is stored; what cannot be stored is found by the next start."""
    live.lose()
    try:
        await query(actions.interrupt, live.id, process.current_id(), failures.interrupted())
    except DatabaseError as error:
        log.warning("end_not_stored", job_id=str(live.id), error=type(error).__name__)
        return False
    return True


def stop_now(job_id: uuid.UUID) -> bool:
    """Stop a job of this process; False when it is none. On the loop."""
    live = live_job.find(job_id)
    if live is not None:
        live.stop()
    return live is not None


def stop_locally(data: dict[str, Any]) -> None:
    """A stop that was asked for in another process."""
    stop_now(uuid.UUID(data["job"]))
