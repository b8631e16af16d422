"""The commands: each checks its fields, asks whom to ask, calls the engine in the request's thread, and answers."""

import functools
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import signed_in
from conversations import access, actions, forms, runs, transcript
from conversations.actions import Exchange, Target
from conversations.forms import Command
from conversations.models import Conversation, Message
from conversations.views import pages
from live.errors import NotFound, NotSignedIn, Refused
from live.replies import fields, reply, wants_json
from providers.choosing import choose

in_thread = sync_to_async


def keeping_text(door: Callable[..., Awaitable[HttpResponse]]) -> Callable[..., Awaitable[HttpResponse]]:
    """A form that is refused comes back with the reason and with what was typed."""

    @functools.wraps(door)
    async def kept(request: HttpRequest, id: uuid.UUID | None = None) -> HttpResponse:  # noqa: A002
        given = {"id": id} if id else {}
        try:
            return await door(request, **given)
        except Refused as refusal:
            if wants_json(request) or isinstance(refusal, NotSignedIn | NotFound):
                raise
            return await pages.again(request, id, refusal)

    return kept


@keeping_text
async def create(request: HttpRequest) -> HttpResponse:
    """A new conversation; with text, its first exchange too."""
    user = await in_thread(signed_in)(request)
    given = fields(request)
    if not forms.has_text(given):
        conversation = await in_thread(actions.create)(user)
        return _made(request, conversation, {}, status=201)
    command = forms.command(given, with_text=True)
    target = await _target(command, last=None)
    exchange, new = await in_thread(runs.submit)(
        None, owner=user, client_id=command.client_id, target=target, text=command.text
    )
    body = await in_thread(exchange.as_json)()
    return _made(request, exchange.conversation, body, status=201 if new else 200)


@keeping_text
async def send_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """A question, and the run that answers it."""
    user = await in_thread(signed_in)(request)
    conversation = await in_thread(access.conversation)(user, id)
    command = forms.command(fields(request), with_text=True)
    target = await _target(command, last=await in_thread(_last_target)(conversation))
    exchange, new = await in_thread(runs.submit)(
        conversation,
        owner=user,
        client_id=command.client_id,
        target=target,
        text=command.text,
        parent_id=command.parent_id,
    )
    return await _exchanged(request, exchange, new)


async def edit_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The same question, put differently."""
    user = await in_thread(signed_in)(request)
    message = await in_thread(access.message)(user, id)
    command = forms.command(fields(request), with_text=True)
    target = await _target(command, last=await in_thread(_last_target)(message.conversation))
    exchange, new = await in_thread(runs.edit_message)(
        message, owner=user, client_id=command.client_id, target=target, text=command.text
    )
    return await _exchanged(request, exchange, new)


async def regenerate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Another answer to the same question; by the same model unless another is named."""
    user = await in_thread(signed_in)(request)
    message = await in_thread(access.message)(user, id)
    command = forms.command(fields(request), with_text=False)
    target = await _target(command, last=await in_thread(_target_of)(message))
    exchange, new = await in_thread(runs.regenerate)(message, owner=user, client_id=command.client_id, target=target)
    return await _exchanged(request, exchange, new)


async def continue_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The rest of an answer that was cut off."""
    user = await in_thread(signed_in)(request)
    message = await in_thread(access.message)(user, id)
    command = forms.command(fields(request), with_text=False)
    exchange, new = await in_thread(runs.continue_message)(message, owner=user, client_id=command.client_id)
    return await _exchanged(request, exchange, new)


async def stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """End a run. 202 while it is ending, 200 when it had ended before."""
    user = await in_thread(signed_in)(request)
    run = await in_thread(access.run)(user, id)
    run, was_live = await in_thread(runs.stop)(run)
    location = reverse("conversation", args=[run.conversation_id])
    return reply(request, {"run": transcript.run_json(run)}, location=location, status=202 if was_live else 200)


async def rename(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """A title of the person's own."""
    user = await in_thread(signed_in)(request)
    conversation = await in_thread(access.conversation)(user, id)
    conversation = await in_thread(actions.rename)(conversation, forms.title(fields(request)))
    return _about(request, conversation, location=reverse("conversation", args=[conversation.pk]))


async def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Out of sight, and restorable for a while."""
    user = await in_thread(signed_in)(request)
    conversation = await in_thread(access.conversation)(user, id)
    await in_thread(actions.delete)(conversation)
    return _about(request, conversation, location=reverse("start"))


async def restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Undo a delete."""
    user = await in_thread(signed_in)(request)
    conversation = await in_thread(access.conversation)(user, id, deleted=True)
    await in_thread(actions.restore)(conversation)
    return _about(request, conversation, location=reverse("conversation", args=[conversation.pk]))


async def _target(command: Command, last: tuple[str, str] | None) -> Target:
    provider, model_id = await choose(command.provider, command.model_id, last)
    return Target(provider, model_id, command.params)


def _last_target(conversation: Conversation) -> tuple[str, str] | None:
    run = conversation.runs.order_by("-created_at").first()
    return (run.provider, run.model_id) if run else None


def _target_of(message: Message) -> tuple[str, str] | None:
    run = message.runs.order_by("-created_at").first()
    return (run.provider, run.model_id) if run else None


async def _exchanged(request: HttpRequest, exchange: Exchange, new: bool) -> HttpResponse:
    location = reverse("conversation", args=[exchange.conversation.pk])
    return reply(request, await in_thread(exchange.as_json)(), location=location, status=201 if new else 200)


def _made(request: HttpRequest, conversation: Conversation, body: dict[str, Any], *, status: int) -> HttpResponse:
    url = reverse("conversation", args=[conversation.pk])
    return reply(request, {"id": str(conversation.pk), "url": url, **body}, location=url, status=status)


def _about(request: HttpRequest, conversation: Conversation, *, location: str) -> HttpResponse:
    return reply(request, {"conversation": transcript.conversation_json(conversation)}, location=location)
