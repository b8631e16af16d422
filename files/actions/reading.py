"""Verbs of the reading of texts: want it, take it up, end it; what nobody works on any more is given to another."""

import dataclasses
import uuid
from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from files import access, events, texts
from files.models import READABLE, UNREAD, ExtractedText, Extraction, File, ReadingStatus
from live import process
from live.consumers import me
from live.publish import publish

MOST_ATTEMPTS = 3  # a file that takes whole processes down is not tried for ever


@dataclasses.dataclass(frozen=True)
class Read:
    """What came of it. `error`: why there is no text; then `pages` do not matter."""

    pages: Sequence[str] = ()
    total: int | None = None
    paged: bool = False
    encoding: str = ""
    cut: str = ""
    unread: int = 0
    error: str = ""


def want(file: File, process_id: uuid.UUID | None) -> Extraction | None:
    """Put the reading of a new file into the queue of a process; None where it has no text or was read before.

    In the transaction that makes the file.
    """
    if file.kind not in READABLE or file.blob_id is None:
        return None
    mine = {"process_id": process_id}
    found, is_new = Extraction.objects.get_or_create(blob_id=file.blob_id, kind=file.kind, defaults=mine)
    return found if is_new else None


def take(id: uuid.UUID, process_id: uuid.UUID) -> Extraction | None:  # noqa: A002
    """Take a reading up; None when it is not ours, or has ended."""
    mine = Extraction.objects.filter(pk=id, process=process_id, status__in=UNREAD)
    if not mine.update(status=ReadingStatus.IN_PROGRESS):
        return None
    return mine.select_related("blob").first()


@transaction.atomic
def finish(id: uuid.UUID, process_id: uuid.UUID, read: Read) -> None:  # noqa: A002
    """Store what a reading brought, and tell the owner, unless it is no longer ours."""
    found = Extraction.objects.select_for_update().filter(pk=id, process=process_id, status__in=UNREAD).first()
    if found is None:
        return
    found.status = ReadingStatus.FAILED if read.error else ReadingStatus.COMPLETED
    found.error, found.ended_at, found.total = read.error, timezone.now(), read.total
    if not read.error:
        found.pages, found.characters = len(read.pages), sum(map(len, read.pages))
        found.paged, found.encoding, found.cut, found.unread = read.paged, read.encoding, read.cut, read.unread
        data, ends = texts.packed(read.pages)
        ExtractedText.objects.update_or_create(extraction=found, defaults={"packed": data, "ends": ends})
    found.save()
    _tell(found)


def _tell(found: Extraction) -> None:
    """Every file that has these bytes has its text now."""
    files = list(File.objects.there().filter(blob=found.blob_id, kind=found.kind))
    told = [events.FileReady({**access.file_json(file), "text": texts.as_json(found)}) for file in files]
    if files:
        transaction.on_commit(lambda: publish(me(files[0].owner_id), *told))


def adopt(process_id: uuid.UUID, at_work: Collection[Any]) -> list[uuid.UUID]:
    """Give this process what nobody reads: of dead processes, and its own that it does not work on. Their ids."""
    waiting = Extraction.objects.filter(status__in=UNREAD)
    lost = waiting.filter(process__in=process.dead()) | waiting.filter(process=None)
    for one in lost:
        still = Extraction.objects.filter(pk=one.pk, process=one.process_id, status__in=UNREAD)
        if one.status == ReadingStatus.IN_PROGRESS and one.attempt >= MOST_ATTEMPTS:
            still.update(status=ReadingStatus.FAILED, error="interrupted", ended_at=timezone.now())
        else:
            tried = one.attempt + (one.status == ReadingStatus.IN_PROGRESS)
            still.update(process=process_id, status=ReadingStatus.QUEUED, attempt=tried)
    mine = waiting.filter(process=process_id).exclude(pk__in=list(at_work))
    return list(mine.order_by("created_at").values_list("pk", flat=True))
