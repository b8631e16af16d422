"""Whether the ledger is true: every rule that must hold between entries, balances, grants, holds and tallies."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.utils.translation import ngettext

from billing import amounts
from billing.models import Account, Entry, EntryKind, Grant, Hold, HoldStatus, Span, Tally
from live import process

_TOKENS = ("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens")
_TRIGGERS = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
    "postgresql": "SELECT count(*) FROM pg_trigger"
    " WHERE tgrelid = %s::regclass AND tgenabled = 'O' AND NOT tgisinternal",
}
SHOWN = 20  # differences of one rule that are told one by one


def check() -> list[str]:
    """A sentence for each difference; none when all is true."""
    return [sentence for rule in _RULES for sentence in _shortened(list(rule()))]


def difference() -> int:
    """The sum of all balances less the sum of all entries, in micro-units."""
    return _total(Account.objects.all(), "balance") - _total(Entry.objects.all(), "amount")


def counted() -> dict[str, int]:
    """How much was looked at."""
    return {
        "accounts": Account.objects.count(),
        "entries": Entry.objects.count(),
        "holds": Hold.objects.count(),
        "open_holds": Hold.objects.filter(status=HoldStatus.OPEN).count(),
    }


def _shortened(found: list[str]) -> list[str]:
    more = len(found) - SHOWN
    if more <= 0:
        return found
    return [*found[:SHOWN], ngettext("and %(count)d more", "and %(count)d more", more) % {"count": more}]


def _total(rows: QuerySet[Any], field: str) -> int:
    return rows.aggregate(total=Sum(field))["total"] or 0


def _by_account(rows: QuerySet[Any], *fields: Any) -> dict[int, dict[str, int]]:
    sums = {f"sum_{field}": Sum(field) for field in fields}
    found = rows.order_by().values("account").annotate(count=Count("pk"), **sums)
    return {row["account"]: {name.removeprefix("sum_"): value or 0 for name, value in row.items()} for row in found}


def _balances() -> Iterator[str]:
    sums = _by_account(Entry.objects.all(), "amount")
    for account in Account.objects.select_related("user"):
        entries = sums.get(account.pk, {}).get("amount", 0)
        if account.balance != entries:
            yield (
                f"{_whose(account)}: the balance is {amounts.exact(account.balance)} and the entries add up to "
                f"{amounts.exact(entries)}; {amounts.exact(account.balance - entries)} has no entry."
            )


def _held() -> Iterator[str]:
    sums = _by_account(Hold.objects.filter(status=HoldStatus.OPEN), "amount")
    for account in Account.objects.select_related("user"):
        held = sums.get(account.pk, {}).get("amount", 0)
        if account.held != held:
            yield (
                f"{_whose(account)}: {amounts.exact(account.held)} counts as held, and the open holds are for "
                f"{amounts.exact(held)}."
            )


def _grants() -> Iterator[str]:
    left = Grant.objects.filter(open=True).annotate(left=F("amount") - F("used") - F("expired"))
    remaining, totals = _by_account(left, "left"), _by_account(Grant.objects.all(), "used", "expired")
    for account in Account.objects.select_related("user"):
        found = remaining.get(account.pk, {}).get("left", 0)
        if found != max(0, account.balance):
            yield (
                f"{_whose(account)}: its grants have {amounts.exact(found)} left, and its balance is "
                f"{amounts.exact(account.balance)}."
            )
        for name in ("used", "expired"):
            total = totals.get(account.pk, {}).get(name, 0)
            if getattr(account, name) != total:
                shown = amounts.exact(getattr(account, name))
                yield f"{_whose(account)}: {name} is {shown}, and its grants say {amounts.exact(total)}."


def _grant_entries() -> Iterator[str]:
    entries = Entry.objects.filter(grant=OuterRef("pk"))
    posted = entries.filter(kind__in=[EntryKind.GRANT, EntryKind.CORRECTION], amount=OuterRef("amount"))
    for grant in Grant.objects.filter(started=True).exclude(Exists(posted)):
        yield f"Grant {grant.pk} has started, and no entry says so."
    expired = Grant.objects.annotate(
        posted=Sum("entries__amount", filter=Q(entries__kind=EntryKind.EXPIRY), default=0)
    ).exclude(expired=-F("posted"))
    for grant in expired:
        yield f"Grant {grant.pk}: {amounts.exact(grant.expired)} has expired, and its entries say otherwise."


def _calls() -> Iterator[str]:
    charge = Entry.objects.filter(hold=OuterRef("pk"), kind=EntryKind.CHARGE)
    for hold in Hold.objects.filter(status=HoldStatus.SETTLED).exclude(Exists(charge)):
        yield f"The call for {hold.source_kind} {hold.source_id} is settled, and no entry charges it."
    for entry in Entry.objects.filter(kind=EntryKind.CHARGE).exclude(hold__status=HoldStatus.SETTLED):
        yield f"Entry {entry.pk} charges a call that is not settled."
    unbilled = Hold.objects.filter(billed=False).annotate(total=Sum("entries__amount", default=0)).exclude(total=0)
    for hold in unbilled:
        yield f"The call for {hold.source_kind} {hold.source_id} is not billed, and its entries do not cancel out."


def _open_holds() -> Iterator[str]:
    alive = [found.pk for found in process.seen_alive()]
    for hold in Hold.objects.filter(status=HoldStatus.OPEN).exclude(process__in=alive):
        yield (
            f"The hold for {hold.source_kind} {hold.source_id} is open since {hold.created_at:%Y-%m-%d %H:%M:%S}, "
            "and its process is dead. A site that runs settles or releases it within about a minute and a half."
        )


def _sources() -> Iterator[str]:
    for entry in Entry.objects.filter(Q(source_kind="") | Q(source_id="")):
        yield f"Entry {entry.pk} does not say what it is for."


def _tallies() -> Iterator[str]:
    charges = _by_account(Entry.objects.filter(kind=EntryKind.CHARGE), "amount", *_TOKENS)
    for span in Span:
        yield from _tallied(charges, _by_account(Tally.objects.filter(span=span), "cost", "calls", *_TOKENS))


def _tallied(charges: dict[int, dict[str, int]], tallies: dict[int, dict[str, int]]) -> Iterator[str]:
    for account_id in charges.keys() | tallies.keys():
        said, true = tallies.get(account_id, {}), charges.get(account_id, {})
        wanted = {"cost": -true.get("amount", 0), "calls": true.get("count", 0)}
        wanted |= {name: true.get(name, 0) for name in _TOKENS}
        for name, value in wanted.items():
            if said.get(name, 0) != value:
                yield f"Account {account_id}: the tallies say {said.get(name, 0)} {name}, and the entries {value}."


def _append_only() -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(_TRIGGERS[connection.vendor], ["billing_entry"])
        if cursor.fetchone()[0] < 2:
            yield "The triggers that keep entries from being changed are missing."


def _whose(account: Account) -> str:
    return f"Account {account.pk} ({account.user.email if account.user else 'whose person is gone'})"


_RULES: tuple[Callable[[], Iterator[str]], ...] = (
    *(_balances, _held, _grants, _grant_entries, _calls, _open_holds, _sources, _tallies, _append_only),
)
