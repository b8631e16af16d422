"""The owner's pages: rules and grants, and prices. To everyone else they are not there."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.access import owner
from billing import access, actions
from billing.errors import CorrectionTooLarge
from billing.forms import CorrectionForm, GrantForm, PolicyForm

_PER_PAGE = 50


def money(request: HttpRequest) -> HttpResponse:
    """The site's rules about money, grants to give, and everybody's balance."""
    owner(request)
    return _page(request)


def _page(request: HttpRequest, status: int = 200, **given: Any) -> HttpResponse:
    rules = access.policy()
    context = {
        "place": "money",
        "policy": rules,
        "policy_form": PolicyForm(instance=rules),
        "grant_form": GrantForm(prefix="grant"),
        "correction_form": CorrectionForm(prefix="correction"),
        "accounts": Paginator(access.everybody(), _PER_PAGE).get_page(request.GET.get("page")),
        **given,
    }
    return render(request, "billing/money.html", context, status=status)


def set_policy(request: HttpRequest) -> HttpResponse:
    """Put other rules in force."""
    owner(request)
    form = PolicyForm(request.POST, instance=access.policy())
    if not form.is_valid():
        return _page(request, status=400, policy_form=form)
    actions.set_policy(**form.cleaned_data)
    return _done(request, gettext("Saved."))


def give_grant(request: HttpRequest) -> HttpResponse:
    """Give one person, or everybody, money to spend."""
    me = owner(request)
    form = GrantForm(request.POST, prefix="grant")
    if not form.is_valid():
        return _page(request, status=400, grant_form=form)
    facts = {**form.facts(), "given_by": me}
    if form.user is not None:
        actions.grant(form.user.pk, **facts)
        return _done(request, gettext("%(email)s has the grant.") % {"email": form.user.email})
    count = actions.grant_all(**facts)
    said = ngettext("%(count)d person has the grant.", "%(count)d people have the grant.", count)
    return _done(request, said % {"count": count})


def correct_balance(request: HttpRequest) -> HttpResponse:
    """Put somebody's balance right."""
    me = owner(request)
    form = CorrectionForm(request.POST, prefix="correction")
    try:
        if form.is_valid():
            given = form.cleaned_data
            actions.correct(form.user.pk, given["amount"], label=given["label"], by=me)
            return _done(request, gettext("The balance is corrected."))
    except CorrectionTooLarge as refusal:
        form.add_error("amount", refusal.message)
    return _page(request, status=400, correction_form=form)


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("money"), status=303)
