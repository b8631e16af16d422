"""The doors to what is done with the tree by hand: insert, fork, delete, and a page that offers it for one message."""

import dataclasses
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import signed_in
from conversations import access, actions, addresses, forms, transcript
from conversations.models import Conversation, Message, Role
from conversations.views.commands import Done, written
from live.database import query, read
from live.replies import fields, reply

SHOWN = 6  # messages above the form for the next one


async def message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """All that can be done with one message, for who has no scripts."""
    user = await read(signed_in, request)
    return await read(_page, request, user, id)


async def turns(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """A form for examples, one after the other, at the end of the shown branch."""
    user = await read(signed_in, request)
    return await read(_turns, request, user, id)


async def insert_turn(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """An example turn, anywhere in a conversation; `again`: a form comes back for the next one."""
    done = await query(_insert, request, id)
    location = addresses.message(done.conversation.pk, uuid.UUID(done.body["messages"][0]["id"]))
    if fields(request).get("again"):
        location = reverse("turns", args=[id])
    return reply(request, done.body, location=location, status=done.status)


async def fork(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """A conversation of its own, from here on."""
    conversation, new = await query(_fork, request, id)
    url = addresses.conversation(conversation.pk)
    return reply(request, {"id": str(conversation.pk), "url": url}, location=url, status=201 if new else 200)


async def delete_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Out of sight with what hangs below it, and restorable for a while."""
    deleted = await query(_delete, request, id)
    body = {"conversation": transcript.conversation_json(deleted.conversation), "deleted": deleted.count}
    return reply(request, body, location=addresses.conversation(deleted.conversation.pk))


async def restore_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Undo a delete."""
    conversation = await query(_restore, request, id)
    body = {"conversation": transcript.conversation_json(conversation)}
    return reply(request, body, location=addresses.message(conversation.pk, id))


def _insert(request: HttpRequest, id: uuid.UUID) -> Done:  # noqa: A002
    conversation = access.conversation(signed_in(request), id)
    turn = forms.turn(fields(request))
    return written(*actions.insert_turn(conversation, **dataclasses.asdict(turn)))


def _fork(request: HttpRequest, id: uuid.UUID) -> tuple[Conversation, bool]:  # noqa: A002
    found = access.message(signed_in(request), id)
    receipt, new = actions.fork(found, client_id=forms.client_id(fields(request)))
    return receipt.conversation, new


def _delete(request: HttpRequest, id: uuid.UUID) -> actions.Deleted:  # noqa: A002
    return actions.delete_message(access.message(signed_in(request), id))


def _restore(request: HttpRequest, id: uuid.UUID) -> Conversation:  # noqa: A002
    return actions.restore_message(access.message(signed_in(request), id, deleted=True))


def _turns(request: HttpRequest, user: Any, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    conversation = access.conversation(user, id)
    said = [message for message in transcript.page(conversation, conversation.leaf_id)[0] if message.text]
    context = {
        "conversation": conversation,
        "said": said[-SHOWN:],
        "likely": Role.ASSISTANT if said and said[-1].role == Role.USER else Role.USER if said else Role.SYSTEM,
        "client_id": str(uuid.uuid4()),
    }
    return render(request, "conversations/turns.html", context)


def _page(request: HttpRequest, user: Any, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    found = access.message(user, id)
    count = Message.objects.count_below(found.pk)
    context = {
        "message": found,
        "conversation": found.conversation,
        "back": addresses.message(found.conversation_id, found.pk),
        "count": count,
        "others": count - 1,
        "client_id": str(uuid.uuid4()),
        "turns_url": reverse("turns", args=[found.conversation_id]),
    }
    return render(request, "conversations/message.html", context)
