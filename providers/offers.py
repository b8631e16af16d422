"""What a person can choose from: the models of all their providers, and the one that is asked when they choose none."""

from typing import Any

from providers import catalogue, choosing, registry

Json = dict[str, Any]


def as_json(person: Any) -> Json:
    """{"models": [model], "default": {"provider", "model_id"} or null}, without asking any upstream."""
    chosen = choosing.likely_default()
    return {
        "models": [
            _model(provider, model_id) for provider in registry.available() for model_id in catalogue.known(provider)
        ],
        "default": {"provider": chosen[0], "model_id": chosen[1]} if chosen else None,
    }


def _model(provider: registry.Provider, model_id: str) -> Json:
    return {
        "provider": provider.id,
        "provider_name": provider.name,
        "id": model_id,
        "name": model_id,
        "hidden": False,
        "capabilities": {},
    }
