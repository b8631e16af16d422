"""What may come in with a command about pictures: which ones, favourites or not, a moment to go back to."""

import uuid
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_datetime

from images.errors import NoPictures
from images.listing import Wanted
from live.errors import NotFound
from live.replies import fields, is_json

MOST = 5_000  # pictures in one command
TEXT_LENGTH = 200  # characters of a search
_ON = ("on", "1", "true", True)


def wanted(query: QueryDict) -> Wanted:
    """What the gallery is searched for. A text without words is none."""
    text = " ".join(query.get("q", "")[:TEXT_LENGTH].replace("\x00", "").split())
    return Wanted(text, query.get("favourites") in _ON)


def undo(query: QueryDict) -> datetime | None:
    """The moment of a delete that a page was asked to offer Undo for."""
    return _moment(query.get("undo", ""))


def before(query: QueryDict) -> uuid.UUID | None:
    """The picture below which to go on; NotFound when it cannot be one."""
    text = query.get("before", "")
    return _uuid(text) if text else None


def ids(request: HttpRequest) -> list[uuid.UUID]:
    """The pictures that a command is about: `pictures` in JSON, each `picture` of a form."""
    given: Any = fields(request).get("pictures") if is_json(request) else request.POST.getlist("picture")
    if not isinstance(given, list) or not given or len(given) > MOST:
        raise NoPictures(most=MOST)
    return [_uuid(one) for one in given]


def favourite(request: HttpRequest) -> bool:
    """Whether pictures are to be favourites."""
    return fields(request).get("favourite", "on") in _ON


def moment(request: HttpRequest) -> datetime:
    """When pictures were deleted, as the delete has said it."""
    found = _moment(str(fields(request).get("moment", "")))
    if found is None:
        raise NotFound()
    return found


def _moment(text: str) -> datetime | None:
    """A moment with its time zone; None for anything else, such as one before the first year of all."""
    try:
        found = parse_datetime(text)
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _uuid(text: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError as error:
        raise NotFound() from error
