"""The whole history, a helping at a time; and that a conversation was looked at."""

import uuid
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


def _below(user: Any, before: str) -> dict[str, Any]:
    if not before:
        return transcript.below(user, None)
    try:
        place = uuid.UUID(before)
    except ValueError as error:
        raise NotFound() from error
    return transcript.below(user, access.listed(user, place))


def _seen(request: HttpRequest, id: uuid.UUID) -> Conversation:  # noqa: A002
    return actions.see(access.conversation(signed_in(request), id))
