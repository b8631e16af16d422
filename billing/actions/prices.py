"""Setting prices: by the owner, and from servers that publish theirs. Rows are only ever added."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing.errors import PriceTaken
from billing.models import MAX_PRICE, Policy, Price, PriceSource, Unit

_PUBLISHED = {
    "prompt": Unit.PROMPT,
    "completion": Unit.COMPLETION,
    "input_cache_read": Unit.CACHED,
    "internal_reasoning": Unit.REASONING,
    "request": Unit.REQUEST,
}
_PUBLISHED_CURRENCY = "USD"  # what the lists that exist are written in


@transaction.atomic
def set_price(**facts: Any) -> Price:
    """Add a row that holds from `starts_at` on (now). Raises PriceTaken for a second one from the same moment."""
    found = _add(**facts)
    _tell_everybody()
    return found


@transaction.atomic
def set_prices(rows: Iterable[Mapping[str, Any]], *, created_by: Any) -> int:
    """Add many rows: all of them, or none. One that is there already, the same in everything, is left as it is."""
    count = 0
    for row in rows:
        key = {name: row[name] for name in ("provider", "model_id", "unit", "variant", "starts_at")}
        same = Price.objects.filter(**key, source=PriceSource.OWNER).first()
        if same is None or same.amount != row["amount"]:
            _add(**{**row, "created_by": created_by})
            count += 1
    _tell_everybody()
    return count


def _add(*, starts_at: datetime | None = None, **facts: Any) -> Price:
    try:
        with transaction.atomic():
            return Price.objects.create(starts_at=starts_at or timezone.now(), **facts)
    except IntegrityError as error:
        raise PriceTaken() from error


def _tell_everybody() -> None:
    """With our commit, no process trusts what it remembers of prices. One statement: two at once both tell."""
    rules = Policy(prices=uuid.uuid4().hex)
    Policy.objects.bulk_create([rules], update_conflicts=True, unique_fields=["id"], update_fields=["prices"])


@transaction.atomic
def take_published(provider: str, models: Iterable[tuple[str, Mapping[str, Any]]]) -> int:
    """Add rows for what a server publishes and what has changed since; returns how many.

    Published lists are in US dollars: a site in another currency has to set its prices itself. What is negative, no
    number or out of range is left out, as if it had not been published.
    """
    if settings.CURRENCY != _PUBLISHED_CURRENCY:
        return 0
    known = _latest(provider)
    now = timezone.now()
    rows = [
        Price(provider=provider, model_id=model_id, unit=unit, amount=amount, starts_at=now, source=PriceSource.SERVER)
        for model_id, pricing in models
        for unit, amount in published(pricing).items()
        if known.get((model_id, unit)) != amount
    ]
    if rows:
        Price.objects.bulk_create(rows)
        _tell_everybody()
    return len(rows)


def _latest(provider: str) -> dict[tuple[str, str], int | None]:
    rows = Price.objects.filter(provider=provider, source=PriceSource.SERVER).order_by("starts_at", "pk")
    return {(model_id, unit): amount for model_id, unit, amount in rows.values_list("model_id", "unit", "amount")}


def published(pricing: Mapping[str, Any]) -> dict[str, int]:
    """Unit -> micro-units, from a price list as servers write it: texts, in dollars for one token or one request."""
    found = {}
    for name, unit in _PUBLISHED.items():
        amount = _micro(pricing.get(name), 10**12 if unit != Unit.REQUEST else 10**9)
        if amount is not None:
            found[unit.value] = amount
    return found if {Unit.PROMPT.value, Unit.COMPLETION.value} <= found.keys() else {}


def _micro(value: Any, times: int) -> int | None:
    """Rounded up to the next micro-unit for PER; None for what is no price."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = Decimal(str(value)) * times
    except ArithmeticError:
        return None
    if not number.is_finite() or not 0 <= number <= MAX_PRICE:
        return None
    return int(-(-number // 1))
