"""The pages: everything a person sees is rendered here, complete, before any script runs."""

import contextlib
import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import signed_in
from conversations import access, actions, runs, standing, transcript
from conversations.attached.parts import MOST_FILES
from conversations.attached.parts import of as of_files
from conversations.errors import UnknownParent
from conversations.models import SAID, Conversation
from files.access import file_of
from live.database import query, read
from live.errors import NotFound, Refused
from providers import defaults, offers, registry
from providers.models import MODEL_ID_LENGTH, PROVIDER_ID_LENGTH

Json = dict[str, Any]


async def start(request: HttpRequest) -> HttpResponse:
    """An empty composer."""
    user = await read(signed_in, request)
    last = await read(defaults.likely, user)
    kept = {"preattached": await read(_named_files, user, request)} if "file" in request.GET else {}
    return await read(_page, request, user, "conversations/start.html", None, last, **kept)


def _named_files(user: Any, request: HttpRequest) -> list[str]:
    """The files that a link has attached: `?file=<id>`, more than once for several; those that are there."""
    found = []
    for name in request.GET.getlist("file")[:MOST_FILES]:
        with contextlib.suppress(NotFound):
            found.append(str(file_of(user, name).pk))
    return found


async def conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """One conversation, a half-written answer included; with `?before=`, a page of what came before that message;
    with `?at=` one that shows that message, wherever it stands."""
    user = await read(signed_in, request)
    if "before" in request.GET:
        snapshot = await read(_earlier, user, id, _before(request))
    else:
        snapshot = await runs.snapshot(user, id)
        if "at" in request.GET:
            snapshot = await read(_around, user, snapshot, request.GET["at"])
    if await read(_is_news, user, id):
        await query(_see, user, id)
    last = _wished(request) or await read(_last, user, id)
    return await read(_page, request, user, "conversations/conversation.html", snapshot, last)


async def again(request: HttpRequest, id: uuid.UUID | None, refusal: Refused) -> HttpResponse:  # noqa: A002
    """The page whose form was refused, with the reason and what was typed: nothing is written twice."""
    user = await read(signed_in, request)
    snapshot = await runs.snapshot(user, id) if id else None
    last = await read(_last, user, id) if id else await read(defaults.likely, user)
    template = "conversations/conversation.html" if id else "conversations/start.html"
    kept = {"refusal": refusal.as_dict(), "draft": request.POST.get("text", "")}
    response = await read(_page, request, user, template, snapshot, last, **kept)
    response.status_code = refusal.status
    return response


async def older_messages(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """The messages before `?before=`, as JSON."""
    user = await read(signed_in, request)
    return JsonResponse(await read(_older, user, id, _before(request)))


def _wished(request: HttpRequest) -> tuple[str, str] | None:
    """The model that a link chooses for the next message: `?provider=&model_id=`."""
    wished = request.GET.get("provider", "")[:PROVIDER_ID_LENGTH], request.GET.get("model_id", "")[:MODEL_ID_LENGTH]
    return wished if all(wished) else None


def _before(request: HttpRequest) -> uuid.UUID:
    try:
        return uuid.UUID(request.GET.get("before", ""))
    except ValueError as error:
        raise UnknownParent() from error


def _earlier(user: Any, id: uuid.UUID, before: uuid.UUID) -> Json:  # noqa: A002
    return transcript.earlier(access.conversation(user, id), before)


def _around(user: Any, snapshot: Json, at: str) -> Json:
    """What is shown, if that message is in it or nowhere in this conversation; else what is around it."""
    shown = (*snapshot["messages"], *snapshot["beside"])
    try:
        message = access.message(user, uuid.UUID(at))
    except (ValueError, Refused):  # it was deleted, perhaps in another tab
        return snapshot
    if str(message.conversation_id) != snapshot["conversation"]["id"] or any(
        one["id"] == str(message.pk) for one in shown
    ):
        return snapshot
    return transcript.around(message.conversation, message)


def _older(user: Any, id: uuid.UUID, before: uuid.UUID) -> Json:  # noqa: A002
    return transcript.older(access.conversation(user, id), before)


def _is_news(user: Any, id: uuid.UUID) -> bool:  # noqa: A002
    return access.conversation(user, id).unread


def _see(user: Any, id: uuid.UUID) -> None:  # noqa: A002
    actions.see(access.conversation(user, id))


def _last(user: Any, id: uuid.UUID) -> tuple[str, str] | None:  # noqa: A002
    found: Conversation = access.conversation(user, id)
    return found.runs.last_used() or defaults.likely(user)


def _page(
    request: HttpRequest, user: Any, template: str, snapshot: Json | None, chosen: tuple[str, str] | None, **kept: Any
) -> HttpResponse:
    context: Json = {
        "conversation": None,
        "snapshot": snapshot,
        "messages_shown": [],
        "columns": [],
        "models": _models(user),
        "chosen": {"provider": chosen[0], "model_id": chosen[1]} if chosen else None,
        "in_sandbox": (chosen[0] if chosen else registry.default(user).id) == registry.SANDBOX,
        "client_id": str(uuid.uuid4()),
        "parameters": _parameters(user, snapshot),
        **kept,
    }
    if snapshot is not None:
        id = snapshot["conversation"]["id"]  # noqa: A001
        context["conversation"] = {**snapshot["conversation"], "url": reverse("conversation", args=[id])}
        shown = [_readable(message) for message in snapshot["messages"]]
        context["columns"] = _columns(shown.pop(), snapshot["beside"]) if snapshot.get("beside") else []
        context["messages_shown"] = shown
        context["any_attached"] = any(message["attached"] for message in shown)
    return render(request, template, context)


def _parameters(user: Any, snapshot: Json | None) -> Json:
    """How many hold, and what counts for an estimate."""
    shown: Json = snapshot["conversation"]["parameters"] if snapshot else standing.summary(standing.layers(user.pk, {}))
    return shown


def _columns(last: Json, beside: list[Json]) -> list[Json]:
    """The last answer and those beside it, in the order in which they were asked for."""
    found = sorted([last, *map(_readable, beside)], key=lambda message: message["created_at"])
    several = len({message["model_id"] for message in found}) > 1
    return [
        {**message, "column": {"number": number, "count": len(found), "is_leaf": message is last, "several": several}}
        for number, message in enumerate(found, 1)
    ]


def _readable(message: Json) -> Json:
    """A message with its parts joined, for the template."""
    joined: Json = {
        name: "".join(part["text"] for part in message["parts"] if part["type"] in kinds)
        for name, kinds in (("text", SAID), ("reasoning", ("reasoning",)))
    }
    joined["attached"] = of_files(message["parts"])
    return {**message, **joined, "thought_seconds": sum(part.get("seconds", 0) for part in message["parts"])}


def _models(user: Any) -> list[Json]:
    """What this person can choose from, as far as is known without asking."""
    return [
        {"provider": offer.provider.id, "provider_name": offer.provider.name, "model_id": offer.id}
        for offer in offers.of(user, registry.available(user))
        if not offer.hidden
    ]
