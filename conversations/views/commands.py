"""The commands: each checks its fields, asks whom to ask, calls the engine in the request's thread, and answers."""

import dataclasses
import functools
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import signed_in
from conversations import access, actions, addresses, forms, runs, standing, transcript
from conversations.actions import Exchange, Target
from conversations.attached.parts import of as of_files
from conversations.forms import Command
from conversations.models import Conversation, Message, Receipt, Role, Run
from conversations.parameters import Layers
from conversations.views import pages
from conversations.views.uploads import kept
from live.database import query
from live.errors import NotFound, NotSignedIn, Refused
from live.replies import fields, is_json, reply, wants_json
from providers.choosing import choose, choose_now

Attached = Sequence[dict[str, Any]] | None  # parts that stand for files
Last = tuple[str, str] | None  # (provider, model id) that was used last


def keeping_text(door: Callable[..., Awaitable[HttpResponse]]) -> Callable[..., Awaitable[HttpResponse]]:
    """A form that is refused comes back with the reason and with what was typed."""

    @functools.wraps(door)
    async def keeping(request: HttpRequest, id: uuid.UUID | None = None) -> HttpResponse:  # noqa: A002
        given = {"id": id} if id else {}
        try:
            return await door(request, **given)
        except Refused as refusal:
            if wants_json(request) or isinstance(refusal, NotSignedIn | NotFound):
                raise
            return await pages.again(request, id, refusal)

    return keeping


@keeping_text
async def create(request: HttpRequest) -> HttpResponse:
    """A new conversation; with text, its first exchange too."""
    done = await _done(await query(_create, request, await kept(request)))
    return _made(request, done.conversation, done.body, status=done.status)


@keeping_text
async def send_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """A question, and the run that answers it."""
    return _exchanged(request, await _done(await query(_send, request, id, await kept(request))))


async def edit_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The same question, put differently; of another message a person's own text, which nobody answers."""
    return _exchanged(request, await _done(await query(_edit, request, id)))


