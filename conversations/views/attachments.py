"""What is said of files that are about to be sent."""

import uuid

from django.http import HttpRequest, JsonResponse

from accounts.access import signed_in
from conversations.attached import told
from conversations.attached.parts import MOST_FILES
from conversations.errors import TooManyFiles
from live.database import query_apart
from live.errors import NotFound


async def attachments(request: HttpRequest) -> JsonResponse:
    """`?files=<id>,<id>&provider=&model_id=`: how each would go, its tokens, and what stands against it."""
    return JsonResponse(await query_apart(_told, request))


def _told(request: HttpRequest) -> dict[str, object]:
    try:
        ids = [uuid.UUID(one) for one in request.GET.get("files", "").split(",") if one]
    except ValueError as error:
        raise NotFound() from error
    if len(ids) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    return told.of(signed_in(request), ids, request.GET.get("provider", ""), request.GET.get("model_id", ""))
