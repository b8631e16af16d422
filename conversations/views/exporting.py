"""One conversation out: as Markdown, as JSON, as a page of its own."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import get_valid_filename

from accounts.access import signed_in
from conversations import access, addresses, runs
from conversations.exports import page, reading, texts
from live.database import read
from live.errors import NotFound

FORMATS = {
    "md": ("text/markdown", texts.as_markdown),
    "json": ("application/json", texts.as_json),
    "html": ("text/html", page.as_html),
}
_NAME = 80  # characters of a file's name


async def export(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """What there is to choose from."""
    user = await read(signed_in, request)
    conversation = await read(access.conversation, user, id)
    context = {"id": id, "title": conversation.title, "back": addresses.conversation(id)}
    return await read(render, request, "conversations/export.html", context)


async def export_file(request: HttpRequest, id: uuid.UUID, kind: str) -> HttpResponse:  # noqa: A002
    """The file."""
    user = await read(signed_in, request)
    if kind not in FORMATS:
        raise NotFound()
    whole = await runs.whole(user, id)
    mime, made_by = FORMATS[kind]
    text = await read(made_by, whole, timezone.now())
    headers = {
        "Content-Disposition": content_disposition_header(True, f"{_name(whole)}.{kind}") or "attachment",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    return HttpResponse(text, content_type=f"{mime}; charset=utf-8", headers=headers)


def _name(whole: dict[str, Any]) -> str:
    title = reading.title(whole).replace("/", "-")[:_NAME].strip(" .")
    return get_valid_filename(title) if title else "conversation"
