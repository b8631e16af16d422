"""Deleting one's own account: what goes, the password, and afterwards the report of what went."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from accounts import access, actions
from accounts.errors import OwnerStays
from accounts.forms import LeaveForm
from accounts.models import User
from live.errors import Invalid
from live.replies import fields, wants_json


def page(request: HttpRequest) -> HttpResponse:
    """What will go, and what stays."""
    user = access.signed_in(request)
    return _page(request, user, LeaveForm(user))


@never_cache
def leave(request: HttpRequest) -> HttpResponse:
    """Remove the account and all that is its person's. The report is in this answer and nowhere else."""
    user = access.signed_in(request)
    if user.is_owner:
        raise OwnerStays()
    form = LeaveForm(user, fields(request))
    limited = ratelimit.consume_or_429(request, action="reauthenticate", user=user)  # whoever has the screen may guess
    if limited is not None:
        return limited
    if not form.is_valid():
        if wants_json(request):
            raise Invalid(fields={name: errors[0] for name, errors in form.errors.items()})
        return _page(request, user, form, status=400)
    gone = actions.leave(user)
    logout(request)
    lines: list[dict[str, Any]] = [{"what": str(line.what), "count": line.count, "kept": line.kept} for line in gone]
    if wants_json(request):
        return JsonResponse({"report": lines})
    return render(request, "accounts/left.html", {"report": lines, "email": user.email})


def _page(request: HttpRequest, user: User, form: LeaveForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "place": "settings", "stays": OwnerStays().message if user.is_owner else ""}
    return render(request, "accounts/leave.html", context, status=status)
