"""Whom to ask: from what a request names, what the conversation used last, and what person and site have by default."""

from typing import Any

from live.database import read
from providers import catalogue, defaults, lists, registry
from providers.defaults import Chosen
from providers.errors import ModelIdTooLong, ModelMissing
from providers.models import MODEL_ID_LENGTH
from providers.registry import Provider


def choose_now(
    person: Any, provider_id: str | None, model_id: str | None, last: Chosen | None, *, asked: bool = False
) -> Chosen | None:
    """(provider id, model id) to ask for this person. `last` is what the conversation used last.

    `provider_id` when given; else the one that lists the model id; else the environment's; else the sandbox. A model
    id that no list holds is sent as it is: the upstream's own "model not found" says more than we could. Without one:
    the conversation's last, else the person's default, else the site's.

    None: only providers that have not said yet what they list can tell; with `asked` they have had their chance.
    Raises UnknownProvider, ModelIdTooLong, ModelMissing.
    """
    if model_id is not None and not (0 < len(model_id.strip()) <= MODEL_ID_LENGTH):
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    if provider_id:
        provider = registry.get(person, provider_id)
        if not model_id and last and last[0] == provider_id:
            return last
        return _of(person, provider, model_id, asked)
    if model_id:
        return _lister(person, model_id, asked)
    providers = registry.available(person)
    if last and any(last[0] == provider.id for provider in providers):
        return last
    return defaults.named(person, providers) or _of(person, providers[0], None, asked)


async def choose(person: Any, provider_id: str | None, model_id: str | None, last: Chosen | None) -> Chosen:
    """The same, for who can wait until providers have been asked what they list."""
    found = await read(choose_now, person, provider_id, model_id, last)
    if found is None:
        await _have_asked(person, provider_id, model_id)
        found = await read(choose_now, person, provider_id, model_id, last, asked=True)
    assert found is not None
    return found


async def _have_asked(person: Any, provider_id: str | None, model_id: str | None) -> None:
    if provider_id:
        await catalogue.refresh(await find(person.pk, provider_id))
        return
    providers = await read(registry.available, person)
    await (catalogue.listed_by(providers) if model_id else catalogue.refresh(providers[0]))


async def find(person_id: int, provider_id: str) -> Provider:
    """A provider of this person's, or UnknownProvider. Those of the settings are known without the database."""
    for provider in registry.from_settings():
        if provider.id == provider_id:
            return provider
    return await read(registry.get_for, person_id, provider_id)


def _lister(person: Any, model_id: str, asked: bool) -> Chosen | None:
    """The first provider that lists the model; the first of all when none does. Others wait for the environment's."""
    first = registry.environment()
    if first is not None and model_id in lists.recently(first).ids:
        return first.id, model_id
    providers = registry.available(person)
    found = lists.known_of(providers)
    catalogue.keep_fresh(providers, found)
    if not asked and any(listed.asked_at is None for listed in found.values()):
        return None
    lister = next((provider for provider in providers if model_id in found[provider.id].ids), providers[0])
    return lister.id, model_id


def _of(person: Any, provider: Provider, model_id: str | None, asked: bool) -> Chosen | None:
    """The model that was named, else the one that this provider names by default."""
    model = model_id or provider.default_model
    if not model:
        listed = lists.known(provider)
        catalogue.keep_fresh([provider], {provider.id: listed})
        model = defaults.first_for_chat(provider, listed, defaults.hidden(person, provider))
        if not model and asked:
            raise ModelMissing()
    return (provider.id, model) if model else None
