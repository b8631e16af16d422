"""Whom to ask: from what a request names, what the conversation used last, and what person and site have by default."""

from typing import Any

from live.database import read
from providers import catalogue, defaults, registry
from providers.defaults import Chosen
from providers.errors import ModelIdTooLong, ModelMissing
from providers.models import MODEL_ID_LENGTH
from providers.registry import Provider


async def choose(person: Any, provider_id: str | None, model_id: str | None, last: Chosen | None) -> Chosen:
    """(provider id, model id) to ask for this person. `last` is what the conversation used last.

    `provider_id` when given; else the one that lists the model id; else the environment's; else the sandbox. A model
    id that no list holds is sent as it is: the upstream's own "model not found" says more than we could. Without one:
    the conversation's last, else the person's default, else the site's.
    """
    if model_id is not None and not (0 < len(model_id.strip()) <= MODEL_ID_LENGTH):
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    if provider_id:
        provider = await find(person.pk, provider_id)
        if not model_id and last and last[0] == provider_id:
            return last
        return provider.id, model_id or await default_model(person, provider)
    providers = await read(registry.available, person)
    if model_id:
        return (await _lister(providers, model_id)).id, model_id
    if last and any(last[0] == provider.id for provider in providers):
        return last
    named = await read(defaults.named, person, providers)
    return named or (providers[0].id, await default_model(person, providers[0]))


async def find(person_id: int, provider_id: str) -> Provider:
    """A provider of this person's, or UnknownProvider. Those of the settings are known without the database."""
    for provider in registry.from_settings():
        if provider.id == provider_id:
            return provider
    return await read(registry.get_for, person_id, provider_id)


async def _lister(providers: list[Provider], model_id: str) -> Provider:
    found = await catalogue.listed_by(providers)
    return next((provider for provider in providers if model_id in found[provider.id].ids), providers[0])


async def default_model(person: Any, provider: Provider) -> str:
    """The model that this provider names by default, or ModelMissing."""
    if provider.default_model:
        return provider.default_model
    hidden = await read(defaults.hidden, person, provider)
    found = defaults.first_for_chat(provider, await catalogue.listed(provider), hidden)
    if not found:
        found = defaults.first_for_chat(provider, await catalogue.refresh(provider), hidden)
    if not found:
        raise ModelMissing()
    return found
