"""Thumbnails of stored pictures: made when the picture comes, and again should they be missing."""

from files import pictures, storage
from files.errors import FileGone
from files.models import File


def of(file: File, size: int) -> bytes:
    """A square of at most `size` pixels (pictures.SIZES), as WebP. Raises FileGone, PictureBroken."""
    assert file.blob is not None
    try:
        with storage.open_path(storage.thumbnail_path(file.blob.path, size)) as stream:
            return stream.read()
    except FileGone:
        with storage.open_file(file) as stream:
            made = pictures.check(stream).thumbnails
        storage.write_missing_thumbnails(file.blob.path, made)
        return made[size]
