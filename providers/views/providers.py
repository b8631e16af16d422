"""The settings' pages of providers: the list, the form, tests, and what the owner allows."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from accounts.access import owner, signed_in
from live.database import read
from live.replies import reply, wants_json
from providers import access, actions, learned, nearby, presets, registry, shown, trial
from providers.forms import base
from providers.forms.imports import ImportForm
from providers.forms.providers import SECRETS, ProviderForm, stored
from providers.forms.rules import RulesForm
from providers.models import StoredProvider

HIDDEN = (*SECRETS, "carried")


def page(request: HttpRequest) -> HttpResponse:
    """Every provider that this person has."""
    user = signed_in(request)
    return _page(request, user)


def _page(request: HttpRequest, user: Any, status: int = 200, **context: Any) -> HttpResponse:
    rows = [shown.row_json(row, user) for row in access.listed(user)]
    listed: dict[str, Any] = {
        "environment": shown.environment_json(),
        "shared": [row for row in rows if row["shared"]],
        "own": [row for row in rows if not row["shared"]],
        "may_have_own": access.may_have_own(user),
    }
    if wants_json(request):
        return JsonResponse(listed, status=status)
    known = learned.of([row["id"] for row in (*rows, *filter(None, [listed["environment"]]))])
    for row in (*rows, *filter(None, [listed["environment"]])):
        row["learned"] = known[row["id"]]
    listed |= {"place": "providers", "rules_form": RulesForm.of_now() if user.is_owner else None, **context}
    return render(request, "providers/providers.html", listed, status=status)


def choose_preset(request: HttpRequest) -> HttpResponse:
    """The first step of adding one: what kind of server it is; then its form, filled in."""
    user = signed_in(request)
    row = new_row(user, request.GET.get("for", "me"))
    preset = presets.BY_ID.get(request.GET.get("preset", ""))
    if preset is None:
        return presets_page(request, row)
    initial = {**preset.initial, "name": "" if preset.id == "other" else preset.name}
    if address := request.GET.get("base_url"):
        initial["base_url"] = address[:500]
    return form_page(request, ProviderForm(row=row, person=user, initial=initial), preset)


def presets_page(request: HttpRequest, row: StoredProvider, form: Any = None, status: int = 200) -> HttpResponse:
    """What kind of server it is, or a file that says so."""
    scope = "me" if row.owner_id else "site"
    context = {"presets": presets.ALL, "for": scope, "form": form or ImportForm(), "place": "providers"}
    return render(request, "providers/presets.html", context, status=status)


def new_row(user: Any, scope: str) -> StoredProvider:
    """An empty row, shared or this person's own. Raises NoOwnProviders, TooManyProviders."""
    if scope == "site" and user.is_owner:
        return StoredProvider()
    access.check_may_enter(user)
    return StoredProvider(owner=user)


@sensitive_post_parameters(*HIDDEN)
def create(request: HttpRequest) -> HttpResponse:
    """Enter a provider."""
    form, preset = new_form(request, signed_in(request))
    return _save(request, form, preset, status=201)


def new_form(request: HttpRequest, user: Any) -> tuple[ProviderForm, presets.Preset]:
    """What was sent for a provider that is not there yet."""
    data = base.given(request, {})
    row = new_row(user, str(data.get("for", "me")))
    preset = presets.BY_ID.get(str(data.get("preset", "")), presets.BY_ID["other"])
    row.preset = preset.id
    data = base.given(request, {**stored(row), **preset.initial, "name": str(preset.name)})
    return ProviderForm(data, row=row, person=user), preset


def edit(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002 - the address says id
    """The form of one provider."""
    user = signed_in(request)
    row = access.changeable(user, id)
    if wants_json(request):
        return JsonResponse({"provider": shown.row_json(row, user)})
    return form_page(request, ProviderForm(row=row, person=user), presets.BY_ID.get(row.preset))


@sensitive_post_parameters(*HIDDEN)
def save(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Change a provider."""
    form, preset = changed_form(request, signed_in(request), id)
    return _save(request, form, preset, status=200)


def changed_form(request: HttpRequest, user: Any, id: uuid.UUID) -> tuple[ProviderForm, presets.Preset | None]:  # noqa: A002
    """What was sent for a provider that is there."""
    row = access.changeable(user, id)
    form = ProviderForm(base.given(request, stored(row)), row=row, person=user)
    return form, presets.BY_ID.get(row.preset)


def _save(request: HttpRequest, form: ProviderForm, preset: Any, *, status: int) -> HttpResponse:
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return form_page(request, form, preset, status=400)
    typed, groups = str(form.data.get("base_url", "")), form.cleaned_data.get("groups")
    row = actions.save_provider(form.row, form.values(), None if groups is None else list(groups))
    if row.base_url != typed.strip():
        messages.info(request, gettext("The address was completed: %(url)s") % {"url": row.base_url})
    messages.success(request, gettext("Saved. Test it to see whether it works."))
    location = f"{reverse('providers')}#provider-{row.pk}"
    return reply(request, {"provider": shown.row_json(row, request.user)}, location=location, status=status)


def form_page(request: HttpRequest, form: ProviderForm, preset: Any, status: int = 200, **more: Any) -> HttpResponse:
    """The form of a provider, with what was typed into it."""
    row = form.row
    context = {
        "form": form,
        "preset": preset,
        "row": None if row._state.adding else shown.row_json(row, request.user),
        "for": "site" if row.owner_id is None else "me",
        "place": "providers",
        **more,
    }
    return render(request, "providers/provider.html", context, status=status)


def delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Remove a provider, its key and its list."""
    row = access.changeable(signed_in(request), id)
    actions.delete_provider(row)
    messages.success(request, gettext("%(name)s is removed, and its key with it.") % {"name": row.name})
    return reply(request, {"deleted": str(id)}, location=reverse("providers"))


def confirm_delete(request: HttpRequest, id: uuid.UUID) -> HttpResponse:  # noqa: A002
    """Ask first."""
    user = signed_in(request)
    context = {"row": shown.row_json(access.changeable(user, id), user), "place": "providers"}
    return render(request, "providers/delete.html", context)


async def test(request: HttpRequest, id: str) -> HttpResponse:  # noqa: A002
    """Try a provider out, now; nothing is changed by it."""
    user, provider = await read(_askable, request, id)
    found = await trial.try_out(provider)
    if wants_json(request):
        return JsonResponse(found.as_json())
    return await read(_page, request, user, trial=found, tried=id)


async def look_nearby(request: HttpRequest) -> HttpResponse:
    """Servers on this machine, for the owner."""
    user = await read(owner, request)
    port = request.get_port()
    found = await nearby.look(int(port) if port.isdecimal() else 0)
    if wants_json(request):
        return JsonResponse({"found": [server.as_json() for server in found]})
    return await read(_page, request, user, nearby=found)


def save_rules(request: HttpRequest) -> HttpResponse:
    """What the owner allows people to enter."""
    user = owner(request)
    form = RulesForm(base.given(request, RulesForm.of_now().initial))
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return _page(request, user, status=400, rules_form=form)
    actions.save_rules(**form.cleaned_data)
    messages.success(request, gettext("Saved."))
    return reply(request, dict(form.cleaned_data), location=f"{reverse('providers')}#rules")


def _askable(request: HttpRequest, provider_id: str) -> tuple[Any, registry.Provider]:
    user = signed_in(request)
    return user, access.askable(user, provider_id)
