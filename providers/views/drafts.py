"""Providers that are not stored yet: a form that is tested before it is saved, and a file that holds keys."""

import copy
import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import signed_in
from live.database import read
from live.errors import NotFound
from live.replies import fields, reply, wants_json
from providers import actions, registry, shown, trial
from providers.forms import base
from providers.forms.imports import ImportForm
from providers.forms.providers import ProviderForm
from providers.registry import Provider
from providers.views import providers


@sensitive_post_parameters(*providers.HIDDEN)
async def try_out(request: HttpRequest) -> HttpResponse:
    """Test what a form holds, without storing it; `id` names the provider that it would change."""
    form, preset, draft = await read(_draft, request)
    if draft is None:
        if wants_json(request):
            raise base.refuse(form)
        return await read(providers.form_page, request, form, preset, 400)
    found = await trial.try_out(draft)
    if wants_json(request):
        return JsonResponse(found.as_json())
    return await read(_tried, request, form, preset, found)


def _draft(request: HttpRequest) -> tuple[ProviderForm, Any, Provider | None]:
    user = signed_in(request)
    named = fields(request).get("id")
    if named:
        form, preset = providers.changed_form(request, user, _uuid(named))
    else:
        form, preset = providers.new_form(request, user)
    if not form.is_valid():
        return form, preset, None
    row = copy.copy(form.row)
    for name, value in form.values().items():
        setattr(row, name, value)
    return form, preset, registry.as_value(row)


def _tried(request: HttpRequest, form: ProviderForm, preset: Any, found: trial.Trial) -> HttpResponse:
    return providers.form_page(request, form, preset, trial=found)


def _uuid(text: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(text))
    except ValueError:
        raise NotFound() from None


@sensitive_post_parameters("text")
def read_file(request: HttpRequest) -> HttpResponse:
    """Enter what a config.ini or an .env names: all of it, or nothing."""
    user = signed_in(request)
    data = fields(request)
    row = providers.new_row(user, str(data.get("for", "me")))
    form = ImportForm(data, request.FILES, owner=row.owner, person=user)
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return providers.presets_page(request, row, form, status=400)
    rows = actions.save_new_providers(user, [(one.row, one.values()) for one in form.providers])
    count = len(rows)
    if not wants_json(request):
        said = ngettext("%(count)s provider was read from it.", "%(count)s providers were read from it.", count)
        messages.success(request, said % {"count": count})
    entered = [shown.row_json(row, user) for row in rows]
    return reply(request, {"providers": entered}, location=reverse("providers"), status=201)
