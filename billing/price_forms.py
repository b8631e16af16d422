"""What may come in as a price: one by one from a form, or many as a table."""

import csv
import datetime
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import amounts
from billing.models import EVERY_MODEL, MAX_PRICE, PER, Unit

MOST_ROWS = 5_000
_TOKENS = ("prompt", "cached", "completion", "reasoning")


def shown_per(unit: str) -> int:
    """How many of a unit people name a price for: a million tokens, 1,000 characters, one of the others."""
    return PER[unit] if unit in _TOKENS or unit == Unit.CHARACTER else 1


def micro(price: Decimal, unit: str, rate: Decimal = Decimal(1)) -> int:
    """Micro-units for PER of the unit, from a price for `shown_per`, rounded up; ValueError when out of range."""
    found = price * rate * 1_000_000 * PER[unit] / shown_per(unit)
    if not 0 <= found <= MAX_PRICE:
        raise ValueError("out of range")
    return int(-(-found // 1))


def _units() -> list[tuple[str, str]]:
    return [(unit.value, str(capfirst(unit.label))) for unit in Unit]


class PriceForm(forms.Form):
    """A price from now or from a later day on."""

    provider = forms.ChoiceField(label=_("Provider"))
    model_id = forms.CharField(
        label=_("Model"), max_length=256, help_text=_("* for every model that has no price of its own.")
    )
    unit = forms.ChoiceField(label=_("What is counted"), choices=_units)
    variant = forms.CharField(
        label=_("Size and quality"), required=False, max_length=64, help_text=_("Of a picture, such as 1024x1024 high.")
    )
    price = forms.CharField(
        label=_("Price"),
        required=False,
        max_length=40,
        help_text=_("For a million tokens, 1,000 characters, or one of the others. Empty: unknown."),
    )
    starts_on = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Empty: now.")
    )

    def __init__(self, *args: Any, providers: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["provider"].choices = providers  # type: ignore[attr-defined]
        self.fields["price"].label = f"{self.fields['price'].label} ({settings.CURRENCY})"

    def clean_model_id(self) -> str:
        return " ".join(str(self.cleaned_data["model_id"]).split()) or EVERY_MODEL

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if found.get("variant") and found.get("unit") != Unit.IMAGE:
            self.add_error("variant", gettext("Only pictures have sizes."))
        if "price" in found and found.get("unit"):
            try:
                given = found["price"].strip()
                found["amount"] = micro(amounts.decimal(given), found["unit"]) if given else None
            except ValueError:
                self.add_error("price", gettext("Write a plain number, zero or more, such as 0.25."))
        return found

    def facts(self) -> dict[str, Any]:
        """What `actions.set_price` takes."""
        names = ("provider", "model_id", "unit", "variant", "amount")
        day = self.cleaned_data["starts_on"]
        start = datetime.datetime.combine(day, datetime.time(), datetime.UTC) if day else None
        return {**{name: self.cleaned_data[name] for name in names}, "starts_at": start}


class TableForm(forms.Form):
    """Many prices as CSV, with the names of prices.csv's columns."""

    table = forms.CharField(
        label=_("Table"), max_length=2_000_000, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )
    rate = forms.CharField(
        label=_("Rate"),
        required=False,
        max_length=40,
        help_text=_("For rows in another currency: how much of yours one of theirs is."),
    )

    def clean_rate(self) -> Decimal | None:
        given = self.cleaned_data["rate"].strip()
        if not given:
            return None
        try:
            rate = amounts.decimal(given)
        except ValueError:
            rate = Decimal(0)
        if not 0 < rate < 10**9:
            raise forms.ValidationError(gettext("Write a plain number above zero, such as 7.1."))
        return rate

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if "table" in found and "rate" in found:
            try:
                found["rows"] = list(rows(found["table"], found["rate"]))
            except ValueError as error:
                self.add_error("table", str(error))
        return found


def rows(table: str, rate: Decimal | None) -> Iterator[dict[str, Any]]:
    """What `actions.set_price` takes, for each row; ValueError names the first line that makes no sense."""
    reader = csv.DictReader(io.StringIO(table.lstrip("\ufeff")))
    missing = {"provider", "model", "unit", "price"} - set(reader.fieldnames or ())
    if missing:
        raise ValueError(gettext("The first line must name these columns: %(names)s") % {"names": ", ".join(missing)})
    for number, row in enumerate(reader, start=2):
        if number > MOST_ROWS:
            raise ValueError(gettext("At most %(limit)s rows at a time.") % {"limit": MOST_ROWS})
        try:
            yield _row({name: (value or "").strip() for name, value in row.items() if isinstance(name, str)}, rate)
        except (ValueError, ArithmeticError) as error:
            raise ValueError(
                gettext("Line %(number)s makes no sense: %(why)s") % {"number": number, "why": error}
            ) from error


def _row(row: dict[str, str], rate: Decimal | None) -> dict[str, Any]:
    if not (0 < len(row["provider"]) <= 64 and 0 < len(row["model"]) <= 256 and len(row.get("variant", "")) <= 64):
        raise ValueError(gettext("provider and model must be named"))
    if row["unit"] not in Unit.values:
        raise ValueError(gettext("there is no unit %(unit)s") % {"unit": row["unit"][:20]})
    start = parse_datetime(row.get("starts_at", "")) if row.get("starts_at") else timezone.now()
    if start is None:
        raise ValueError(gettext("starts_at is no time"))
    facts = {
        "provider": row["provider"],
        "model_id": row["model"],
        "unit": row["unit"],
        "variant": row.get("variant", ""),
        "starts_at": start if timezone.is_aware(start) else timezone.make_aware(start),
    }
    return {**facts, **_amount(row, rate)}


def _amount(row: dict[str, str], rate: Decimal | None) -> dict[str, Any]:
    """The price, converted where it is in another currency; what the list said is kept beside it."""
    if not row["price"]:
        return {"amount": None}
    price = amounts.decimal(row["price"]) * PER[row["unit"]] / _per(row)
    currency = row.get("currency") or settings.CURRENCY
    whole = price * shown_per(row["unit"]) / PER[row["unit"]]
    if currency == settings.CURRENCY:
        return {"amount": micro(whole, row["unit"])}
    if rate is None:
        raise ValueError(gettext("it is in %(currency)s, and no rate is given") % {"currency": currency[:3]})
    return {
        "amount": micro(whole, row["unit"], rate),
        "list_currency": currency[:3],
        "list_price": price.quantize(Decimal("1e-12")),
        "rate": rate.quantize(Decimal("1e-10")),
    }


def _per(row: dict[str, str]) -> int:
    """How many units the row's price is for."""
    given = row.get("per") or str(shown_per(row["unit"]))
    if not (given.isascii() and given.isdigit() and 0 < int(given[:12]) <= 10**9):
        raise ValueError(gettext("per is no number"))
    return int(given)
