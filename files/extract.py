"""Reading texts: each file in a child process, a few at a time; whatever becomes of it, this process lives."""

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, BinaryIO

import structlog
from django.conf import settings

from files import actions, storage
from files.actions import Read
from files.errors import FileGone
from files.events import JOB
from files.models import UNREAD, Extraction, File
from live import process, tasks
from live.consumers import me
from live.database import query, read
from live.events import JobProgress
from live.publish import publish

log = structlog.get_logger(__name__)
AT_ONCE = 2
PATIENCE = 2  # times the processor's seconds, by the clock: the child gives way to everybody
LINE = 1024 * 1024  # bytes of a child's line, at most
TELL_SECONDS = 0.5  # between two words about how far it is
LOOK_SECONDS = 0.15
_KILLED_BY_TIME = -24  # SIGXCPU

_at_work: set[uuid.UUID] = set()
_places = asyncio.Semaphore(AT_ONCE)


def launch(id: uuid.UUID) -> None:  # noqa: A002
    """Start a reading. From any thread, after commit; outside a serving process it waits for one."""
    if tasks.has_loop():
        tasks.start(execute, id)


async def recover() -> None:
    """Take up what was left: by a process that died, or before this one served."""
    for id in await query(actions.adopt, process.current_id(), list(_at_work)):  # noqa: A001
        launch(id)


async def execute(id: uuid.UUID) -> None:  # noqa: A002
    """One reading, to its end."""
    if id in _at_work:
        return
    _at_work.add(id)
    try:
        async with _places:
            found = await query(actions.take, id, process.current_id())
            if found is not None:
                await query(actions.finish, id, process.current_id(), await _read(found))
    finally:
        _at_work.discard(id)


async def ended(ids: Iterable[uuid.UUID], seconds: float) -> None:
    """Wait until these readings have ended, wherever they run; not longer than so many seconds."""
    wanted = list(ids)
    deadline = asyncio.get_running_loop().time() + seconds
    while await read(_any_left, wanted) and asyncio.get_running_loop().time() < deadline:  # noqa: ASYNC110 - elsewhere
        await asyncio.sleep(LOOK_SECONDS)


def _any_left(ids: list[uuid.UUID]) -> bool:
    return Extraction.objects.filter(pk__in=ids, status__in=UNREAD).exists()


def _files_of(found: Extraction) -> list[str]:
    mine = File.objects.there().filter(blob=found.blob_id, kind=found.kind)
    return [str(pk) for pk in mine.values_list("pk", flat=True)]


async def _read(found: Extraction) -> Read:
    try:
        source = await asyncio.to_thread(storage.open_path, found.blob.path)
    except FileGone:
        return Read(error="damaged")
    with source:
        child = await _begin(found.kind, source)
    heard = _Heard(found, await read(_files_of, found))
    try:
        async with asyncio.timeout(PATIENCE * settings.EXTRACT_SECONDS):
            async for line in _lines(child):
                heard.hear(line)
            code = await child.wait()
    except TimeoutError:
        code = _KILLED_BY_TIME
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    if code:
        log.info("extraction_ended_early", kind=found.kind, code=code, pages=len(heard.pages))
    return heard.outcome(code)


async def _begin(kind: str, source: BinaryIO) -> asyncio.subprocess.Process:
    """A child that knows nothing but these bytes: no setting, no key of the site's is in its environment."""
    limits = {"seconds": max(1, int(settings.EXTRACT_SECONDS)), "memory": settings.EXTRACT_MEMORY_BYTES}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "files.extracting", kind, json.dumps(limits)),
        cwd=settings.BASE_DIR,
        env={**settings.CHILD_ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8"},
        stdin=source.fileno(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LINE,
    )


async def _lines(child: asyncio.subprocess.Process) -> AsyncIterator[list[Any]]:
    """What the child says, as far as it makes sense; a half line is where it was ended."""
    assert child.stdout is not None
    try:
        while line := await child.stdout.readline():
            yield json.loads(line)
    except ValueError:
        return


class _Heard:
    """What has come of one reading so far."""

    def __init__(self, found: Extraction, files: Sequence[str]) -> None:
        self._found, self._files = found, files
        self.pages: list[str] = []
        self._open = False  # the last page goes on
        self._total: int | None = None
        self._facts: dict[str, Any] | None = None
        self._failed = ""
        self._told = 0.0

    def hear(self, line: list[Any]) -> None:
        """One line of the child's."""
        match line:
            case ["page", str(text), bool(whole)]:
                if self._open:
                    self.pages[-1] += text
                else:
                    self.pages.append(text)
                self._open = not whole
                self._tell()
            case ["total", int(total)]:
                self._total = total
            case ["end", dict(facts)]:
                self._facts = facts
            case ["failed", str(code)]:
                self._failed = code

    def _tell(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._told < TELL_SECONDS:
            return
        self._told = now
        for file in self._files:
            told = JobProgress(str(self._found.pk), JOB, file, "in_progress", len(self.pages), self._total)
            publish(me(self._found.blob.owner_id), told)

    def outcome(self, code: int) -> Read:
        """What to store; the pages that came before a child died are kept."""
        if self._failed:
            return Read(error=self._failed, total=self._total)
        if self._facts is not None:
            facts = self._facts
            return Read(
                self.pages, facts["total"], facts["paged"], facts["encoding"][:40], facts["cut"], facts["unread"]
            )
        slow = code in (_KILLED_BY_TIME, -9)
        if not any(page.strip() for page in self.pages):
            return Read(error="too_slow" if slow else "damaged")
        paged = self._found.kind == "pdf"
        return Read(self.pages, self._total, paged, cut="seconds" if slow else "damaged")
