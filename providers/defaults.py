"""Which model is asked when nobody named one: the person's choice, the site's, else the first that is for chat."""

from typing import Any

from django.db.models import Q

from providers import facts, known_models, lists, registry
from providers.lists import Listed
from providers.models import DefaultModel, HiddenModel
from providers.registry import Provider

Chosen = tuple[str, str]  # provider id, model id


def likely(person: Any) -> Chosen | None:
    """What `choosing.choose` would say without asking anyone: for a page, which must not wait for the network."""
    providers = registry.available(person)
    if (found := named(person, providers)) is not None:
        return found
    first = providers[0]
    model = first.default_model or first_for_chat(first, lists.known(first), hidden(person, first))
    return (first.id, model) if model else None


def named(person: Any, providers: list[Provider]) -> Chosen | None:
    """The default that this person chose, else the site's, while they have its provider."""
    rows = DefaultModel.objects.filter(Q(person=person) | Q(person=None))
    chosen = sorted(rows, key=lambda row: row.person_id is None)
    ids = {provider.id for provider in providers}
    return next(((row.provider, row.model_id) for row in chosen if row.provider in ids), None)


def own(person: Any) -> dict[str, Chosen]:
    """What was chosen by hand: "me" -> this person's, "everybody" -> the site's."""
    rows = DefaultModel.objects.filter(Q(person=person) | Q(person=None))
    return {"everybody" if row.person_id is None else "me": (row.provider, row.model_id) for row in rows}


def hidden(person: Any, provider: Provider) -> frozenset[str]:
    """The models of a provider that this person is not offered."""
    rows = HiddenModel.objects.filter(Q(person=person) | Q(person=None), provider=provider.id)
    return frozenset(rows.values_list("model_id", flat=True))


def first_for_chat(provider: Provider, listed: Listed, hidden: frozenset[str] = frozenset()) -> str:
    """The first offered model not known to be for images, audio, embeddings or moderation; empty: there is none."""
    for row in listed.rows:
        if row["id"] in hidden:
            continue
        known = facts.merged(row, known_models.of_table(row["id"], provider.base_url))
        if facts.is_for_chat(known["capabilities"], row["id"]):
            return str(row["id"])
    return ""
