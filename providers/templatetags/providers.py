"""What pages show of providers and models; keys are never part of it."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from providers import defaults, facts, registry, retirement
from providers.offers import Offer
from providers.retirement import Retirement
from providers.sandbox import http_key

register = template.Library()
_CAPABILITIES = {
    "chat": _("chat"),
    "vision": _("sees pictures"),
    "tools": _("calls tools"),
    "json": _("JSON"),
    "reasoning": _("reasons"),
    "images": _("makes pictures"),
    "audio": _("speech"),
    "embeddings": _("embeddings"),
    "moderation": _("moderation"),
    "completion": _("continues texts"),
}
_LABELS = {
    "context_length": _("Context, in tokens"),
    "longest_answer": _("Longest answer, in tokens"),
    "shutdown_date": _("Shutdown"),
    "price_url": _("Prices"),
    "successor": _("Replacement"),
}


@register.simple_tag(takes_context=True)
def connection(context: dict[str, Any]) -> dict[str, Any]:
    """The provider that answers by default, where it comes from, and how programs reach the sandbox (owner only)."""
    request = context["request"]
    provider, likely = registry.default(request.user), defaults.likely(request.user)
    return {
        "name": provider.name,
        "in_sandbox": provider.id == registry.SANDBOX,
        "base_url": provider.base_url,
        "from_environment": provider.id == registry.ENVIRONMENT,
        "key_is_set": bool(provider.api_key),
        "key_variable": "OPENAI_API_KEY",
        "model_id": likely[1] if likely else "",
        "sandbox_url": (settings.SITE_URL or request.build_absolute_uri("/").rstrip("/")) + "/sandbox/v1",
        "sandbox_key": http_key() if getattr(request.user, "is_owner", False) else "",
    }


@register.simple_tag(takes_context=True)
def retirement_of(context: dict[str, Any], chosen: Mapping[str, str] | None) -> Retirement | None:
    """What is to be said of the model that a conversation used last: `chosen` is {"provider", "model_id"}."""
    if not chosen:
        return None
    return retirement.of(context["request"].user, chosen["provider"], chosen["model_id"])


@register.filter
def capability(name: str) -> Any:
    """What a model can do, in words."""
    return _CAPABILITIES.get(name, name)


@register.filter
def yes(capabilities: Mapping[str, bool]) -> list[str]:
    """Those that are known to be there; chat goes without saying."""
    return [name for name in facts.CAPABILITIES if capabilities.get(name) and name != "chat"]


@register.filter
def tokens(number: int) -> str:
    """128000 as 128K, 1047576 as 1M: as people speak of contexts."""
    if number >= 1_000_000:
        return f"{number / 1_000_000:.3g}M"
    return f"{number / 1_000:.3g}K" if number >= 10_000 else str(number)


@register.filter
def named(offer: Offer) -> str:
    """The query that names a model: ids may hold slashes, which a path would not keep."""
    return urlencode({"provider": offer.provider.id, "id": offer.id})


@register.filter
def instead(gone: Retirement) -> str:
    """The query that chooses the replacement for a conversation's next message."""
    provider, model_id = gone.replacement or ("", "")
    return urlencode({"provider": provider, "model_id": model_id})


@register.filter
def address(offer: Offer) -> str:
    """The page of a model."""
    return f"{reverse('model')}?{named(offer)}"


@register.filter(name="facts")
def facts_of(offer: Offer) -> list[dict[str, Any]]:
    """Rows of the model's page: label, value or url, and whose word it is."""
    sources = offer.known["sources"]
    found: list[dict[str, Any]] = []
    for name, label in _LABELS.items():
        value = offer.known[name]
        if value not in (None, ""):
            key = "url" if name == "price_url" else "value"
            found.append({"label": label, key: value, "source": sources[name]})
    for name in facts.CAPABILITIES:
        if name in offer.known["capabilities"]:
            word = gettext("yes") if offer.known["capabilities"][name] else gettext("no")
            found.append({"label": _CAPABILITIES[name], "value": word, "source": sources[name]})
    for name, price in offer.row.get("pricing", {}).items():
        words = gettext("Price of one unit (%(name)s), in US dollars") % {"name": name}
        found.append({"label": words, "value": price, "source": "server"})
    return found


@register.filter
def said(row: Mapping[str, Any]) -> str:
    """A row of the table in one line."""
    return ", ".join(_words(row))


def _words(row: Mapping[str, Any]) -> Iterable[str]:
    if row.get("family"):
        yield str(row["family"])
    for name, label in _LABELS.items():
        if row.get(name):
            yield f"{label}: {row[name]}"
    for name, value in row.get("capabilities", {}).items():
        yield str(_CAPABILITIES[name] if value else gettext("not: %(what)s") % {"what": _CAPABILITIES[name]})
