"""What a person can choose from: the models of all their providers with what is known of each, and the default."""

import dataclasses
import functools
from collections.abc import Iterator
from typing import Any

from django.db.models import Q

from providers import defaults, facts, known_models, lists, registry
from providers.lists import Facts, Listed
from providers.models import HiddenModel, KnownModel
from providers.registry import Provider

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Offer:
    """One model of one provider, as one person sees it. `own_rows` are the owner's rows of the table."""

    provider: Provider
    row: Facts
    own_rows: tuple[known_models.Row, ...] = ()
    hidden_here: bool = False
    hidden_for_all: bool = False

    @functools.cached_property
    def known(self) -> Facts:
        """What is known of it, as facts.merged gives it: found out when somebody asks."""
        table = known_models.of_table(self.id, self.provider.base_url, self.own_rows)
        return facts.merged(self.row, table)

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def hidden(self) -> bool:
        return self.hidden_here or self.hidden_for_all

    @property
    def family(self) -> str:
        return self.known["family"] or facts.family_of(self.id)

    @property
    def deletable(self) -> bool:
        """Whether its server may be asked to delete it: fine-tuned, and not somebody else's provider."""
        return facts.is_fine_tuned(self.id, self.row.get("owned_by", ""))

    def as_json(self) -> Json:
        """As docs/protocol.md describes it."""
        return {
            "provider": self.provider.id,
            "provider_name": self.provider.name,
            "id": self.id,
            "name": self.row.get("label") or self.id,
            "hidden": self.hidden,
            "family": self.family,
            "capabilities": self.known["capabilities"],
            "context_length": self.known["context_length"],
            "longest_answer": self.known["longest_answer"],
            "shutdown_date": self.known["shutdown_date"] or None,
            "price_url": self.known["price_url"] or None,
            "sources": self.known["sources"],
        }


def as_json(person: Any) -> Json:
    """{"models": [model], "default": {"provider", "model_id"} or null}, without asking any upstream."""
    chosen = defaults.likely(person)
    return {
        "models": [offer.as_json() for offer in of(person, registry.available(person))],
        "default": {"provider": chosen[0], "model_id": chosen[1]} if chosen else None,
    }


def of(person: Any, providers: list[Provider]) -> list[Offer]:
    """Every model of these providers, hidden ones too, in their servers' order."""
    return list(_of(person, providers, lists.known_of(providers)))


def _of(person: Any, providers: list[Provider], listed: dict[str, Listed]) -> Iterator[Offer]:
    hidden = HiddenModel.objects.filter(Q(person=person) | Q(person=None))
    mine = {(row.provider, row.model_id, row.person_id is None) for row in hidden}
    own = own_table()
    for provider in providers:
        for row in listed[provider.id].rows:
            key = (provider.id, row["id"])
            yield Offer(provider, row, own, (*key, False) in mine, (*key, True) in mine)


def own_table() -> tuple[known_models.Row, ...]:
    """The owner's rows of the table."""
    return tuple((row.pattern, row.host, {**row.facts, "family": row.family}) for row in KnownModel.objects.all())


def one(person: Any, provider: Provider, model_id: str) -> Offer:
    """One model, also one that its provider does not list: then with what the table says."""
    found = next((offer for offer in of(person, [provider]) if offer.id == model_id), None)
    return found or Offer(provider, {"id": model_id, "unlisted": True}, own_table())
