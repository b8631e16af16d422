"""Removing for good: what was deleted, and what somebody who died left behind."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from files import signals, storage
from files.actions.keeping import in_turn
from files.models import Blob, File

RESTORABLE = timedelta(hours=1)
AT_ONCE = 200  # rows that one round looks at


def purge(before: datetime | None = None) -> None:
    """Remove for good what was deleted longer ago than it can be restored, file by file.

    A file that something uses leaves its row behind, without bytes, so that its name can still be said.
    """
    old = File.objects.filter(deleted_at__lt=before or timezone.now() - RESTORABLE, blob__isnull=False)
    for file in old.select_related("owner").order_by("deleted_at")[:AT_ONCE]:
        _purge(file)


def _purge(file: File) -> None:
    used = bool(signals.uses_of(file.owner, [file.pk]))
    with transaction.atomic():
        in_turn(file.owner_id)
        still = File.objects.filter(pk=file.pk, deleted_at=file.deleted_at)
        if used:
            still.update(blob=None)
        else:
            still.delete()
        forget(file.blob)


def forget(blob: Blob | None) -> None:
    """Take a blob away when no file has it any more. In a transaction, in turn.

    Its bytes go first: should we die here, the row is still there and the next round comes by again, and whoever keeps
    the same bytes meanwhile finds them missing and writes them.
    """
    if blob is not None and not File.objects.filter(blob=blob).exists():
        storage.delete_blob(blob.path)
        blob.delete()


def drop_orphans() -> None:
    """Remove blobs that no file has, which a purge left behind when it died."""
    for blob in Blob.objects.filter(files=None, created_at__lt=timezone.now() - RESTORABLE)[:AT_ONCE]:
        with transaction.atomic():
            in_turn(blob.owner_id)
            forget(blob)


def drop_unowned(now: datetime | None = None) -> None:
    """Remove bytes without a row: of somebody who died between writing the two, or of a person who is gone.

    Only yesterday's and today's are looked at, so that this costs the same however much is stored.
    """
    now = now or timezone.now()
    for day in (now.date() - timedelta(days=1), now.date()):
        _drop_unowned(storage.paths_of(storage.BLOBS, day), now - RESTORABLE)


def _drop_unowned(paths: list[str], before: datetime) -> None:
    whole = sorted({path.partition(".")[0] for path in paths})
    for some in (whole[place : place + AT_ONCE] for place in range(0, len(whole), AT_ONCE)):
        kept = set(Blob.objects.filter(path__in=some).values_list("path", flat=True))
        for path in set(some) - kept:
            if storage.older_than(path, before):
                storage.delete_blob(path)


def delete_bytes(blob: Any) -> None:
    """Its row goes with its owner: then so do its bytes, once that is certain."""
    path = blob.path
    transaction.on_commit(lambda: storage.delete_blob(path))
