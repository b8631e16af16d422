"""Verbs of an upload in parts: begin, put a part, finish, cancel; and those that nobody goes on with."""

import io
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, BinaryIO, cast

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from files import access, contents, joined, names, storage
from files.actions import keeping
from files.errors import PartWrong, QuotaExceeded, TooManyUploads, UploadBusy, UploadFinished, UploadIncomplete
from files.models import File, Part, Source, Upload, UploadStatus
from live.errors import NotFound, Refused

PART_BYTES = 8 * 1024 * 1024  # the most that the server reads of any request
MOST_OPEN = 200
FORGOTTEN = timedelta(hours=24)
_DIED = timedelta(minutes=10)  # a finish takes seconds


@transaction.atomic
def begin(owner_id: int, *, client_id: uuid.UUID, name: str, size: int) -> tuple[Upload, bool]:
    """An upload of `size` bytes, and whether it is new: the same `client_id` again is the same upload, to go on with.

    The limits are checked, and room is set aside, before any of it comes. Raises FileEmpty, FileTooLarge, KindRefused,
    QuotaExceeded, TooManyUploads.
    """
    keeping.in_turn(owner_id)
    known = Upload.objects.filter(owner=owner_id, client_id=client_id).first()
    if known is not None:
        return known, False
    name = names.clean(name)
    contents.check_size(size, contents.expected_kind(name))
    if Upload.objects.filter(owner=owner_id).exclude(status=UploadStatus.FINISHED).count() >= MOST_OPEN:
        raise TooManyUploads(limit=MOST_OPEN)
    left = access.room_left(owner_id)
    if size > left:
        raise QuotaExceeded(needed=size, left=left)
    made = Upload(owner_id=owner_id, client_id=client_id, name=name, size=size, part_size=PART_BYTES)
    made.save(force_insert=True)
    return made, True


def check_part(upload: Upload, number: int, length: int | None) -> None:
    """Whether a part may come, before its bytes are read. `length` is what its sender says. Raises PartWrong."""
    if upload.status == UploadStatus.FINISHED:
        raise UploadFinished()
    if number >= upload.parts_needed:
        raise PartWrong(number=number, expected=0)
    if length is not None and length != upload.size_of(number):
        raise PartWrong(number=number, expected=upload.size_of(number))


def put_part(upload: Upload, number: int, stream: BinaryIO) -> None:
    """Store a part; the same number again replaces it. The first one is looked at: what is refused is refused here.

    Raises PartWrong, DiskFull, UploadFinished, and what `contents.first_look` raises; then the upload is gone.
    """
    expected = upload.size_of(number)
    path = storage.new_path(storage.PARTS)
    storage.write(path, _exactly(stream, expected, number))
    try:
        if number == 0:
            _look_at_first(upload, path)
        _note_part(upload, number, path)
    except BaseException:
        storage.delete(path)
        raise


def _exactly(stream: BinaryIO, length: int, number: int) -> Iterator[bytes]:
    """So many bytes, or PartWrong: a part that was cut short is none."""
    left = length
    while piece := stream.read(min(storage.PIECE, left + 1)):
        left -= len(piece)
        if left < 0:
            break
        yield piece
    if left != 0:
        raise PartWrong(number=number, expected=length)


def _look_at_first(upload: Upload, path: str) -> None:
    try:
        with storage.open_path(path) as first:
            contents.first_look(first, upload.name, upload.size)
    except Refused:
        cancel(upload)
        raise


@transaction.atomic
def _note_part(upload: Upload, number: int, path: str) -> None:
    still = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if still is None:
        raise NotFound()  # cancelled meanwhile
    if still.status != UploadStatus.OPEN:
        raise UploadFinished()
    before = Part.objects.filter(upload=still, number=number).first()
    Part.objects.update_or_create(upload=still, number=number, defaults={"path": path})
    Upload.objects.filter(pk=still.pk).update(touched_at=timezone.now())
    if before is not None:
        transaction.on_commit(lambda: storage.delete(before.path))


def finish(upload: Upload) -> tuple[File, bool]:
    """The file that the parts make, and whether it is new: finished twice, it is the same file.

    Raises UploadIncomplete, UploadBusy, and what `keep` raises. What its content refuses is gone with that; without
    room, the parts stay for another try.
    """
    if upload.status == UploadStatus.FINISHED and upload.file:
        return upload.file, False
    _claim(upload)
    kept = False
    try:
        parts = _all_parts(upload)  # from now on none of them is replaced
        file = _put_together(upload, [parts[number] for number in range(upload.parts_needed)])
        kept = True
    except (QuotaExceeded, UploadIncomplete):
        raise
    except Refused as refusal:
        if refusal.status < 500:
            cancel(upload)
        raise
    finally:
        if not kept:
            Upload.objects.filter(pk=upload.pk).update(status=UploadStatus.OPEN, claimed_at=None)
    storage.delete(*parts.values())
    return file, True


def _all_parts(upload: Upload) -> dict[int, str]:
    """Where the bytes of each part lie. Raises UploadIncomplete."""
    parts = dict(upload.parts.values_list("number", "path"))
    missing = [number for number in range(upload.parts_needed) if number not in parts]
    if missing:
        raise UploadIncomplete(missing=missing)
    return parts


def _claim(upload: Upload) -> None:
    """One process puts it together. Who died over it is followed after a while."""
    now = timezone.now()
    free = Q(status=UploadStatus.OPEN) | Q(status=UploadStatus.FINISHING, claimed_at__lt=now - _DIED)
    claimed = Upload.objects.filter(free, pk=upload.pk).update(status=UploadStatus.FINISHING, claimed_at=now)
    if not claimed:
        raise UploadBusy()


def _put_together(upload: Upload, paths: list[str]) -> File:
    with io.BufferedReader(joined.Joined(paths, [upload.size_of(n) for n in range(len(paths))])) as buffered:
        stream = cast(BinaryIO, buffered)
        content = contents.examine(stream, upload.name)

        def finished(file: File) -> None:
            done = {"status": UploadStatus.FINISHED, "file": file, "touched_at": timezone.now()}
            if not Upload.objects.filter(pk=upload.pk).update(**done):
                raise NotFound()  # cancelled meanwhile
            Part.objects.filter(upload=upload).delete()

        return keeping.stored(
            upload.owner_id,
            upload.name,
            content,
            stream,
            source=Source.UPLOAD,
            reserved=upload.size,
            then=finished,
        )


def cancel(upload: Upload) -> None:
    """Forget an upload and its parts; a file that it has become stays."""
    with transaction.atomic():
        paths = list(Part.objects.filter(upload=upload).values_list("path", flat=True))
        Upload.objects.filter(pk=upload.pk).delete()
    storage.delete(*paths)


def drop_forgotten(now: Any = None) -> None:
    """Forget uploads that nobody has touched for a day, and parts whose row was never written."""
    now = now or timezone.now()
    for upload in Upload.objects.filter(touched_at__lt=now - FORGOTTEN):
        cancel(upload)
    for day in (now.date() - timedelta(days=2), now.date() - timedelta(days=1)):
        paths = storage.paths_of(storage.PARTS, day)
        kept = set(Part.objects.filter(path__in=paths).values_list("path", flat=True)) if paths else set()
        storage.delete(*(path for path in set(paths) - kept if storage.older_than(path, now - FORGOTTEN)))
