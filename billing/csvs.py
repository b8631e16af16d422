"""Tables for spreadsheets: entries, usage and prices. Amounts are plain decimals of the site's currency."""

import csv
import datetime
import io
from collections.abc import Iterable
from typing import Any

from django.conf import settings

from billing import amounts, reports
from billing.models import PER, Account, Price
from billing.reports import Range

BATCH = 2_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would calculate what begins with one
_ENTRY = (
    *("id", "time", "kind", "amount", "currency", "for", "source_kind", "source_id", "provider", "model"),
    *("prompt_tokens", "cached_tokens", "completion_tokens", "reasoning_tokens", "billed", "marks"),
)
_USAGE = (
    *("time", "provider", "model", "requests", "prompt_tokens", "cached_tokens", "completion_tokens"),
    *("reasoning_tokens", "cost", "currency", "requests_without_price"),
)
PRICE = ("provider", "model", "unit", "variant", "price", "currency", "per", "starts_at", "source")


def text(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula is quoted by an apostrophe."""
    sink = io.StringIO()
    writer = csv.writer(sink)
    writer.writerows([_safe(value) for value in row] for row in rows)
    return sink.getvalue()


def _safe(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(value: str) -> bool:
    try:
        amounts.decimal(value)
    except ValueError:
        return False
    return True


def entries_head() -> str:
    """The names of the columns."""
    return text([_ENTRY])


def entries(account: Account, wanted: dict[str, Any], below: int | None) -> tuple[str, int] | None:
    """The next rows below an id, the newest first, and the last one's id; None when there are no more."""
    rows = reports.filtered(account, **wanted)
    found = list((rows.filter(pk__lt=below) if below is not None else rows).order_by("-pk")[:BATCH])
    if not found:
        return None
    return text(_entry(entry) for entry in found), found[-1].pk


def _entry(entry: Any) -> tuple[Any, ...]:
    marks = [name for name, said in (("estimate", entry.estimated), ("overrun", entry.overrun)) if said]
    amount = amounts.plain(entry.amount) if entry.priced else ""
    return (
        *(entry.pk, _time(entry.created_at), entry.kind, amount, settings.CURRENCY, reports.words(entry)),
        *(entry.source_kind, entry.source_id, entry.provider, entry.model_id, entry.prompt_tokens),
        *(entry.cached_tokens, entry.completion_tokens, entry.reasoning_tokens, entry.billed),
        " ".join([*marks, *([] if entry.priced else ["unknown"])]),
    )


def usage(account: Account, range_: Range) -> str:
    """Requests and tokens by time and model, with the columns' names."""
    rows = (
        (
            *(row["time"].isoformat(), row["provider"], row["model_id"], row["calls"], row["prompt_tokens"]),
            *(row["cached_tokens"], row["completion_tokens"], row["reasoning_tokens"]),
            *(amounts.plain(row["cost"]), settings.CURRENCY, row["unpriced"]),
        )
        for row in reports.usage(account, range_, limit=None)
    )
    return text([_USAGE, *rows])


def prices(rows: Iterable[Price]) -> str:
    """Prices with their history; `price` is for `per` of the unit, empty where it became unknown."""
    return text([PRICE, *map(_price, rows)])


def _price(price: Price) -> tuple[Any, ...]:
    amount = "" if price.amount is None else amounts.plain(price.amount)
    return (
        *(price.provider, price.model_id, price.unit, price.variant, amount, settings.CURRENCY, PER[price.unit]),
        *(_time(price.starts_at), price.source),
    )


def _time(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat()
