"""What may come in through the doors of files."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext

from files.errors import FileEmpty
from files.models import Kind
from live.errors import Invalid, TooLarge

MOST_NAME = 8_192  # characters that are looked at before a name is cut
MOST_SIZE = 2**62
SORTS = ("added", "name", "size", "kind")


def new_upload(fields: Mapping[str, Any]) -> dict[str, Any]:
    """`client_id`, `name`, `size` of an upload that begins. Raises Invalid, FileEmpty."""
    wrong = {}
    size = fields.get("size")
    if type(size) is not int or not 0 <= size < MOST_SIZE:
        wrong["size"] = gettext("The size is a number of bytes.")
    client_id = _uuid(fields.get("client_id"))
    if client_id is None:
        wrong["client_id"] = gettext("The client_id is a UUID.")
    if wrong:
        raise Invalid(fields=wrong)
    if size == 0:
        raise FileEmpty()
    return {"client_id": client_id, "name": name(fields), "size": size}


def name(fields: Mapping[str, Any]) -> str:
    """A file's name as it was typed; `names.clean` makes one of it that can be kept. Raises Invalid."""
    found = fields.get("name")
    if not isinstance(found, str) or not found.strip():
        raise Invalid(fields={"name": gettext("A file needs a name.")})
    return found[-MOST_NAME:]


def sent_files(request: HttpRequest) -> list[UploadedFile]:
    """The files of a form (`file`, as often as there are). Raises Invalid when there is none."""
    try:
        found = request.FILES.getlist("file")
    except RequestDataTooBig as error:
        raise TooLarge(limit=settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from error
    if not found:
        raise Invalid(fields={"file": gettext("Choose a file first.")})
    return [one for one in found if isinstance(one, UploadedFile)]


def wanted(query: Mapping[str, str]) -> dict[str, Any]:
    """What a listing is to show: `q`, `kind`, `sort` (a minus turns it round), `page`; nonsense is left out."""
    sort = query.get("sort", "")
    page = query.get("page", "1")
    return {
        "q": " ".join(query.get("q", "").replace("\0", "").split())[:200],
        "kind": query.get("kind", "") if query.get("kind") in Kind.values else "",
        "sort": sort if sort.removeprefix("-") in SORTS else "-added",
        "page": max(1, int(page)) if page.isdecimal() and 1 <= len(page) <= 6 else 1,
    }


def _uuid(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
