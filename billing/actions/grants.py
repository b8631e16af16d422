"""Giving money to spend, and putting the ledger right: by the owner, with a reason."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from billing import access
from billing.actions import ledger
from billing.errors import CorrectionTooLarge
from billing.models import Account, Entry, EntryKind, Grant


@transaction.atomic
def grant(
    user_id: int,
    amount: int,
    *,
    starts_at: datetime | None = None,
    expires_at: datetime | None = None,
    label: str = "",
    given_by: Any = None,
) -> Grant:
    """Give somebody `amount` micro-units to spend between the two moments; one that starts later is posted then."""
    account = ledger.locked(user_id)
    found = Grant.objects.create(
        account=account,
        amount=amount,
        starts_at=starts_at or timezone.now(),
        expires_at=expires_at,
        label=label,
        given_by=given_by,
    )
    if found.starts_at <= timezone.now():
        ledger.open_grant(account, found)
    ledger.set_due(account)
    ledger.save(account)
    return found


def grant_all(amount: int, **facts: Any) -> int:
    """The same to everybody whose account is switched on; each is a transaction. Returns how many there are."""
    people = list(get_user_model().objects.filter(is_active=True).order_by("pk").values_list("pk", flat=True))
    for user_id in people:
        grant(user_id, amount, **facts)
    return len(people)


@transaction.atomic
def correct(user_id: int, amount: int, *, label: str, by: Any = None) -> Entry:
    """Put a balance right: up, as money that does not expire, or down, by no more than is left and not held."""
    account = ledger.locked(user_id)
    if amount > 0:
        found = Grant.objects.create(account=account, amount=amount, label=label, given_by=by)
        ledger.open_grant(account, found, EntryKind.CORRECTION)
    else:
        if -amount > account.available:
            raise CorrectionTooLarge()
        source = str(getattr(by, "pk", "") or "manage.py")
        ledger.post(account, EntryKind.CORRECTION, amount, source_kind="owner", source_id=source, label=label)
        ledger.spend(account, -amount)
    ledger.set_due(account)
    ledger.save(account)
    return account.entries.latest("pk")


def up_to_date(user_id: int) -> Account:
    """A person's account with everything posted that has come due; locked only when something has."""
    found = access.account(user_id)
    if found.due_at is None or found.due_at > timezone.now():
        return found
    with transaction.atomic():
        return ledger.locked(user_id)


def post_due() -> None:
    """Post what has come due for people who do not look: a grant that starts or ends is an entry at once."""
    waiting = Account.objects.filter(due_at__lte=timezone.now(), user__isnull=False)
    for user_id in list(waiting.values_list("user_id", flat=True)):
        with transaction.atomic():
            ledger.locked(user_id)
