"""Which model is asked when nobody named one: the person's choice, the site's, else the first that is for chat."""

from typing import Any

from django.db.models import Q

from providers import facts, known_models, lists, registry
from providers.lists import Listed
from providers.models import DefaultModel
from providers.registry import Provider

Chosen = tuple[str, str]  # provider id, model id


def likely(person: Any) -> Chosen | None:
    """What `choosing.choose` would say without asking anyone: for a page, which must not wait for the network."""
    providers = registry.available(person)
    if (found := named(person, providers)) is not None:
        return found
    model = providers[0].default_model or first_for_chat(providers[0], lists.known(providers[0]))
    return (providers[0].id, model) if model else None


def named(person: Any, providers: list[Provider]) -> Chosen | None:
    """The default that this person chose, else the site's, while they have its provider."""
    rows = DefaultModel.objects.filter(Q(person=person) | Q(person=None))
    chosen = sorted(rows, key=lambda row: row.person_id is None)
    ids = {provider.id for provider in providers}
    return next(((row.provider, row.model_id) for row in chosen if row.provider in ids), None)


def first_for_chat(provider: Provider, listed: Listed) -> str:
    """The first model not known to be for images, audio, embeddings or moderation; empty when there is none."""
    for row in listed.rows:
        known = facts.merged(row, known_models.of_table(row["id"], provider.base_url))
        if facts.is_for_chat(known["capabilities"], row["id"]):
            return str(row["id"])
    return ""
