"""The inside of every verb that moves money: the account's lock, posting, spending grants, what has come due.

The one invariant: an account's balance is the sum of its entries, and what its open grants have left is its balance, or
nothing when that is below zero.
"""

from typing import Any

from django.db import transaction
from django.db.models import F, Q, Sum
from django.utils import timezone

from billing import access, events
from billing.actions import statements
from billing.models import Account, Entry, EntryKind, Grant, HoldStatus
from live.consumers import me
from live.publish import publish

_TAKE = """
    UPDATE billing_grant SET used = used + %s, "open" = amount - used - expired > %s
    WHERE amount - used - expired >= %s AND id = (
        SELECT id FROM billing_grant WHERE account_id = %s AND "open"
        ORDER BY expires_at IS NULL, expires_at, id LIMIT 1
    )
"""


def locked(user_id: int) -> Account:
    """A person's account with nobody else changing it before we commit, and everything posted that has come due."""
    found = Account.objects.select_for_update().filter(user_id=user_id).first()
    if found is None:
        access.account(user_id)
        found = Account.objects.select_for_update().get(user_id=user_id)
    return due(found)


def locked_by_id(account_id: int) -> Account:
    """The same, by the account's own id; nothing is posted yet."""
    return Account.objects.select_for_update().get(pk=account_id)


def post(account: Account, kind: EntryKind, amount: int, **facts: Any) -> Entry:
    """Write an entry and move the balance; the caller saves the account."""
    account.balance += amount
    return Entry.objects.create(account=account, kind=kind, amount=amount, **facts)


def save(account: Account) -> None:
    """Store the totals, and tell the person's tabs after the commit."""
    account.save(update_fields=["balance", "held", "used", "expired", "due_at"])
    announce(account)


def announce(account: Account) -> None:
    """Tell every tab of the person's."""
    if account.user_id is not None:
        topic, event = me(account.user_id), events.BalanceUpdated(access.balance_json(account))
        transaction.on_commit(lambda: publish(topic, event))


def spend(account: Account, amount: int) -> None:
    """Take `amount` from the grants of an account that the caller saves."""
    account.used += take(account.pk, amount)


def take(account_id: int, amount: int) -> int:
    """Take `amount` from open grants, the one that ends first at first; returns how much they had.

    What they lack is debt: a negative balance. Nearly always the first has enough.
    """
    if statements.rows_changed(_TAKE, [amount, amount, amount, account_id]):
        return amount
    left = amount
    in_order = Grant.objects.filter(account=account_id, open=True).order_by(F("expires_at").asc(nulls_last=True), "pk")
    for found in in_order:
        taken = min(left, found.remaining)
        left -= taken
        found.used += taken
        _store(found)
        if not left:
            break
    return amount - left


def open_grant(account: Account, found: Grant, kind: EntryKind = EntryKind.GRANT) -> None:
    """Post a grant that starts; debt is paid from it first."""
    debt = max(0, -account.balance)
    post(account, kind, found.amount, source_kind="grant", source_id=str(found.pk), label=found.label, grant=found)
    found.started = True
    found.used = min(debt, found.amount)
    account.used += found.used
    _store(found)


def _store(found: Grant) -> None:
    found.open = found.started and found.remaining > 0
    found.save(update_fields=["used", "expired", "started", "open"])


def due(account: Account) -> Account:
    """Post the starts and ends of grants that have come. What a hold needs outlives its grant until the hold closes."""
    now = timezone.now()
    if account.due_at is None or account.due_at > now:
        return account
    before = account.balance
    for found in account.grants.filter(started=False, starts_at__lte=now).order_by("starts_at", "pk"):
        open_grant(account, found)
    kept = 0
    for found in account.grants.filter(open=True, expires_at__lte=now).order_by("expires_at", "pk"):
        stays = min(found.remaining, max(0, _held_before(account, found) - kept))
        kept += stays
        _expire(account, found, found.remaining - stays)
    set_due(account)
    account.save(update_fields=["balance", "used", "expired", "due_at"])
    if account.balance != before:
        announce(account)
    return account


def _held_before(account: Account, found: Grant) -> int:
    """What is held for calls that began while this grant could be spent."""
    holds = account.holds.filter(status=HoldStatus.OPEN, created_at__lt=found.expires_at)
    return holds.aggregate(total=Sum("amount"))["total"] or 0


def _expire(account: Account, found: Grant, amount: int) -> None:
    if amount <= 0:
        return
    facts = {"source_kind": "grant", "source_id": str(found.pk), "label": found.label, "grant": found}
    post(account, EntryKind.EXPIRY, -amount, **facts)
    found.expired += amount
    account.expired += amount
    _store(found)


def set_due(account: Account) -> None:
    """Remember when the next grant starts or ends, so that no read has to look for it."""
    waiting = account.grants.filter(Q(started=False) | Q(open=True))
    moments = [
        moment
        for started, starts, ends in waiting.values_list("started", "starts_at", "expires_at")
        if (moment := ends if started else starts) is not None
    ]
    account.due_at = min(moments, default=None)
