"""Where bytes lie: the storage named `files` in the settings, reached by paths that say nothing about them."""

import contextlib
import datetime
import errno
import uuid
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, BinaryIO

from django.core.files.base import File as DjangoFile
from django.core.files.storage import Storage, storages
from django.utils import timezone

from files.errors import DiskFull, FileGone
from files.models import File
from files.pictures import SIZES

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
BLOBS, PARTS = "blobs", "parts"  # folders
PIECE = 256 * 1024  # bytes that are in memory at once


def store() -> Storage:
    """Django's storage for this app's bytes."""
    return storages["files"]


def new_path(folder: str) -> str:
    """A path that nobody can guess, below `folder` and today's date."""
    return f"{folder}/{timezone.now():%Y/%m/%d}/{uuid.uuid4().hex}"


def read(file: File) -> bytes:
    """All of a file's bytes. Raises FileGone. For what is known to be small: pictures, texts."""
    with open_file(file) as stream:
        return stream.read()


def open_file(file: File) -> BinaryIO:
    """A file's bytes as a stream that the caller closes. Raises FileGone."""
    if file.blob is None:
        raise FileGone()
    return open_path(file.blob.path)


def open_path(path: str) -> BinaryIO:
    """What lies at `path`, as a stream that the caller closes. Raises FileGone."""
    try:
        stream: BinaryIO = store().open(path, "rb")  # type: ignore[assignment]
    except FileNotFoundError as error:
        raise FileGone() from error
    return stream


def write(path: str, pieces: Iterable[bytes]) -> None:
    """Store these bytes at `path`, all or none. Raises DiskFull."""
    with nothing_half_stored(path):
        saved = store().save(path, _Pieces(pieces))
        assert saved == path, "paths are random: nothing lies there yet"


def is_full(error: OSError) -> bool:
    """Whether it says that there is no room left."""
    return error.errno in _FULL


@contextlib.contextmanager
def nothing_half_stored(path: str) -> Iterator[None]:
    """Take away what was written at `path` when the writing fails."""
    whole = False
    try:
        yield
        whole = True
    except OSError as error:
        if not is_full(error):
            raise
        raise DiskFull() from error
    finally:
        if not whole:
            delete(path)


def delete(*paths: str) -> None:
    """Take away what lies there; what is gone already is gone."""
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            store().delete(path)


def exists(path: str) -> bool:
    """Whether something lies there."""
    return store().exists(path)


def thumbnail_path(path: str, side: int) -> str:
    """Where a blob's thumbnail lies: beside it."""
    return f"{path}.{side}"


def write_thumbnails(path: str, thumbnails: Mapping[int, bytes]) -> None:
    """Store a blob's thumbnails beside it; when that fails, the blob goes too. Raises DiskFull."""
    try:
        for side, data in thumbnails.items():
            delete(thumbnail_path(path, side))
            write(thumbnail_path(path, side), [data])
    except DiskFull:
        delete_blob(path)
        raise


def write_missing_thumbnails(path: str, thumbnails: Mapping[int, bytes]) -> None:
    """Store again those that are not there; that the disk is full does not matter to who looks at one."""
    for side, data in thumbnails.items():
        if not exists(thumbnail_path(path, side)):
            with contextlib.suppress(DiskFull):
                write(thumbnail_path(path, side), [data])


def delete_blob(path: str) -> None:
    """Take away a blob's bytes and its thumbnails."""
    delete(path, *(thumbnail_path(path, side) for side in SIZES))


def pieces_of(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream's bytes from where it stands, a piece at a time."""
    while piece := stream.read(PIECE):
        yield piece


def paths_of(folder: str, day: datetime.date) -> list[str]:
    """Every path that was made below `folder` on a day."""
    place = f"{folder}/{day:%Y/%m/%d}"
    try:
        _, names = store().listdir(place)
    except FileNotFoundError:
        return []
    return [f"{place}/{name}" for name in names]


def older_than(path: str, moment: datetime.datetime) -> bool:
    """Whether what lies there was written before then; what is gone was not."""
    try:
        return store().get_modified_time(path) < moment
    except FileNotFoundError:
        return False


class _Pieces(DjangoFile):
    """Bytes on their way into a storage."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__(None)
        self._pieces = pieces

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return iter(self._pieces)
