"""The owner's page of groups of people."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from accounts.access import owner
from live.replies import reply, wants_json
from providers import access, actions
from providers.errors import GroupNameTaken
from providers.forms import base
from providers.forms.rules import GroupForm, stored
from providers.models import Group


def page(request: HttpRequest) -> HttpResponse:
    """Every group with its members."""
    owner(request)
    if wants_json(request):
        return JsonResponse({"groups": [_json(group) for group in access.groups()]})
    return _page(request)


def _page(
    request: HttpRequest, status: int = 200, wrong: GroupForm | None = None, of: int | None = None
) -> HttpResponse:
    def form(group: Group) -> GroupForm:
        mine = wrong is not None and of == group.pk
        return wrong if mine and wrong is not None else GroupForm(group=group, auto_id=f"id_{group.pk or 'new'}_%s")

    groups = [{"group": group, "form": form(group)} for group in access.groups()]
    context = {"groups": groups, "new_form": form(Group()), "place": "groups"}
    return render(request, "providers/groups.html", context, status=status)


def create(request: HttpRequest) -> HttpResponse:
    """A new group."""
    owner(request)
    return _save(request, Group(), status=201)


def save(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002 - the address says id
    """Another name, other members."""
    owner(request)
    return _save(request, access.group(id), status=200)


def _save(request: HttpRequest, group: Group, *, status: int) -> HttpResponse:
    data = base.given(request, stored(group))
    form = GroupForm(data, group=group, auto_id=f"id_{group.pk or 'new'}_%s")
    if form.is_valid():
        try:
            actions.save_group(group, form.cleaned_data["name"], form.cleaned_data["members"])
        except GroupNameTaken as refusal:
            form.add_error("name", refusal.message)
    if not form.is_valid():
        if wants_json(request):
            raise base.refuse(form)
        return _page(request, 400, form, group.pk)
    messages.success(request, gettext("Saved."))
    return reply(request, {"group": _json(group)}, location=reverse("groups"), status=status)


def delete(request: HttpRequest, id: int) -> HttpResponse:  # noqa: A002
    """The group is gone; what was shared with it alone is switched off."""
    owner(request)
    actions.delete_group(access.group(id))
    messages.success(request, gettext("The group is gone. What was shared with it alone is switched off."))
    return reply(request, {"deleted": id}, location=reverse("groups"))


def _json(group: Group) -> dict[str, Any]:
    return {"id": group.pk, **stored(group)}
