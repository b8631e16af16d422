"""The owner's price list: what is in force, what was, one by one or as a table."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.access import owner
from billing import actions, csvs, price_lists
from billing.errors import PriceTaken
from billing.forms import name
from billing.price_forms import PriceForm, TableForm


def page(request: HttpRequest) -> HttpResponse:
    """Every price in force, and a form for another."""
    me = owner(request)
    return _page(request, me)


def _page(request: HttpRequest, me: Any, status: int = 200, **given: Any) -> HttpResponse:
    context = {
        "place": "prices",
        "models": price_lists.price_list(name(request.GET, "q")),
        "q": name(request.GET, "q"),
        "price_form": PriceForm(providers=price_lists.provider_choices(me)),
        "table_form": TableForm(),
        **given,
    }
    return render(request, "billing/prices.html", context, status=status)


def set_price(request: HttpRequest) -> HttpResponse:
    """Another price, from now or from a later day on."""
    me = owner(request)
    form = PriceForm(request.POST, providers=price_lists.provider_choices(me))
    try:
        if form.is_valid():
            actions.set_price(**form.facts(), created_by=me)
            return _done(request, gettext("The price is set."))
    except PriceTaken as refusal:
        form.add_error("starts_on", refusal.message)
    return _page(request, me, status=400, price_form=form)


def import_prices(request: HttpRequest) -> HttpResponse:
    """Many prices at once: all of them, or none."""
    me = owner(request)
    form = TableForm(request.POST)
    try:
        if form.is_valid():
            count = actions.set_prices(form.cleaned_data["rows"], created_by=me)
            said = ngettext("%(count)d price is set.", "%(count)d prices are set.", count)
            return _done(request, said % {"count": count})
    except PriceTaken as refusal:
        form.add_error("table", refusal.message)
    return _page(request, me, status=400, table_form=form)


def prices_csv(request: HttpRequest) -> HttpResponse:
    """All prices with their history."""
    owner(request)
    headers = {"Content-Disposition": 'attachment; filename="prices.csv"', "Cache-Control": "no-store"}
    return HttpResponse(csvs.prices(price_lists.every_price()), content_type="text/csv; charset=utf-8", headers=headers)


def _done(request: HttpRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return HttpResponseRedirect(reverse("prices"), status=303)
