"""Keeping bytes as somebody's file: looked at, stored once, and only then a row."""

import contextlib
import dataclasses
import io
from collections.abc import Callable
from typing import BinaryIO

from django.contrib.auth import get_user_model
from django.db import transaction

from files import access, contents, events, names, storage
from files.contents import Content
from files.errors import QuotaExceeded
from files.models import Blob, File, Source
from live.consumers import me
from live.publish import publish

# What people send or fetch, in contrast to what was made for them and perhaps paid.
LIMITED = (Source.UPLOAD, Source.LINK, Source.UPSTREAM)


def keep(owner_id: int, name: str, data: bytes | BinaryIO, *, source: str = Source.UPLOAD) -> File:
    """Keep these bytes as a file of this person's, and return it once it is stored and readable.

    `data`: bytes, or a seekable binary stream, which is read from its beginning and not closed. What it is, is decided
    by content; a picture is decoded whole, with bounded pixels and memory, and its thumbnails are made. The same bytes
    twice are two files and one blob. For `source` "image" and "answer" the limits per file and the quota do
    not hold: it was made here and perhaps paid for; what a picture may measure holds for everybody.

    Looks at the bytes in the caller's thread, which takes up to some seconds: from an engine call `files.runs.keep`.
    Do not call it in a transaction. Raises what `contents.examine` raises, QuotaExceeded, DiskFull; then nothing is
    stored.
    """
    stream = io.BytesIO(data) if isinstance(data, bytes) else data
    name = names.clean(name)
    limited = source in LIMITED
    content = contents.examine(stream, name, limited=limited)
    return stored(owner_id, name, content, stream, source=source, limited=limited)


def stored(
    owner_id: int,
    name: str,
    content: Content,
    stream: BinaryIO,
    *,
    source: str,
    limited: bool = True,
    reserved: int = 0,
    then: Callable[[File], None] | None = None,
) -> File:
    """The file of bytes that were looked at; they are written unless this person has the same already.

    `reserved`: bytes of the person's quota that were set aside for these. `then` is called in the transaction that
    makes the file. Raises QuotaExceeded, DiskFull.
    """
    new = _New(owner_id, name, content, source, limited, reserved, then)
    mine = Blob.objects.filter(owner=owner_id, sha256=content.sha256).first()
    if mine and storage.exists(mine.path):
        with contextlib.suppress(_Vanished):
            return _record(new, mine.path)
    path = write(content, stream)
    try:
        return _record(new, path)
    finally:
        if not Blob.objects.filter(path=path).exists():
            storage.delete_blob(path)


def write(content: Content, stream: BinaryIO) -> str:
    """Store bytes and their thumbnails, all or nothing; their path. Raises DiskFull."""
    path = storage.new_path(storage.BLOBS)
    stream.seek(0)
    storage.write(path, storage.pieces_of(stream))
    if content.picture:
        storage.write_thumbnails(path, content.picture.thumbnails)
    return path


@dataclasses.dataclass(frozen=True)
class _New:
    owner_id: int
    name: str
    content: Content
    source: str
    limited: bool
    reserved: int
    then: Callable[[File], None] | None


class _Vanished(Exception):
    """The bytes that we counted on were taken away meanwhile."""


@transaction.atomic
def _record(new: _New, path: str) -> File:
    """The row of bytes that lie at `path`; the same bytes may have come from another tab meanwhile."""
    in_turn(new.owner_id)
    blob = Blob.objects.filter(owner=new.owner_id, sha256=new.content.sha256).first()
    if blob is None or not storage.exists(blob.path):
        if not storage.exists(path):
            raise _Vanished()
        blob = blob or Blob(owner_id=new.owner_id, sha256=new.content.sha256, size=new.content.size)
        blob.path = path
    if new.limited:
        _check_quota(new, blob)
    blob.save()
    picture = new.content.picture
    file = File.objects.create(
        owner_id=new.owner_id,
        blob=blob,
        name=new.name,
        folded_name=names.folded(new.name),
        kind=new.content.kind,
        mime=new.content.mime,
        charset=new.content.charset,
        size=new.content.size,
        sha256=new.content.sha256,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        source=new.source,
    )
    if new.then:
        new.then(file)
    topic, event = me(new.owner_id), events.FileReady(access.file_json(file))
    transaction.on_commit(lambda: publish(topic, event))
    return file


def _check_quota(new: _New, blob: Blob) -> None:
    """Bytes that the person has already, in a file that was not deleted, need no more room."""
    has_it = blob.pk is not None and File.objects.there().filter(blob=blob).exists()
    left = access.room_left(new.owner_id) + new.reserved
    if not has_it and new.content.size > left:
        raise QuotaExceeded(needed=new.content.size, left=left)


def in_turn(owner_id: int) -> None:
    """One of a person's changes to what they store after the other: inside a transaction, until its end."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner_id)
