"""The doors to models: the list, one of them, and what a person chooses about it."""

import asyncio
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from accounts.access import owner, signed_in
from live.database import read
from live.replies import fields, reply, wants_json
from providers import (
    access,
    actions,
    browse,
    catalogue,
    defaults,
    facts,
    learned,
    lists,
    offers,
    registry,
    retirement,
    snippets,
    upstream,
)
from providers.errors import NotDeletable
from providers.forms import models as forms
from providers.forms.models import SORTS
from providers.registry import Provider


async def page(request: HttpRequest) -> HttpResponse:
    """Every model that this person can choose, from the lists as they were last seen."""
    user, providers = await read(_providers, request)
    await catalogue.listed_by(providers)
    if wants_json(request):
        return JsonResponse(await read(offers.as_json, user))
    return await read(_page, request, user, providers)


def _providers(request: HttpRequest) -> tuple[Any, list[Provider]]:
    user = signed_in(request)
    return user, registry.available(user)


def _page(request: HttpRequest, user: Any, providers: list[Provider]) -> HttpResponse:
    wanted = browse.Wanted.of(request.GET.dict(), SORTS)
    found = browse.browse(offers.of(user, providers), wanted)
    kept = {"q": wanted.text, "provider": wanted.provider, "can": wanted.can, "sort": wanted.sort}
    kept |= {"hidden": "1"} if wanted.hidden else {}
    listed = lists.known_of(providers)
    context = {
        "wanted": wanted,
        "found": found,
        "sorts": SORTS,
        "capabilities": facts.CAPABILITIES,
        "providers": [(provider, listed[provider.id]) for provider in providers],
        "default": defaults.likely(user),
        "own_defaults": defaults.own(user),
        "kept": urlencode({name: value for name, value in kept.items() if value}),
        "place": "models",
    }
    return render(request, "providers/models.html", context)


async def one(request: HttpRequest) -> HttpResponse:
    """What is known of one model; its server is asked for it, and what it answers is shown as it came."""
    user, provider, model_id = await read(_named, request, request.GET.dict())
    offer, answer = await asyncio.gather(read(offers.one, user, provider, model_id), upstream.model(provider, model_id))
    gone = await read(retirement.of, user, provider.id, model_id)
    known = await read(learned.of_model, provider, model_id)
    if wants_json(request):
        data = {"model": offer.as_json(), "server": answer.as_json(), "retirement": gone and gone.as_json()}
        return JsonResponse({**data, "learned": [one.as_json() for one in known]})
    context = {
        "offer": offer,
        "answer": answer,
        "retirement": gone,
        "is_snapshot": facts.is_snapshot(model_id),
        "learned": known,
        "may_forget": user.is_owner or provider.private_to == user.pk,
        "snippets": snippets.of_model(offer),
        "may_delete": offer.deletable and (user.is_owner or provider.private_to == user.pk),
        "default": await read(defaults.likely, user),
        "place": "models",
    }
    return await read(render, request, "providers/model.html", context)


def _named(request: HttpRequest, given: Any) -> tuple[Any, Provider, str]:
    user = signed_in(request)
    provider_id, model_id = forms.which(given)
    return user, access.usable(user, provider_id), model_id


async def refresh(request: HttpRequest) -> HttpResponse:
    """Ask a provider for its models again."""
    provider = await read(_asked, request)
    listed = await catalogue.refresh(provider)
    found = {"models": len(listed.rows), "failure": listed.failure, "left_out": listed.left_out}
    return reply(request, found, location=f"{reverse('models')}?{urlencode({'provider': provider.id})}")


def _asked(request: HttpRequest) -> Provider:
    user = signed_in(request)
    return access.usable(user, str(fields(request).get("provider", ""))[:64])


def hide(request: HttpRequest) -> HttpResponse:
    """Do not offer it any more: to me, or (the owner) to anybody."""
    return _choose(request, actions.hide_model)


def show(request: HttpRequest) -> HttpResponse:
    """Offer it again."""
    return _choose(request, actions.show_model)


def set_default(request: HttpRequest) -> HttpResponse:
    """Ask this model where none is named."""
    return _choose(request, actions.set_default)


def forget(request: HttpRequest) -> HttpResponse:
    """Ask with every setting again, also with what was refused: one model, or without an id every one."""
    given = fields(request)
    provider = access.askable(signed_in(request), str(given.get("provider", ""))[:64])
    model_id = forms.which(given)[1] if given.get("id") or given.get("model_id") else None
    actions.forget_learned(provider.id, model_id)
    if not wants_json(request):
        messages.success(request, gettext("Forgotten. The next question is asked with everything."))
    location = f"{reverse('models')}?{urlencode({'provider': provider.id})}"
    if model_id is not None:
        location = f"{reverse('model')}?{urlencode({'provider': provider.id, 'id': model_id})}"
    return reply(request, {"provider": provider.id, "learned": []}, location=location)


def clear_default(request: HttpRequest) -> HttpResponse:
    """As if no default had been chosen."""
    given = fields(request)
    actions.set_default(_whose(request, signed_in(request), given), "", "")
    if not wants_json(request):
        messages.success(request, gettext("Saved."))
    return reply(request, {"default": None}, location=reverse("models"))


def _choose(request: HttpRequest, verb: Any) -> HttpResponse:
    given = fields(request)
    user, provider, model_id = _named(request, given)
    verb(_whose(request, user, given), provider.id, model_id)
    if not wants_json(request):
        messages.success(request, gettext("Saved."))
    location = f"{reverse('model')}?{urlencode({'provider': provider.id, 'id': model_id})}"
    return reply(request, {"model": offers.one(user, provider, model_id).as_json()}, location=location)


def _whose(request: HttpRequest, user: Any, given: Any) -> Any | None:
    """Of whom the choice is: None for everybody, which only the owner may say."""
    if not forms.for_everybody(given):
        return user
    owner(request)
    return None


async def confirm_delete(request: HttpRequest) -> HttpResponse:
    """Ask first: what is deleted at the server is gone for everybody."""
    user, provider, model_id = await read(_deletable, request, request.GET.dict())
    context = {"offer": await read(offers.one, user, provider, model_id), "place": "models"}
    return await read(render, request, "providers/delete_model.html", context)


async def delete(request: HttpRequest) -> HttpResponse:
    """Have its server delete a fine-tuned model."""
    _user, provider, model_id = await read(_deletable, request, fields(request))
    refusal = await upstream.delete(provider, model_id)
    if refusal is not None:
        if wants_json(request):
            return JsonResponse({"error": refusal.as_json()}, status=502)
        messages.error(request, refusal.message)
        location = f"{reverse('model')}?{urlencode({'provider': provider.id, 'id': model_id})}"
        return reply(request, {}, location=location)
    await catalogue.refresh(provider)
    if not wants_json(request):
        messages.success(request, gettext("%(model)s is deleted.") % {"model": model_id})
    return reply(request, {"deleted": model_id}, location=reverse("models"))


def _deletable(request: HttpRequest, given: Any) -> tuple[Any, Provider, str]:
    """With one's own key, or as the owner of the site. Raises NotDeletable for what is not fine-tuned."""
    user, provider, model_id = _named(request, given)
    provider = access.askable(user, provider.id)
    if not offers.one(user, provider, model_id).deletable:
        raise NotDeletable()
    return user, provider, model_id
