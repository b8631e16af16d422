"""Amounts of money as people read and write them. Micro-units inside, never floats."""

import re
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.utils.translation import gettext as _

MICRO = 1_000_000
MINUS = "\N{MINUS SIGN}"
_SIGNS = {"USD": "US$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "JP¥", "TWD": "NT$", "HKD": "HK$", "INR": "₹"}
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,12})?")


def sign() -> str:
    """What stands before an amount: the currency's sign, else its code and a space."""
    return _SIGNS.get(settings.CURRENCY, f"{settings.CURRENCY}\N{NO-BREAK SPACE}")


def short(micro: int) -> str:
    """In passing: four decimals, from one whole unit on two, and "under" what four cannot show."""
    if 0 < abs(micro) < 100:
        return _("under %(amount)s") % {"amount": f"{sign()}0.0001"}
    return _text(micro, 2 if abs(micro) >= MICRO or micro == 0 else 4)


def exact(micro: int) -> str:
    """All six decimals, as the ledger has them."""
    return _text(micro, 6)


def plain(micro: int) -> str:
    """A number without sign or currency, for CSV: nothing is lost."""
    return f"{Decimal(micro).scaleb(-6):.6f}"


def _text(micro: int, places: int) -> str:
    value = Decimal(micro).scaleb(-6).quantize(Decimal(1).scaleb(-places))
    return f"{MINUS if value < 0 else ''}{sign()}{abs(value):,.{places}f}"


def parse(text: object, *, low: int, high: int) -> int:
    """Micro-units from what somebody wrote; ValueError for all that is not a plain number of six decimals in range."""
    value = decimal(text)
    micro = value.scaleb(6)
    if micro != micro.to_integral_value() or not low <= micro <= high:
        raise ValueError("out of range, or finer than a micro-unit")
    return int(micro)


def decimal(text: object) -> Decimal:
    """A plain decimal number; no exponents, no infinities, no digits of other scripts."""
    if not isinstance(text, str) or not text.isascii() or not _NUMBER.fullmatch(text.strip()):
        raise ValueError("not a plain number")
    try:
        return Decimal(text.strip())
    except InvalidOperation as error:
        raise ValueError("not a number") from error
