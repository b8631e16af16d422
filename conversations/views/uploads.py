"""Files that a plain form brings along: kept before its command is carried out; no script is needed to attach."""

from typing import Any

from django.http import HttpRequest

from accounts.access import signed_in
from conversations.attached.parts import MOST_FILES
from conversations.errors import TooManyFiles
from files import runs as files
from live.database import read

_MULTIPART = "multipart/form-data"
FIELD = "upload"


async def kept(request: HttpRequest) -> list[str]:
    """The ids of the files in a form's FIELD, which are the person's from now on. Raises as `files.runs.keep`."""
    if request.content_type != _MULTIPART or not request.FILES:
        return []
    user: Any = await read(signed_in, request)
    uploads: list[Any] = request.FILES.getlist(FIELD)
    if len(uploads) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    return [str((await files.keep(user.pk, upload.name or "", upload.file)).pk) for upload in uploads]
