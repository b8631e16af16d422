"""What a file is, by its first bytes; a name decides only between kinds of text, and betrays what pretends."""

import dataclasses
import hashlib
from typing import BinaryIO

from django.conf import settings

from files import names, pictures
from files.errors import FileEmpty, FileTooLarge, KindRefused, NotAPicture, ScriptNotPicture
from files.models import Kind
from files.sniffing import HEAD, Guess, guess
from files.storage import pieces_of

PICTURE_NAMES = frozenset({"png", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "bmp"})


@dataclasses.dataclass(frozen=True)
class Content:
    """What was found out about a file by looking at all of it."""

    kind: Kind
    mime: str
    charset: str
    size: int
    sha256: str
    picture: pictures.Picture | None = None


def examine(stream: BinaryIO, name: str, *, limited: bool = True) -> Content:
    """Look at a whole file; no database is asked, and the time and memory it takes are bounded by the limits.

    `limited`: the settings' limits hold, as for everything that people send. What a model has made and was paid for is
    kept whatever its size. Raises FileEmpty, FileTooLarge, KindRefused, NotAPicture, PictureBroken, TooManyPixels.
    """
    size = stream.seek(0, 2)
    if size == 0:
        raise FileEmpty()
    found = first_look(stream, name, size, limited=limited)
    picture = pictures.check(stream) if found.kind == Kind.IMAGE else None
    stream.seek(0)
    digest = hashlib.sha256()
    for piece in pieces_of(stream):
        digest.update(piece)
    mime = picture.mime if picture else found.mime
    return Content(found.kind, mime, found.charset, size, digest.hexdigest(), picture)


def first_look(stream: BinaryIO, name: str, size: int, *, limited: bool = True) -> Guess:
    """What the first bytes say: enough to refuse a large file by its first part.

    Raises FileTooLarge, KindRefused, NotAPicture, PictureBroken.
    """
    stream.seek(0)
    found = guess(stream.read(HEAD), name)
    if names.ending(name) in PICTURE_NAMES and found.kind != Kind.IMAGE:
        if found.is_script:
            raise ScriptNotPicture()
        if not found.mime.startswith("image/"):  # HEIC under another name is a picture still
            raise NotAPicture()
    if limited:
        check_size(size, found.kind)
    return found


def check_size(size: int, kind: Kind | None = None) -> None:
    """Whether files of this many bytes (of this kind, if it is known) are taken. Raises FileTooLarge, KindRefused."""
    limit = settings.MAX_FILE_BYTES if kind != Kind.IMAGE else min(settings.MAX_FILE_BYTES, pictures.MOST_BYTES)
    if kind is not None:
        limit = min(limit, settings.MAX_FILE_BYTES_BY_KIND.get(kind.value, limit))
    if limit == 0 and kind is not None:
        raise KindRefused(kind=str(kind.label))
    if size > limit:
        raise FileTooLarge(size=size, limit=limit)


def expected_kind(name: str) -> Kind | None:
    """What a name promises, where that is a kind with a limit of its own; its content is looked at when it is there."""
    if names.ending(name) in PICTURE_NAMES:
        return Kind.IMAGE
    return {"pdf": Kind.PDF, "docx": Kind.WORD, "csv": Kind.CSV, "html": Kind.HTML, "htm": Kind.HTML}.get(
        names.ending(name)
    )
