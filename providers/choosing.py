"""Whom to ask: from what a request names, what the conversation used last, and what the site has by default."""

from providers import catalogue, registry
from providers.errors import ModelIdTooLong, ModelMissing
from providers.registry import Provider

MODEL_ID_LENGTH = 256


async def choose(provider_id: str | None, model_id: str | None, last: tuple[str, str] | None) -> tuple[str, str]:
    """(provider id, model id) to ask. `last` is what the conversation used last.

    `provider_id` when given; else the one that lists the model id; else the environment's; else the sandbox. A model
    id that no list holds is sent as it is: the upstream's own "model not found" says more than we could.
    """
    if model_id is not None and not (0 < len(model_id.strip()) <= MODEL_ID_LENGTH):
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    if provider_id:
        provider = registry.get(provider_id)
        if not model_id and last and last[0] == provider_id:
            return last
        return provider.id, model_id or await default_model(provider)
    if model_id:
        return (await _lister(model_id)).id, model_id
    if last and any(last[0] == provider.id for provider in registry.available()):
        return last
    provider = registry.default()
    return provider.id, await default_model(provider)


async def _lister(model_id: str) -> Provider:
    for provider in registry.available():
        if model_id in await catalogue.listed(provider):
            return provider
    return registry.default()


async def default_model(provider: Provider) -> str:
    """The model that this provider names by default, or ModelMissing."""
    found = provider.default_model or catalogue.first_for_chat(await catalogue.listed(provider))
    if not found:
        found = catalogue.first_for_chat(await catalogue.refresh(provider))
    if not found:
        raise ModelMissing()
    return found


def likely_default() -> tuple[str, str] | None:
    """What `choose` would say without asking anyone: for a page, which must not wait for the network."""
    provider = registry.default()
    model = provider.default_model or catalogue.first_for_chat(catalogue.known(provider))
    return (provider.id, model) if model else None
