"""The owner's rules about money, and each person's wish not to see any."""

from django.db import transaction

from billing import access
from billing.models import Account, Policy


@transaction.atomic
def set_policy(*, mode: str, unknown_price: str, ceiling: int) -> Policy:
    """Put the owner's rules in force, for calls that begin from now on."""
    return Policy.objects.update_or_create(
        pk=1, defaults={"mode": mode, "unknown_price": unknown_price, "ceiling": ceiling}
    )[0]


@transaction.atomic
def show_money(user_id: int, show: bool) -> None:
    """Show or hide money on this person's pages, but for the balance page and where a limit stops something."""
    Account.objects.filter(pk=access.account(user_id).pk).update(show_money=show)
