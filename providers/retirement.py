"""Whether a model that was used before is still there, and which one can take its place."""

import dataclasses
import datetime
import re
from typing import Any, Literal

from django.utils import timezone

from live.errors import NotFound
from providers import access, defaults, facts, lists, offers, registry
from providers.offers import Offer

Reason = Literal["shut_down", "shuts_down", "not_listed", "provider_gone"]
SOON = datetime.timedelta(days=60)  # before its end a model is announced to go


@dataclasses.dataclass(frozen=True)
class Retirement:
    """`on`: the day of the shutdown, YYYY-MM-DD, or empty. `replacement`: (provider id, model id) to choose instead."""

    reason: Reason
    provider: str
    model_id: str
    on: str = ""
    replacement: tuple[str, str] | None = None

    def as_json(self) -> dict[str, Any]:
        """As docs/protocol.md describes it."""
        instead = self.replacement
        return {
            "reason": self.reason,
            "provider": self.provider,
            "model_id": self.model_id,
            "on": self.on or None,
            "replacement": {"provider": instead[0], "model_id": instead[1]} if instead else None,
        }


def of(person: Any, provider_id: str, model_id: str) -> Retirement | None:
    """What is to be said of a model that a conversation used; None while all is well, or nothing is known."""
    try:
        provider = access.usable(person, provider_id)
    except NotFound:
        return Retirement("provider_gone", provider_id, model_id, replacement=defaults.likely(person))
    listed = lists.known(provider)
    offer = offers.one(person, provider, model_id)
    reason, on = _reason(offer, listed)
    if reason is None:
        return None
    return Retirement(reason, provider_id, model_id, on, _replacement(person, provider, offer))


def _reason(offer: Offer, listed: lists.Listed) -> tuple[Reason | None, str]:
    """The date says most; without one, a list that lacks the model does, if the server gave a whole one."""
    on = str(offer.known["shutdown_date"])
    today = timezone.now().date()
    if on and datetime.date.fromisoformat(on) <= today:
        still_there = not offer.row.get("unlisted") and offer.known["sources"]["shutdown_date"] == "table"
        return (None, "") if still_there else ("shut_down", on)
    if on and datetime.date.fromisoformat(on) <= today + SOON:
        return "shuts_down", on
    complete = bool(listed.rows) and not listed.failure and not listed.left_out
    if offer.row.get("unlisted") and complete and not _is_alias(offer.id, listed):
        return "not_listed", ""
    return None, ""


def _is_alias(model_id: str, listed: lists.Listed) -> bool:
    """Servers take short names for what they list with a tag or a date: "llama3" for "llama3:latest"."""
    return any(listed_id.startswith((f"{model_id}:", f"{model_id}-2")) for listed_id in listed.ids)


def _replacement(person: Any, provider: registry.Provider, offer: Offer) -> tuple[str, str] | None:
    """What the table names, if it is listed; else the newest of its family or kin; else the default, or any other."""
    there = [found for found in offers.of(person, [provider]) if _may_follow(found, offer)]
    named = next((found for found in there if found.id == offer.known["successor"]), None)
    family = [found for found in there if found.family == offer.family]
    kin = [found for found in there if _stem(found.id) == _stem(offer.id)]
    best = named or max(family or kin, key=lambda found: found.row.get("created") or 0, default=None)
    if best is not None:
        return provider.id, best.id
    likely = defaults.likely(person)
    if likely is not None and likely != (provider.id, offer.id):
        return likely
    return (provider.id, there[0].id) if there else None


def _may_follow(found: Offer, gone: Offer) -> bool:
    """Another one for chat that is offered and has no end in sight."""
    chat = facts.is_for_chat(found.known["capabilities"], found.id)
    return found.id != gone.id and chat and not found.hidden and not found.known["shutdown_date"]


def _stem(model_id: str) -> str:
    """The maker's word in an id: "gpt" of "gpt-4o-mini"."""
    return re.split(r"[^a-z]", model_id.rsplit("/", 1)[-1].lower(), maxsplit=1)[0]
