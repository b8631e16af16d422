"""The whole history, a helping at a time, and the archive; what stands where; and that a conversation was looked at."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import signed_in
from conversations import access, actions, transcript
from conversations.models import Conversation
from live.database import query, read
from live.errors import NotFound
from live.replies import reply, wants_json


async def history(request: HttpRequest) -> HttpResponse:
    """The conversations below `?before=` in the list, as a page or as JSON; the newest without it."""
    user = await read(signed_in, request)
    found = await read(_below, user, request.GET.get("before", ""))
    if wants_json(request):
        return JsonResponse(found)
    return await read(render, request, "conversations/history.html", {"found": found})


async def see(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """A tab shows the conversation, answers that have ended included."""
    conversation = await query(_seen, request, id)
    body = {"conversation": transcript.conversation_json(conversation)}
    return reply(request, body, location=reverse("conversation", args=[conversation.pk]))


async def archived(request: HttpRequest) -> HttpResponse:
    """The conversations that were archived, in the same way."""
    user = await read(signed_in, request)
    found = await read(_archived, user, request.GET.get("before", ""))
    if wants_json(request):
        return JsonResponse(found)
    return await read(render, request, "conversations/history.html", {"found": found, "archived": True})


async def pin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Above all others in the history."""
    return await _put(request, id, actions.pin, pinned=True)


async def unpin(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Among the others again."""
    return await _put(request, id, actions.pin, pinned=False)


async def archive(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Out of the history."""
    return await _put(request, id, actions.archive, archived=True)


async def unarchive(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Back into the history."""
    return await _put(request, id, actions.archive, archived=False)


async def _put(request: HttpRequest, id: uuid.UUID, verb: Callable[..., Conversation], **how: bool) -> HttpResponse:  # noqa: A002
    def done() -> dict[str, Any]:
        conversation = verb(access.conversation(signed_in(request), id), **how)
        return {"conversation": transcript.listed(conversation)}

    body = await query(done)
    return reply(request, body, location=body["conversation"]["url"])


def _below(user: Any, before: str) -> dict[str, Any]:
    return transcript.below(user, _place(user, before))


def _archived(user: Any, before: str) -> dict[str, Any]:
    return transcript.archived(user, _place(user, before))


def _place(user: Any, before: str) -> Conversation | None:
    try:
        return access.listed(user, uuid.UUID(before)) if before else None
    except ValueError as error:
        raise NotFound() from error


def _seen(request: HttpRequest, id: uuid.UUID) -> Conversation:  # noqa: A002
    return actions.see(access.conversation(signed_in(request), id))
