"""The owner's page: who has an account, invitations, reset links. To everyone else it is not there."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache

from accounts import access, actions, links
from accounts.errors import OwnerStays
from accounts.models import Invitation, User

_PER_PAGE = 50


def page(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, the newest first, and the invitations that are still open."""
    access.owner(request)
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **context: Any) -> HttpResponse:
    people = Paginator(User.objects.order_by("-date_joined", "-pk"), _PER_PAGE)
    context = {
        "people": people.get_page(request.GET.get("page")),
        "invitations": Invitation.objects.open().order_by("expires_at"),
        "registration": settings.REGISTRATION,
        "place": "people",
        **context,
    }
    return render(request, "accounts/people.html", context, status=status)


@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation. Its link is in this answer and nowhere else."""
    token = actions.make_invitation(access.owner(request))
    return _page(request, invitation_link=links.invitation(token, request))


def withdraw(request: HttpRequest, invitation_id: int) -> HttpResponse:
    """End an invitation before it is used."""
    actions.withdraw_invitation(access.invitation(request, invitation_id))
    return _done(request, gettext("The invitation is withdrawn."))


@never_cache
def reset_link(request: HttpRequest, person_id: int) -> HttpResponse:
    """Make a link to set a new password, for who cannot get it by mail. It is in this answer and nowhere else."""
    person = access.person(request, person_id)
    return _page(request, reset_link=links.password_reset(person, request), reset_person=person)


def deactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Switch an account off."""
    person = access.person(request, person_id)
    try:
        actions.deactivate(person)
    except OwnerStays as refusal:
        messages.error(request, refusal.message)
        return _page(request, status=refusal.status)
    return _done(request, gettext("%(email)s is switched off.") % {"email": person.email})


def reactivate(request: HttpRequest, person_id: int) -> HttpResponse:
    """Switch an account on again."""
    person = access.person(request, person_id)
    actions.reactivate(person)
    return _done(request, gettext("%(email)s can sign in again.") % {"email": person.email})


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("people"), status=303)
