"""Amounts, and what entries are for, as pages show them."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from billing import amounts, reports, sources
from billing.models import PER, Entry, Price
from billing.price_forms import shown_per

register = template.Library()
register.filter("short_amount", amounts.short)
register.filter("exact_amount", amounts.exact)
register.filter("entry_words", reports.words)
register.filter("kind_name", sources.name)
register.simple_tag(amounts.sign, name="currency_sign")


@register.filter
def grouped(number: int) -> str:
    """A count, its thousands apart."""
    return f"{number:,}"


@register.filter
def entry_link(links: dict[tuple[str, str], str], entry: Entry) -> str:
    """Where an entry's cause is; empty when it is gone, or has no place."""
    return links.get((entry.source_kind, entry.source_id), "")


@register.filter
def price_amount(price: Price) -> str:
    """A price as people name it, without trailing noughts."""
    if price.amount is None:
        return ""
    whole, _, places = amounts.plain(price.amount * shown_per(price.unit) // PER[price.unit]).partition(".")
    return f"{amounts.sign()}{whole}.{places[:2]}{places[2:].rstrip('0')}"


@register.filter
def cost_words(message: dict[str, Any] | None) -> str:
    """What a message cost, in passing; components/money.js says the same."""
    if message is None:
        return ""
    marks = message["cost_marks"]
    if message["cost"] is None:
        return _("price unknown") if "unknown" in marks else ""
    shown = amounts.short(message["cost"])
    words = _("about %(amount)s") % {"amount": shown} if "estimate" in marks else shown
    overrun = _("over the hold")
    return f"{words} ({overrun})" if "overrun" in marks else words
