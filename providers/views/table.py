"""The owner's table of models: what is said of them where their servers say nothing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from accounts.access import owner
from live.replies import reply, wants_json
from providers import access, actions, known_models
from providers.errors import RowTaken
from providers.forms import base
from providers.forms.models import RowForm, stored
from providers.models import KnownModel


def page(request: HttpRequest) -> HttpResponse:
    """The owner's rows, and those that come with the site."""
    owner(request)
    if wants_json(request):
        return JsonResponse({"rows": [_json(row) for row in access.known_models()]})
    return _page(request, RowForm())


def _page(request: HttpRequest, form: RowForm, row: KnownModel | None = None, status: int = 200) -> HttpResponse:
    context = {
        "rows": access.known_models(),
        "shipped": known_models.ROWS,
        "as_of": known_models.AS_OF,
        "form": form,
        "row": row,
        "place": "models",
    }
    return render(request, "providers/table.html", context, status=status)


def edit(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the address says id
    """One row in the form."""
    owner(request)
    row = access.known_model(id)
    return _page(request, RowForm(initial=stored(row)), row)


def create(request: HttpRequest) -> HttpResponse:
    """Another row."""
    owner(request)
    return _save(request, KnownModel(), status=201)


def save(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    """Change a row."""
    owner(request)
    return _save(request, access.known_model(id), status=200)


def _save(request: HttpRequest, row: KnownModel, *, status: int) -> HttpResponse:
    form = RowForm(base.given(request, stored(row)))
    if form.is_valid():
        data = form.cleaned_data
        said: dict[str, Any] = {name: data[name] for name in ("pattern", "host", "family")}
        try:
            row = actions.save_known_model(row, **said, facts=form.facts())
        except RowTaken as refusal:
            form.add_error("pattern", refusal.message)
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return _page(request, form, row if row.pk else None, status=400)
    messages.success(request, gettext("Saved."))
    return reply(request, {"row": _json(row)}, location=reverse("model_table"), status=status)


def delete(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    """Take a row away."""
    owner(request)
    actions.delete_known_model(access.known_model(id))
    messages.success(request, gettext("The row is gone."))
    return reply(request, {"deleted": id}, location=reverse("model_table"))


def _json(row: KnownModel) -> dict[str, Any]:
    return {"id": row.pk, **stored(row)}
