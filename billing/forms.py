"""What may come in through the doors of money: amounts, ranges, rules and prices, or what is wrong with them."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing import amounts
from billing.models import EntryKind, Mode, Policy, UnknownPrice
from billing.models.ledger import LABEL_LENGTH, MAX_AMOUNT
from billing.reports import LONGEST_RANGE, Range

RANGES = (7, 21, 90)
DEFAULT_DAYS = 21
_EARLIEST = datetime.date(2000, 1, 1)
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class AmountField(forms.CharField):
    """An amount of the site's currency, to the micro-unit."""

    def __init__(self, *, low: int, high: int = MAX_AMOUNT, **options: Any) -> None:
        super().__init__(max_length=40, **options)
        self.low, self.high = low, high
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text == "":
            return None
        try:
            return amounts.parse(text, low=self.low, high=self.high)
        except ValueError as error:
            raise forms.ValidationError(
                gettext("Write a number from %(low)s to %(high)s, with at most six decimals.")
                % {"low": amounts.plain(self.low), "high": amounts.plain(self.high)}
            ) from error


class PolicyForm(forms.ModelForm):
    """The owner's rules."""

    mode = forms.ChoiceField(label=_("What this site does about money"), choices=Mode, widget=forms.RadioSelect)
    unknown_price = forms.ChoiceField(
        label=_("A call whose price is unknown"), choices=UnknownPrice, widget=forms.RadioSelect
    )
    ceiling = forms.IntegerField(
        label=_("Longest answer of a prepaid call, in tokens"),
        help_text=_("Sent with every prepaid request, so that what it can cost has a limit."),
        min_value=1,
        max_value=1_000_000,
    )

    class Meta:
        model = Policy
        fields = ("mode", "unknown_price", "ceiling")


def _name_the_currency(form: forms.Form) -> None:
    form.fields["amount"].label = f"{form.fields['amount'].label} ({settings.CURRENCY})"


def _email(value: str) -> str:
    return get_user_model().objects.normalize_email(value)


class GrantForm(forms.Form):
    """Money to spend, for one person or for everybody."""

    email = forms.CharField(label=_("Person"), required=False, help_text=_("An e-mail address; empty: everybody."))
    amount = AmountField(label=_("Amount"), low=1)
    starts_on = forms.DateField(label=_("From"), required=False, widget=_DATE, help_text=_("Empty: now."))
    ends_on = forms.DateField(
        label=_("Until the end of"), required=False, widget=_DATE, help_text=_("Empty: for ever.")
    )
    label = forms.CharField(label=_("What for"), required=False, max_length=LABEL_LENGTH)
    user: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name_the_currency(self)

    def clean_email(self) -> str:
        email = _email(self.cleaned_data["email"])
        if email:
            self.user = get_user_model().objects.filter(email=email).first()
            if self.user is None:
                raise forms.ValidationError(gettext("Nobody here has this address."))
        return email

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        starts, ends = found.get("starts_on"), found.get("ends_on")
        if ends and (ends < (starts or timezone.localdate()) or ends.year > 9998):
            self.add_error("ends_on", gettext("It ends before it starts."))
        return found

    def facts(self) -> dict[str, Any]:
        """What `actions.grant` takes."""
        return {
            "amount": self.cleaned_data["amount"],
            "starts_at": _start(self.cleaned_data["starts_on"]),
            "expires_at": _start(self.cleaned_data["ends_on"], days=1),
            "label": self.cleaned_data["label"],
        }


class CorrectionForm(forms.Form):
    """An amount that puts a balance right, and why."""

    email = forms.CharField(label=_("Person"), help_text=_("An e-mail address."))
    amount = AmountField(label=_("Amount"), low=-MAX_AMOUNT, help_text=_("Below zero takes away."))
    label = forms.CharField(label=_("Reason"), max_length=LABEL_LENGTH)
    user: Any = None

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name_the_currency(self)

    def clean_email(self) -> str:
        self.user = get_user_model().objects.filter(email=_email(self.cleaned_data["email"])).first()
        if self.user is None:
            raise forms.ValidationError(gettext("Nobody here has this address."))
        return str(self.user.email)

    def clean_amount(self) -> int:
        if not self.cleaned_data["amount"]:
            raise forms.ValidationError(gettext("Zero changes nothing."))
        return int(self.cleaned_data["amount"])


def _start(day: datetime.date | None, days: int = 0) -> datetime.datetime | None:
    if day is None:
        return None
    return datetime.datetime.combine(day + datetime.timedelta(days=days), datetime.time(), datetime.UTC)


def date_range(given: Mapping[str, str]) -> Range:
    """The days that an address names; what makes no sense is the default, since it is only looked at."""
    first, last = _day(given.get("from")), _day(given.get("to"))
    if first and last and first <= last and (last - first).days < LONGEST_RANGE:
        return Range(first, last)
    days = given.get("days", "")
    sound = days.isascii() and days.isdigit() and len(days) <= 3 and 0 < int(days) <= LONGEST_RANGE
    return Range.last_days(int(days) if sound else DEFAULT_DAYS)


def _day(value: str | None) -> datetime.date | None:
    try:
        found = datetime.date.fromisoformat(value or "")
    except ValueError:
        return None
    return found if _EARLIEST <= found <= timezone.localdate() + datetime.timedelta(days=366) else None


def entry_filter(given: Mapping[str, str]) -> dict[str, Any]:
    """Which entries an address asks for."""
    kind = given.get("kind", "")
    return {"kind": kind if kind in EntryKind.values else "", "model_id": name(given, "model")}


def name(given: Mapping[str, str], field: str) -> str:
    """A model's or a provider's name in an address; no database knows NUL."""
    return given.get(field, "").replace("\x00", "")[:256]


def cursor(given: Mapping[str, str], field: str) -> int | None:
    """The id of an entry in an address."""
    value = given.get(field, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
