"""Parameters that stay: of a conversation, of one that is about to begin, of a person and of the site; presets."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.access import owner, signed_in
from conversations import access, actions, addresses, forms, parameters, sheet, standing
from conversations.forms import Setting
from conversations.models import Conversation
from conversations.parameters import EXAMPLES, Layers
from live.database import query, read
from live.errors import NotFound, Refused
from live.replies import fields, is_json, reply, wants_json
from providers import defaults
from providers.choosing import choose_now
from providers.models import MODEL_ID_LENGTH, PROVIDER_ID_LENGTH

Json = dict[str, Any]
PAGE, STANDING = "conversations/parameters.html", "conversations/standing_parameters.html"


async def of_conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """What is set for one conversation, and what holds in it."""
    return await read(_of_conversation, request, id)


async def set_of_conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Set some of them, forget others, or take over a preset."""
    return await query(_set_of_conversation, request, id)


async def of_new(request: HttpRequest) -> HttpResponse:
    """What holds in a conversation that is about to begin; its form begins it."""
    return await read(_of_new, request)


async def check(request: HttpRequest) -> HttpResponse:
    """The same with what is set for it so far (`own`) and what is to change; stored only when a form begins it."""
    return await query(_check, request)


async def standing_ones(request: HttpRequest) -> HttpResponse:
    """What holds for all conversations of a person's, and, for the owner to change, of everybody's."""
    return await read(_standing_page, request)


async def set_standing(request: HttpRequest) -> HttpResponse:
    """Set some of them and forget others, `for` me or everybody (the owner)."""
    return await query(_set_standing, request)


async def save_preset(request: HttpRequest) -> HttpResponse:
    """A set with a name, to be taken over by conversations."""
    return await query(_save_preset, request)


async def delete_preset(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """It is not offered any more."""
    return await query(_delete_preset, request, id)


def _of_conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    user = signed_in(request)
    conversation = access.conversation(user, id)
    shown = _sheet(request, standing.layers(user.pk, conversation.parameters), conversation)
    if wants_json(request):
        return JsonResponse(shown)
    return _page(request, shown, conversation=conversation, action=reverse("parameters", args=[id]))


def _set_of_conversation(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    user = signed_in(request)
    conversation = access.conversation(user, id)
    try:
        given = _given(request, user, conversation.parameters)
    except Refused as refusal:
        shown = _sheet(request, standing.layers(user.pk, conversation.parameters), conversation)
        return _again(request, refusal, shown, conversation=conversation, action=reverse("parameters", args=[id]))
    conversation = actions.set_parameters(conversation, given.values, given.reset)
    shown = _sheet(request, standing.layers(user.pk, conversation.parameters), conversation)
    return reply(request, shown, location=reverse("conversation", args=[id]))


def _of_new(request: HttpRequest) -> HttpResponse:
    shown = _sheet(request, standing.layers(signed_in(request).pk, {}))
    if wants_json(request):
        return JsonResponse(shown)
    return _page(request, shown, action=reverse("new_parameters"))


def _check(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    own = forms.stored_parameters(fields(request).get("own"))
    try:
        given = _given(request, user, own)
    except Refused as refusal:
        shown = _sheet(request, standing.layers(user.pk, own))
        return _again(request, refusal, shown, action=reverse("new_parameters"))
    own = parameters.changed(own, given.values, given.reset)
    if "begin" in request.POST:
        return HttpResponseRedirect(addresses.conversation(actions.create(user, own).pk), status=303)
    shown = _sheet(request, standing.layers(user.pk, own))
    return JsonResponse(shown) if wants_json(request) else _page(request, shown, action=reverse("new_parameters"))


def _standing_page(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    site, mine = _standing_sheets(request, user)
    if wants_json(request):
        return JsonResponse({"personal": mine, "site": site})
    return _page(request, mine, STANDING, site=site)


def _set_standing(request: HttpRequest) -> HttpResponse:
    user, whom = _whom(request)
    before = standing.layers(user.pk, {})
    try:
        given = _given(request, user, before.personal if whom else before.site)
    except Refused as refusal:
        site, mine = _standing_sheets(request, user)
        return _again(request, refusal, mine, STANDING, site=site, whose="me" if whom else "everybody")
    actions.set_standing(whom, given.values, given.reset)
    site, mine = _standing_sheets(request, user)
    return reply(request, {"personal": mine, "site": site}, location=reverse("standing_parameters"))


def _save_preset(request: HttpRequest) -> HttpResponse:
    _user, whom = _whom(request)
    given = fields(request)
    name = forms.preset_name(given, is_json=is_json(request))
    values = forms.beginning(given, is_json=is_json(request))
    preset, new = actions.save_preset(whom, name, values)
    body = {"preset": sheet.preset_json(preset)}
    return reply(request, body, location=reverse("standing_parameters"), status=201 if new else 200)


def _delete_preset(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    preset = access.changeable_preset(signed_in(request), id)
    actions.delete_preset(preset)
    return reply(request, {"deleted": str(id)}, location=reverse("standing_parameters"))


def _whom(request: HttpRequest) -> tuple[Any, Any]:
    """Who asks, and whose parameters are meant: None for everybody's, which are the owner's to change."""
    user = signed_in(request)
    whose = fields(request).get("for", "me")
    return user, (None if whose == "everybody" and owner(request) else user)


def _given(request: HttpRequest, user: Any, own: Mapping[str, Any]) -> Setting:
    """What the command sets and forgets; with a preset, all that it says and nothing else."""
    given = fields(request)
    wished = given.get("preset")
    if not wished:
        return forms.setting(given, is_json=is_json(request))
    offered: Json = {str(preset.pk): preset.parameters for preset in access.presets(user)}
    offered |= {one.id: one.parameters for one in EXAMPLES}
    if wished not in offered:
        raise NotFound()
    return Setting(dict(offered[wished]), frozenset(own.keys() - offered[wished].keys()))


def _sheet(request: HttpRequest, layers: Layers, conversation: Conversation | None = None) -> Json:
    """With what is refused by the model that the request names, else by the one that is asked next."""
    user = signed_in(request)
    wished = request.GET.get("provider", "")[:PROVIDER_ID_LENGTH], request.GET.get("model_id", "")[:MODEL_ID_LENGTH]
    last = conversation.runs.last_used() if conversation else None
    target = wished if all(wished) else _chosen(user, wished[1], last)
    return sheet.of(user, layers, target)


def _chosen(user: Any, model_id: str, last: tuple[str, str] | None) -> tuple[str, str] | None:
    """Whom a request would go to that names this model alone, or none."""
    if not model_id:
        return last or defaults.likely(user)
    try:
        return choose_now(user, None, model_id, last) or ("", model_id)
    except Refused:
        return None


def _standing_sheets(request: HttpRequest, user: Any) -> tuple[Json, Json]:
    """The site's as a layer of its own, and the person's upon it."""
    found = standing.layers(user.pk, {})
    return _sheet(request, Layers(own=found.site)), _sheet(request, Layers(site=found.site, own=found.personal))


def _again(request: HttpRequest, refusal: Refused, shown: Json, template: str = PAGE, **more: Any) -> HttpResponse:
    """The page whose form was refused, with what was typed and a sentence at each field that is wrong."""
    if wants_json(request):
        raise refusal
    kept = {"wrong": refusal.data.get("fields", {}), "refusal": refusal.as_dict(), "typed": request.POST}
    response = _page(request, shown, template, **more, **kept)
    response.status_code = refusal.status
    return response


def _page(request: HttpRequest, shown: Json, template: str = PAGE, **more: Any) -> HttpResponse:
    return render(request, template, {"sheet": shown, **more})
