"""Where accounts, rules and prices are looked up; nobody sees another's account."""

import dataclasses
import functools
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F, QuerySet
from django.utils import timezone

from billing import amounts
from billing.models import EVERY_MODEL, Account, Grant, Mode, Policy, Price, PriceSource
from billing.pricing import Rates
from live import rows

Json = dict[str, Any]
_MODELS_REMEMBERED = 1_024
_RULES_AND_ACCOUNT = """
    SELECT p.mode, p.unknown_price, p.ceiling, p.prices, a.id, a.balance - a.held, a.due_at <= %s
    FROM (SELECT 1 AS one) AS always
    LEFT JOIN billing_policy p ON p.id = 1 LEFT JOIN billing_account a ON a.user_id = %s
"""


@dataclasses.dataclass(frozen=True)
class Standing:
    """What a new call needs to know, as of `at`; the account may change right after, so who holds asks again.

    `due`: grants have started or ended that are not posted yet. No account yet: `account_id` is 0.
    """

    rules: Policy
    at: datetime
    account_id: int
    available: int
    due: bool


def standing(user_id: int) -> Standing:
    """The rules and a person's account in one statement, since it stands before every call."""
    now = timezone.now()
    [found] = rows.ask(_RULES_AND_ACCOUNT, now, user_id)
    mode, unknown_price, ceiling, prices, account_id, available, due = found
    known = {"mode": mode, "unknown_price": unknown_price, "ceiling": ceiling, "prices": prices}
    rules = Policy(**known) if mode is not None else Policy()
    return Standing(rules, now, account_id or 0, available or 0, bool(due))


def policy() -> Policy:
    """The owner's rules; the defaults until there are any."""
    return Policy.objects.first() or Policy()


def account(user_id: int) -> Account:
    """A person's account, made at first need."""
    found = Account.objects.filter(user_id=user_id).first()
    return found or Account.objects.get_or_create(user_id=user_id)[0]


def contact() -> str:
    """Whom to ask for money: the owner's address."""
    owner = get_user_model().objects.filter(is_owner=True).first()
    return owner.email if owner else ""


def rates(provider: str, model_id: str, at: datetime | None = None, rules: Policy | None = None) -> Rates:
    """Unit -> price in force; empty where nobody has set any.

    A model's own rows count, and those for every model of its provider only where it has none. In each of the two, what
    the owner says wins over what the server publishes, and the latest row over older ones.

    Rows are remembered for as long as the rules, read anew each time, say that none were added: by whatever process,
    and a transaction that is taken back takes its word back as well.
    """
    now = at or timezone.now()
    prices = (rules or policy()).prices
    found: dict[str, dict[tuple[str, str], int | None]] = {}
    for starts_at, name, unit, source, amount in (_remembered if prices else _rows)(provider, model_id, prices):
        if starts_at <= now:
            found.setdefault(name, {})[source, unit] = amount
    own = found.get(model_id, {})
    return _merged(own) if any(amount is not None for amount in own.values()) else _merged(found.get(EVERY_MODEL, {}))


def _rows(provider: str, model_id: str, _prices: str) -> list[tuple[datetime, str, str, str, int | None]]:
    """Every row that is or will be in force for a model, in order."""
    rows = Price.objects.filter(provider=provider, model_id__in={model_id, EVERY_MODEL}).order_by("starts_at", "pk")
    return [
        (starts_at, name, f"{unit}:{variant}" if variant else unit, source, amount)
        for starts_at, name, unit, variant, source, amount in rows.values_list(
            "starts_at", "model_id", "unit", "variant", "source", "amount"
        )
    ]


_remembered = functools.lru_cache(maxsize=_MODELS_REMEMBERED)(_rows)


def _merged(rows: Mapping[tuple[str, str], int | None]) -> dict[str, int]:
    in_order = sorted(rows.items(), key=lambda row: row[0][0] == PriceSource.OWNER)  # the owner's last
    return {unit: amount for (_, unit), amount in in_order if amount is not None}


def balance_json(found: Account) -> Json:
    """What a page and an event say about an account: micro-units of the site's currency."""
    return {
        "currency": settings.CURRENCY,
        "balance": found.balance,
        "held": found.held,
        "available": found.available,
        "used": found.used,
        "expired": found.expired,
    }


def section(user: Any) -> Json:
    """The `balance` section of /ws/me/."""
    return {"mode": policy().mode, **balance_json(Account.objects.filter(user=user).first() or Account())}


def shown_to(user: Any) -> Json:
    """What every page's frame knows: the site's mode, whether this person sees money, and what is left of it."""
    mode = policy().mode if user is not None else Mode.OFF
    found = (Account.objects.filter(user=user).first() or Account()) if mode != Mode.OFF else Account()
    shown = mode != Mode.OFF and found.show_money
    return {"mode": mode, "shown": shown, "sign": amounts.sign(), "available": found.available}


def counts_money(found: Policy | None = None) -> bool:
    """Whether anything is recorded at all."""
    return (found or policy()).mode != Mode.OFF


GRANTS_SHOWN = 50
WARN_BEFORE = timedelta(days=7)


def grants(found: Account) -> list[Grant]:
    """An account's grants: those that can be spent first, then those to come, then the rest."""
    in_order = found.grants.order_by("-open", "started", F("expires_at").asc(nulls_last=True), "-pk")
    return list(in_order[:GRANTS_SHOWN])


def ending_soon(found: Account) -> Grant | None:
    """The grant with something left that ends first, when that is within a week."""
    soon = found.grants.filter(open=True, expires_at__lte=timezone.now() + WARN_BEFORE)
    return soon.order_by("expires_at").first()


def statement(found: Account) -> Json:
    """The balance and its grants, for programs."""
    shown = [
        {
            "id": grant.pk,
            "amount": grant.amount,
            "used": grant.used,
            "expired": grant.expired,
            "effective_at": grant.starts_at.isoformat(),
            "expires_at": grant.expires_at.isoformat() if grant.expires_at else None,
            "label": grant.label,
        }
        for grant in grants(found)
    ]
    return {"balance": {"mode": policy().mode, **balance_json(found)}, "grants": shown}


def everybody() -> QuerySet[Any]:
    """Everybody's address, with what is on their account, if they have one."""
    names = ("balance", "held", "used", "expired")
    return (
        get_user_model()
        .objects.filter(is_active=True)
        .order_by("email")
        .values("email", **{name: F(f"money_account__{name}") for name in names})
    )
