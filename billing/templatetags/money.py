"""Amounts, and what entries are for, as pages show them."""

from typing import Any

from django import template

from billing import access, amounts, reports, sources
from billing.models import PER, Account, Entry, Price
from billing.price_forms import shown_per

register = template.Library()
register.filter("short_amount", amounts.short)
register.filter("exact_amount", amounts.exact)
register.filter("entry_words", reports.words)
register.filter("kind_name", sources.name)
register.simple_tag(amounts.sign, name="currency_sign")


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


@register.simple_tag(takes_context=True)
def my_money(context: template.Context) -> dict[str, Any]:
    """What a page's frame knows: the site's mode, whether this person sees money, and what is left."""
    user = getattr(context.get("request"), "user", None)
    if user is None or not user.is_authenticated:
        return {"mode": "off", "shown": False}
    mode = access.policy().mode
    account = Account.objects.filter(user=user).first() or Account()
    return {"mode": mode, "shown": mode != "off" and account.show_money, "available": account.available}
