"""The doors to what is in a provider's file: downloaded through this site as it comes, or kept as one's own."""

import contextlib
import tempfile
from collections.abc import AsyncIterator
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext

import openai_client as oc
from accounts.access import signed_in
from files import access, names, runs, upstream
from files.errors import FileTooLarge, QuotaExceeded
from files.models import Source
from files.views.contents import POLICY
from files.views.upstream import named, told
from live.database import read
from live.replies import fields, reply
from providers.registry import Provider


@told
async def content(request: HttpRequest, provider: Provider) -> HttpResponseBase:
    """A download, never a page: piece by piece, so that neither its size nor a slow reader costs memory."""
    file_id = named(request.GET)
    found = await upstream.detail(provider, file_id)
    pieces = _pieces(provider, file_id)
    size = await anext(pieces)  # it is open now; what was refused has been raised
    answer = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    name = names.clean(found.filename or file_id)
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    if isinstance(size, int):
        answer["Content-Length"] = str(size)
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer


async def _pieces(provider: Provider, file_id: str) -> AsyncIterator[Any]:
    """First the size, or None where nobody says it, and then the bytes."""
    async with upstream.content(provider, file_id) as stream:
        yield stream.size
        async for piece in stream:
            yield piece


@told
async def keep(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Keep a copy among this person's own files."""
    file_id = named(fields(request))
    user, room = await read(_room, request)
    found = await upstream.detail(provider, file_id)
    _check_size(found, room)
    with contextlib.closing(tempfile.TemporaryFile()) as out:
        await upstream.fetch_into(provider, file_id, out, min(room, settings.MAX_FILE_BYTES))
        name = names.clean(found.filename or file_id)
        kept = await runs.keep(user.pk, name, out, source=Source.UPSTREAM)
    messages.success(request, gettext("“%(name)s” is one of your files now.") % {"name": kept.name})
    return reply(request, {"file": access.file_json(kept)}, location=f"/files/{kept.pk}/", status=201)


def _room(request: HttpRequest) -> tuple[Any, int]:
    user = signed_in(request)
    return user, access.room_left(user.pk)


def _check_size(found: oc.File, room: int) -> None:
    """Refuse what does not fit before it is fetched, as far as its server tells."""
    if found.bytes is not None and found.bytes > settings.MAX_FILE_BYTES:
        raise FileTooLarge(size=found.bytes, limit=settings.MAX_FILE_BYTES)
    if found.bytes is not None and found.bytes > room:
        raise QuotaExceeded(needed=found.bytes, left=room)