async def regenerate(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Another answer to the same question; by the same model unless another is named."""
    return _exchanged(request, await _done(await query(_regenerate, request, id)))


async def answer_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """An answer to a question that stands alone."""
    return _exchanged(request, await _done(await query(_answer, request, id)))


async def continue_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The rest of an answer that was cut off."""
    return _exchanged(request, await query(_continue, request, id))


async def show_message(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Go over to the branch through this message."""
    conversation = await query(_show, request, id)
    return _about(request, conversation, location=addresses.message(conversation.pk, id))


async def stop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """End a run. 202 while it is ending, 200 when it had ended before."""
    run, was_live = await query(_stop, request, id)
    location = addresses.conversation(run.conversation_id)
    return reply(request, {"run": transcript.run_json(run)}, location=location, status=202 if was_live else 200)


async def rename(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """A title of the person's own."""
    user = await query(signed_in, request)
    conversation = await query(access.conversation, user, id)
    conversation = await query(actions.rename, conversation, forms.title(fields(request)))
    return _about(request, conversation, location=addresses.conversation(conversation.pk))


async def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Out of sight, and restorable for a while."""
    user = await query(signed_in, request)
    conversation = await query(access.conversation, user, id)
    await query(actions.delete, conversation)
    return _about(request, conversation, location=reverse("start"))


async def restore(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Undo a delete."""
    user = await query(signed_in, request)
    conversation = await query(access.conversation, user, id, deleted=True)
    await query(actions.restore, conversation)
    return _about(request, conversation, location=addresses.conversation(conversation.pk))


@dataclasses.dataclass(frozen=True)
class Done:
    """A command that was carried out, now or before, and its answer."""

    conversation: Conversation
    body: dict[str, Any]
    status: int


@dataclasses.dataclass(frozen=True)
class Asked:
    """A command that was checked: who gave it, what was used last where it belongs, which parameters hold there."""

    user: Any
    command: Command
    last: Last
    layers: Layers
    verb: Callable[..., tuple[Exchange, bool]]


async def _done(first: Done | Asked) -> Done:
    """What the first visit to the database did; what it could not do until a provider has said what it lists."""
    if isinstance(first, Done):
        return first
    if first.command.files:
        attached = await runs.attached_parts(first.user, first.command.files)
        first = dataclasses.replace(first, verb=functools.partial(first.verb, attached=attached))
    chosen = [await choose(first.user, *wish) for wish in _wishes(first)]
    return await query(_carry_out, first, chosen)


# What follows runs in a database thread, each as one visit: 200 people who send at once wait in one line, not in five.


def _create(request: HttpRequest, uploaded: Sequence[str]) -> Done | Asked:
    user, given = signed_in(request), _with_files(request, uploaded)
    own = forms.beginning(given, is_json=is_json(request))
    if not forms.has_text(given):
        return Done(actions.create(user, own), {}, 201)
    return _begin(user, forms.command(given, with_text=True), None, None, own)


def _with_files(request: HttpRequest, uploaded: Sequence[str]) -> Mapping[str, Any]:
    """A command's fields, with the files that a form has brought along after those that it names."""
    given = fields(request)
    return {**given, "files": " ".join([given.get("files") or "", *uploaded])} if uploaded else given


def _send(request: HttpRequest, id: uuid.UUID, uploaded: Sequence[str]) -> Done | Asked:  # noqa: A002
    user = signed_in(request)
    conversation = access.conversation(user, id)
    command = forms.command(_with_files(request, uploaded), with_text=True)
    return _begin(user, command, conversation.runs.last_used(), conversation, conversation.parameters)


def _begin(
    user: Any, command: Command, last: Last, conversation: Conversation | None, own: dict[str, Any]
) -> Done | Asked:
    def verb(target: Target, attached: Attached = None) -> tuple[Exchange, bool]:
        return runs.submit(
            conversation,
            owner=user,
            client_id=command.client_id,
            target=target,
            text=command.text,
            parent_id=command.parent_id,
            parameters=own,
            attached=attached,
        )

    return _at_once(Asked(user, command, last, standing.layers(user.pk, own), verb))


def _edit(request: HttpRequest, id: uuid.UUID) -> Done | Asked:  # noqa: A002
    user = signed_in(request)
    message = access.message(user, id)
    keeps_files = message.role == Role.USER and bool(of_files(message.parts))
    command = forms.command(fields(request), with_text=True, may_be_empty=keeps_files)
    none: Attached = None if command.files is None else ()
    if message.role != Role.USER:
        keep = forms.keeps(fields(request))
        return written(*actions.edit_by_hand(message, client_id=command.client_id, text=command.text, keep=keep))

    def verb(target: Target, attached: Attached = none) -> tuple[Exchange, bool]:
        return runs.edit_message(
            message, owner=user, client_id=command.client_id, target=target, text=command.text, attached=attached
        )

    return _at_once(Asked(user, command, message.conversation.runs.last_used(), _layers(user, message), verb))


def _answer(request: HttpRequest, id: uuid.UUID) -> Done | Asked:  # noqa: A002
    return _one_more(request, id, runs.answer_message, lambda message: message.conversation.runs.last_used())


def _regenerate(request: HttpRequest, id: uuid.UUID) -> Done | Asked:  # noqa: A002
    return _one_more(request, id, runs.regenerate, lambda message: message.runs.last_used())


def _one_more(
    request: HttpRequest,
    id: uuid.UUID,  # noqa: A002
    ask: Callable[..., tuple[Exchange, bool]],
    last: Callable[[Message], Last],
) -> Done | Asked:
    """An answer to what is there; `last`: whom to ask where the command names nobody."""
    user = signed_in(request)
    message = access.message(user, id)
    command = forms.command(fields(request), with_text=False)

    def verb(target: Target) -> tuple[Exchange, bool]:
        return ask(message, owner=user, client_id=command.client_id, target=target)

    return _at_once(Asked(user, command, last(message), _layers(user, message), verb))


def _continue(request: HttpRequest, id: uuid.UUID) -> Done:  # noqa: A002
    user = signed_in(request)
    message = access.message(user, id)
    command = forms.command(fields(request), with_text=False)
    return _as_done(*runs.continue_message(message, owner=user, client_id=command.client_id))


def _at_once(asked: Asked) -> Done | Asked:
    if asked.command.files:
        return asked
    chosen = [one for wish in _wishes(asked) if (one := choose_now(asked.user, *wish))]
    return _carry_out(asked, chosen) if len(chosen) == 1 + len(asked.command.also) else asked


def _layers(user: Any, message: Message) -> Layers:
    return standing.layers(user.pk, message.conversation.parameters)


def _wishes(asked: Asked) -> list[tuple[str | None, str | None, Last]]:
    """Whom the command names, and who else is to answer the same."""
    command = asked.command
    return [(command.provider, command.model_id, asked.last), *((*other, None) for other in command.also)]


def _carry_out(asked: Asked, chosen: list[tuple[str, str]]) -> Done:
    params = forms.settled(asked.layers, asked.command.params, asked.user)
    first, *others = [Target(*one, params) for one in chosen]
    return _as_done(*asked.verb(dataclasses.replace(first, also=tuple(others), beside=asked.command.beside)))


def _as_done(exchange: Exchange, new: bool) -> Done:
    return Done(exchange.conversation, exchange.as_json(), 201 if new else 200)


def written(receipt: Receipt, new: bool) -> Done:
    """The answer to a command that made a message without a run."""
    conversation = receipt.conversation
    messages = transcript.messages_json([receipt.message]) if receipt.message else []
    body = {"run": None, "messages": messages, "conversation": transcript.conversation_json(conversation)}
    return Done(conversation, body, 201 if new else 200)


def _show(request: HttpRequest, id: uuid.UUID) -> Conversation:  # noqa: A002
    return actions.show_message(access.message(signed_in(request), id), beside=forms.beside(fields(request)))


def _stop(request: HttpRequest, id: uuid.UUID) -> tuple[Run, bool]:  # noqa: A002
    return runs.stop(access.run(signed_in(request), id))


def _exchanged(request: HttpRequest, done: Done) -> HttpResponse:
    location = addresses.conversation(done.conversation.pk)
    return reply(request, done.body, location=location, status=done.status)


def _made(request: HttpRequest, conversation: Conversation, body: dict[str, Any], *, status: int) -> HttpResponse:
    url = addresses.conversation(conversation.pk)
    return reply(request, {"id": str(conversation.pk), "url": url, **body}, location=url, status=status)


def _about(request: HttpRequest, conversation: Conversation, *, location: str) -> HttpResponse:
    return reply(request, {"conversation": transcript.conversation_json(conversation)}, location=location)
