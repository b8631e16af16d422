"""The engines of 2022: shown where a server still has them, explained where not."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from accounts.access import signed_in
from live.database import read
from live.replies import wants_json
from providers import access, registry, upstream
from providers.registry import Provider


async def page(request: HttpRequest) -> HttpResponse:
    """The engines of one provider: the one that is named, else the first."""
    user, provider = await read(_named, request)
    found = await upstream.engines(provider)
    rows = [{"id": row.id, "owner": row.owner, "ready": row.ready} for row in found.engines] if found else []
    if wants_json(request):
        return JsonResponse({"provider": provider.id, "engines": rows if found else None})
    providers = await read(registry.available, user)
    context = {"provider": provider, "providers": providers, "engines": rows if found else None, "place": "models"}
    return await read(render, request, "providers/engines.html", context)


def _named(request: HttpRequest) -> tuple[Any, Provider]:
    user = signed_in(request)
    named = request.GET.get("provider", "")[:64]
    return user, access.usable(user, named) if named else registry.default(user)
