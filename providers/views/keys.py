"""Keys at a provider, for whoever has an admin key there: listed, made and shown once, deleted after a question."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

import openai_client as oc
from accounts.access import signed_in
from live.database import read
from live.errors import NotFound
from live.replies import fields, reply, wants_json
from providers import access, upstream
from providers.failures import RunFailed
from providers.forms import base
from providers.forms.keys import KeyForm
from providers.registry import Provider

LONGEST_ID = 200


async def page(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002 - the address says id
    """Every key, as far as its server tells."""
    return await _page(request, await read(_askable, request, id))


async def create(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Make a key. Its value is in this answer, which nobody keeps, and is never shown again."""
    provider = await read(_askable, request, id)
    form = KeyForm(base.given(request, {}))
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return await _page(request, provider, status=400, form=form)
    made = await upstream.make_key(provider, form.cleaned_data["name"], form.cleaned_data["days"])
    if isinstance(made, RunFailed):
        return await _refused(request, provider, made, form=form)
    if wants_json(request):
        shown = {**_json(made), "value": made.value.reveal()}
        response: HttpResponse = JsonResponse({"key": shown}, status=201)
    else:
        response = await _page(request, provider, status=201, made=made, made_value=made.value.reveal())
    response["Cache-Control"] = "no-store"
    return response


async def confirm_delete(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Ask first: whoever uses the key is refused from then on."""
    provider = await read(_askable, request, id)
    key_id, name = _named(request.GET.dict()), request.GET.get("name", "")[:80]
    context = {"provider": provider, "key_id": key_id, "name": name or key_id, "place": "providers"}
    return await read(render, request, "providers/delete_key.html", context)


async def delete(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Have the server delete a key."""
    provider = await read(_askable, request, id)
    key_id = _named(fields(request))
    failed = await upstream.delete_key(provider, key_id)
    if failed is not None:
        return await _refused(request, provider, failed)
    if not wants_json(request):
        messages.success(request, gettext("The key is deleted."))
    return reply(request, {"deleted": key_id}, location=reverse("provider_keys", args=[provider.id]))


def _askable(request: HttpRequest, provider_id: str) -> Provider:
    return access.askable(signed_in(request), provider_id)


def _named(given: Any) -> str:
    key_id = given.get("key")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= LONGEST_ID:
        raise NotFound()
    return key_id


async def _refused(request: HttpRequest, provider: Provider, failed: RunFailed, **context: Any) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": failed.as_json()}, status=502)
    return await _page(request, provider, status=502, failed=failed, **context)


async def _page(request: HttpRequest, provider: Provider, status: int = 200, **context: Any) -> HttpResponse:
    found = await upstream.keys(provider)
    told = found if isinstance(found, oc.AdminKeyList) else None
    if wants_json(request):
        if isinstance(found, RunFailed):
            return JsonResponse({"error": found.as_json()}, status=502)
        return JsonResponse({"keys": [_json(key) for key in found], "has_more": found.has_more})
    shown = {
        "provider": provider,
        "form": KeyForm(),
        "keys": None if told is None else [_row(key) for key in told],
        "has_more": bool(told and told.has_more),
        "failed": found if isinstance(found, RunFailed) else None,
        "place": "providers",
        **context,
    }
    return await read(render, request, "providers/keys.html", shown, None, status)


def _row(key: oc.AdminKey) -> dict[str, Any]:
    """The same with its times as such."""
    shown = _json(key)
    for name in ("created", "last_used", "expires"):
        if shown[name]:
            shown[name] = datetime.datetime.fromtimestamp(shown[name], datetime.UTC)
    return shown


def _json(key: oc.AdminKey) -> dict[str, Any]:
    names = ("id", "name", "redacted_value", "owner", "created", "last_used", "expires")
    return {name: getattr(key, name) for name in names}
