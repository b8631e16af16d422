"""What can be asked for: the models that make pictures, what each takes, and what that will probably cost."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.access import signed_in
from images import forms, offers
from images.actions import money
from images.costs import Wanted
from images.models import Kind
from live.database import read
from live.errors import Invalid
from providers import catalogue, registry
from providers.choosing import choose, find
from providers.registry import Provider


async def options(request: HttpRequest) -> HttpResponse:
    """The models with what they take; with `?provider=&model_id=` that one, with the estimate for the other fields."""
    user, providers = await read(_providers, request)
    if "model_id" not in request.GET:
        await catalogue.listed_by(providers)
        return JsonResponse(await read(_models, user))
    provider_id, model_id = request.GET.get("provider", ""), request.GET["model_id"]
    chosen = await choose(user, provider_id or None, model_id, None)
    return JsonResponse(await read(_one, request, await find(user.pk, chosen[0]), model_id))


def _providers(request: HttpRequest) -> tuple[Any, list[Provider]]:
    user = signed_in(request)
    return user, registry.available(user)


def _models(user: Any) -> dict[str, Any]:
    chosen = offers.default(user)
    return {
        "models": [one.as_json() for one in offers.of(user)],
        "default": {"provider": chosen[0], "model_id": chosen[1]} if chosen else None,
    }


def _one(request: HttpRequest, provider: Provider, model_id: str) -> dict[str, Any]:
    takes = offers.takes_of(provider, model_id)
    told = {"provider": provider.id, "model_id": model_id, "takes": takes.as_json(), "currency": settings.CURRENCY}
    given = {name: request.GET[name] for name in (*forms.SETTINGS[Kind.GENERATE], "n") if request.GET.get(name)}
    try:
        asked = forms.number(given.pop("n", None), "n", 1, takes.most) or 1
        params, _ = forms.settings_of(given, takes)
    except Invalid as refusal:
        return {**told, "estimate": None, "confirm": False, "wrong": refusal.data["fields"]}
    found = money.estimate(provider.id, model_id, Wanted(request.GET.get("prompt", ""), asked, params))
    return {**told, "estimate": found, "confirm": money.needs_word(found, asked), "wrong": {}}
