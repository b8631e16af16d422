"""A person's own page: what is left, what was spent on what, and every entry."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.access import signed_in
from billing import access, actions, charts, csvs, forms, pricing, reports
from billing.models import Account, EntryKind
from live.database import query
from live.replies import wants_json
from providers import choosing


def page(request: HttpRequest) -> HttpResponse:
    """Everything about a person's money; as JSON, the balance and its grants."""
    user = signed_in(request)
    account = actions.up_to_date(user.pk)
    if wants_json(request):
        return JsonResponse(access.statement(account))
    return render(request, "billing/balance.html", _context(request, user, account))


def _context(request: HttpRequest, user: Any, account: Account) -> dict[str, Any]:
    range_ = forms.date_range(request.GET)
    by = "kind" if request.GET.get("by") == "kind" else "model_id"
    lines = reports.spending(account, range_, by)
    wanted = forms.entry_filter(request.GET)
    before, after = (forms.cursor(request.GET, name) for name in ("before", "after"))
    found = reports.entries(account, **wanted, before=before, after=after)
    return {
        "bar_title": gettext("Balance"),
        "as_of": timezone.now(),
        "policy": access.policy(),
        "account": account,
        "contact": access.contact(),
        "grants": access.grants(account),
        "ending": access.ending_soon(account),
        "shares": charts.shares(max(0, account.balance), account.used, account.expired),
        "range": range_,
        "ranges": forms.RANGES,
        "by": by,
        "lines": lines,
        "total": sum(line.cost for line in lines),
        "calls": sum(line.calls for line in lines),
        "chart": charts.stacked(range_.days, [line.by_day for line in lines]),
        "usage": reports.usage(account, range_),
        "models": reports.models_used(account),
        "kinds": [kind for kind in EntryKind if kind != EntryKind.UNBILLED],
        "wanted": wanted,
        "page": found,
        "links": reports.links(user, found.entries),
    }


def show_money(request: HttpRequest) -> HttpResponse:
    """Show or hide money everywhere else."""
    user = signed_in(request)
    actions.show_money(user.pk, request.POST.get("show") == "on")
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("balance"), status=303)


def price(request: HttpRequest) -> HttpResponse:
    """What a model costs now, for an estimate beside the composer; without a provider, at whom a send would ask."""
    user = signed_in(request)
    provider, model_id = forms.name(request.GET, "provider"), forms.name(request.GET, "model_id")
    if model_id.strip() and not provider:
        provider, _ = choosing.choose_now(user, None, model_id, None, asked=True) or ("", "")
    rules = access.policy()
    rates = access.rates(provider, model_id, rules=rules)
    known = pricing.cost(rates, pricing.Counts(1, 1)) is not None
    found = {"mode": rules.mode, "rates": dict(rates) if known else None}
    return JsonResponse({**found, "ceiling": rules.ceiling if rules.mode == "prepaid" else None})


async def entries_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every entry that the page's filter lets through, as a table for a spreadsheet."""
    account, wanted = await query(_asked, request)

    async def rows() -> AsyncIterator[str]:
        yield csvs.entries_head()
        below: int | None = None
        while batch := await query(csvs.entries, account, wanted, below):
            text, below = batch
            yield text

    return _download(rows(), "entries.csv")


async def usage_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Requests and tokens by time and model."""
    account, _ = await query(_asked, request)
    text = await query(csvs.usage, account, forms.date_range(request.GET))

    async def rows() -> AsyncIterator[str]:
        yield text

    return _download(rows(), "usage.csv")


def _asked(request: HttpRequest) -> tuple[Account, dict[str, Any]]:
    return actions.up_to_date(signed_in(request).pk), forms.entry_filter(request.GET)


def _download(rows: AsyncIterator[str] | Iterator[str], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8", headers=headers)
