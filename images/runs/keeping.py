"""From what a server gave to a file of the person's: unpacked or fetched, looked at, kept, and only then a picture."""

import asyncio
import re
import tempfile
import unicodedata
from collections.abc import Callable, Coroutine
from typing import Any, BinaryIO, ParamSpec, TypeVar, cast

import structlog
from django.conf import settings
from django.db import Error as DatabaseError

import openai_client as oc
from files import actions as files
from files import pictures as decoding
from files import runs as keeping
from files import storage
from files.errors import DiskFull, NotAPicture
from files.models import File, Source
from images import actions, failures
from images.actions import Work
from images.failures import Json
from images.runs.live_job import LiveJob
from live import process
from live.database import query, query_apart
from live.errors import Refused
from providers import pictures
from providers.outbound import FetchFailed
from providers.registry import Provider

PARTIAL_PIXELS = 512  # of the longer side
_NAME_LENGTH = 60
_WEBP = "image/webp"
WAITS = (0.5, 1.0, 2.0, 4.0)  # seconds between attempts to store what has come
P = ParamSpec("P")
T = TypeVar("T")

log = structlog.get_logger(__name__)


def spool() -> BinaryIO:
    """An empty file on the disk that nobody else sees, gone when it is closed or when this process ends."""
    folder = settings.DATA_DIR / "spool"
    folder.mkdir(mode=0o700, exist_ok=True)
    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder))


async def keep(live: LiveJob, work: Work, provider: Provider, picture: oc.Picture) -> Json | None:
    """Keep one picture; what is in the way of that, if anything. Its file is closed.

    Raises DatabaseError, and the task's own end when the job is not ours any more.
    """
    content = picture.content
    try:
        if content is None and picture.url is None:
            return failures.no_picture(dict(picture.extra), provider=provider.name)
        if content is None:
            content = spool()
            await pictures.fetch(provider, str(picture.url), content)
        await _to_its_end(_store(live, work, picture, content))
    except FetchFailed as error:
        return failures.not_fetched(error, provider=provider.name)
    except Refused as refusal:
        return failures.not_kept(refusal, provider=provider.name)
    except OSError as error:
        if not storage.is_full(error):
            raise
        return failures.not_kept(DiskFull(), provider=provider.name)
    finally:
        if content is not None:
            content.close()
    return None


async def _to_its_end(storing: Coroutine[Any, Any, None]) -> None:
    """A picture that has come is kept, or not, but never by half: a stop waits for it."""
    task = asyncio.ensure_future(storing)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # nobody is left to be told
        raise


async def _store(live: LiveJob, work: Work, picture: oc.Picture, content: BinaryIO) -> None:
    job = work.job
    content.seek(0)
    name = file_name(job.prompt, picture.index, content.read(16))
    file = await keeping.keep(job.owner_id, name, content, source=Source.IMAGE)
    if not file.is_picture:
        await query(files.delete, [file])
        raise NotAPicture()
    added = await _insist(
        actions.add_picture, process.current_id(), job.pk, picture.index, file, picture.revised_prompt or ""
    )
    if added is None:
        await query(files.delete, [file])
        live.lose()
    else:
        live.kept += 1


async def _insist(verb: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """A picture that was paid for waits for a database that is away for a moment."""
    for seconds in WAITS:
        try:
            return await query(verb, *args, **kwargs)
        except DatabaseError as error:
            log.warning("picture_delayed", error=type(error).__name__)
            await asyncio.sleep(seconds)
    return await query(verb, *args, **kwargs)


async def show_partial(live: LiveJob, index: int, seq: int, content: BinaryIO) -> None:
    """Show a picture that is not finished, drawn anew and small; what cannot be shown is left out."""
    try:
        copy = await query_apart(decoding.scaled, content, longest=PARTIAL_PIXELS, mime=_WEBP)
    except Refused:
        return
    finally:
        content.close()
    if live.surely_ours:
        await query(actions.add_partial, process.current_id(), live.id, index, seq, copy.mime, copy.data)


def file_name(prompt: str, index: int, head: bytes) -> str:
    """What a picture's file is called: the beginning of its prompt, and an ending by its first bytes."""
    words = re.sub(r"[^\w]+", " ", unicodedata.normalize("NFC", prompt)).strip() or "variation"
    ending = "jpg" if head.startswith(b"\xff\xd8") else "webp" if head[8:12] == b"WEBP" else "png"
    return f"{words[:_NAME_LENGTH].strip()} {index + 1}.{ending}"


async def opened(file: File) -> oc.Upload:
    """A file of the person's, to be sent. Raises FileGone."""
    return oc.Upload(file.name, await query_apart(storage.open_file, file), file.mime)
