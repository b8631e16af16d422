"""The settings page, its forms, and the list of one's own sessions."""

from typing import Any

from allauth.account.internal.flows.logout import logout
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.views import ListUserSessionsView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext

from accounts import access, actions
from accounts.forms import AnswersForm, AppearanceForm, RetentionForm
from accounts.models import User
from live.errors import Invalid
from live.replies import fields, wants_json

THEME_COOKIE = "theme"  # "light" or "dark"; absent: as the device
_YEAR = 365 * 24 * 3600


def page(request: HttpRequest) -> HttpResponse:
    """Everything a person can set for themselves."""
    return _page(request, access.signed_in(request))


def _page(request: HttpRequest, user: User, status: int = 200, **forms: Any) -> HttpResponse:
    theme = request.COOKIES.get(THEME_COOKIE)
    context = {
        "appearance_form": AppearanceForm(initial={"theme": theme if theme in ("light", "dark") else "system"}),
        "answers_form": AnswersForm(initial={"title_by_model": user.title_by_model}),
        "retention_form": RetentionForm(initial={"retention_days": user.retention_days}),
        "site_retention_days": settings.RETENTION_DAYS,
        "connection": _connection(),
        **forms,
    }
    return render(request, "accounts/settings.html", context, status=status)


def _connection() -> Any:
    """The part of the page that says which provider is in use; the providers' own, if they have one."""
    try:
        return get_template("providers/_connection.html")
    except TemplateDoesNotExist:
        return None


def save_appearance(request: HttpRequest) -> HttpResponse:
    """The theme is this browser's: a cookie. The server writes it into every page, so that nothing flashes."""
    user = access.signed_in(request)
    form = AppearanceForm(request.POST)
    if not form.is_valid():
        return _page(request, user, status=400, appearance_form=form)
    response = _saved(request, "appearance")
    if form.cleaned_data["theme"] == "system":
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    else:
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(THEME_COOKIE, form.cleaned_data["theme"], max_age=_YEAR, samesite="Lax", secure=secure)
    return response


def save_answers(request: HttpRequest) -> HttpResponse:
    """How answers are made for this person."""
    user = access.signed_in(request)
    form = AnswersForm(request.POST)
    if not form.is_valid():
        return _page(request, user, status=400, answers_form=form)
    actions.set_title_by_model(user, form.cleaned_data["title_by_model"])
    return _saved(request, "answers")


def save_retention(request: HttpRequest) -> HttpResponse:
    """How long this person's conversations are kept."""
    user = access.signed_in(request)
    form = RetentionForm(fields(request))
    if not form.is_valid():
        if wants_json(request):
            raise Invalid(fields={name: errors[0] for name, errors in form.errors.items()})
        return _page(request, user, status=400, retention_form=form)
    days = form.cleaned_data["retention_days"]
    actions.set_retention(user, days)
    return JsonResponse({"retention_days": days}) if wants_json(request) else _saved(request, "history")


def _saved(request: HttpRequest, section: str) -> HttpResponse:
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(f"{reverse('settings')}#{section}", status=303)


sessions = ListUserSessionsView.as_view()


def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one of one's own sessions, wherever it is; this one goes on to the sign-in page."""
    session = access.session(request, session_id)
    current = session.session_key == request.session.session_key
    get_sessions_adapter().end_sessions([session])
    if current:
        logout(request)
        return redirect("account_login")
    messages.success(request, gettext("That session has ended."))
    return HttpResponseRedirect(reverse("usersessions_list"), status=303)
