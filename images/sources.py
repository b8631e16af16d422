"""The pictures that a job changes, and the mask: looked at before anything is held or sent."""

import dataclasses
import io
from collections.abc import Sequence
from typing import Any

from PIL import Image

from files import access, pictures, storage
from files.models import File
from images.errors import NothingToChange, TooManySources, WrongMask, WrongSource
from images.models import Kind
from images.takes import MIB, PNG, Takes

_LOOKED_AT = 512  # pixels of a mask's longer side that are enough to see whether anything is transparent
_SOLID = 250  # of 255: what edges that were scaled may leave


@dataclasses.dataclass(frozen=True)
class Sources:
    """In the order in which they are sent."""

    files: tuple[File, ...] = ()
    mask: File | None = None


def check(user: Any, kind: str, takes: Takes, model_id: str, ids: Sequence[str], mask_id: str) -> Sources:
    """A person's files as this model takes them. Decodes the mask: not on the loop.

    Raises NotFound, NothingToChange, TooManySources, WrongSource, WrongMask.
    """
    if kind == Kind.GENERATE:
        return Sources()
    if not ids:
        raise NothingToChange()
    most = takes.sources if kind == Kind.EDIT else 1
    if len(ids) > most:
        raise TooManySources(limit=most, model=model_id)
    files = access.files_of(user, ids)
    for file in files:
        _check_source(file, takes, model_id)
    mask = access.file_of(user, mask_id) if mask_id and kind == Kind.EDIT else None
    if mask is not None:
        _check_mask(mask, files[0], takes, model_id)
    return Sources(tuple(files), mask)


def _check_source(file: File, takes: Takes, model_id: str) -> None:
    data: dict[str, Any] = {"file": str(file.pk), "name": file.name, "model": model_id}
    if not file.is_picture:
        raise WrongSource(reason="not_a_picture", **data)
    if file.mime not in takes.source_types:
        types = ", ".join(mime.partition("/")[2].upper() for mime in takes.source_types)
        raise WrongSource(reason="type", types=types, **data)
    if file.size >= takes.source_limit:
        raise WrongSource(reason="size", limit=takes.source_limit, megabytes=takes.source_limit // MIB, **data)
    if takes.square and file.width != file.height:
        raise WrongSource(reason="square", width=file.width, height=file.height, **data)


def _check_mask(mask: File, first: File, takes: Takes, model_id: str) -> None:
    """The API's rules: a PNG as large as the first picture, transparent where it may be changed."""
    if not takes.mask:
        raise WrongMask(reason="unused", model=model_id)
    if mask.mime != PNG:
        raise WrongMask(reason="type")
    if mask.size >= takes.mask_limit:
        raise WrongMask(reason="size", megabytes=takes.mask_limit // MIB, limit=takes.mask_limit, model=model_id)
    if (mask.width, mask.height) != (first.width, first.height):
        wanted = {"wanted_width": first.width, "wanted_height": first.height}
        raise WrongMask(reason="measures", width=mask.width, height=mask.height, **wanted)
    with storage.open_file(mask) as stream:
        small = pictures.scaled(stream, longest=_LOOKED_AT, mime=PNG)
    with Image.open(io.BytesIO(small.data), formats=["PNG"]) as image:
        lowest = image.getchannel("A").getextrema()[0] if image.mode == "RGBA" else 255
    if not isinstance(lowest, int | float) or lowest >= _SOLID:
        raise WrongMask(reason="solid")
