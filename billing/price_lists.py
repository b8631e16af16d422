"""The owner's price list as it is shown and exported: what is in force, what is to come, and what was."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from billing.models import Price, PriceSource
from providers import registry

Json = dict[str, Any]
MODELS_SHOWN = 200


def provider_choices(user: Any) -> list[tuple[str, str]]:
    """Providers whose calls the site pays for."""
    return [(found.id, found.name) for found in registry.available(user) if found.private_to is None]


def price_list(q: str = "") -> list[Json]:
    """Models with the prices that are in force, those to come and those that were, newest rows first."""
    rows = Price.objects.order_by("provider", "model_id", "unit", "variant", "-starts_at", "-pk")
    if q:
        rows = rows.filter(Q(model_id__icontains=q) | Q(provider__icontains=q))
    models: dict[tuple[str, str], list[Price]] = {}
    for row in rows[: MODELS_SHOWN * 20]:
        models.setdefault((row.provider, row.model_id), []).append(row)
    names = {found.id: found.name for found in registry.everything()}
    return [
        {"provider": names.get(provider, provider), "model_id": model_id, "rows": [_dated(row, rows) for row in rows]}
        for (provider, model_id), rows in list(models.items())[:MODELS_SHOWN]
    ]


def _dated(row: Price, rows: list[Price]) -> Json:
    """A price with its state: in force, to come, or over; the owner's overrules the server's."""
    now = timezone.now()
    same = [one for one in rows if (one.unit, one.variant) == (row.unit, row.variant) and one.starts_at <= now]
    best = max(same, key=_weight, default=None)
    state = "to_come" if row.starts_at > now else "in_force" if row is best else "over"
    return {"row": row, "state": state}


def _weight(row: Price) -> tuple[bool, datetime, int]:
    """Of two rows in force, the owner's weighs more, then the later one."""
    return (row.source == PriceSource.OWNER and row.amount is not None, row.starts_at, row.pk)


def every_price() -> QuerySet[Price]:
    """All rows, as they are exported."""
    return Price.objects.order_by("provider", "model_id", "unit", "variant", "starts_at", "pk")
