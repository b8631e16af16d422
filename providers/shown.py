"""Providers as the settings show them, to people and programs alike: of a secret at most the last four characters."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

import openai_client as oc
from providers import registry
from providers.fields import Unreadable
from providers.models import StoredProvider
from providers.presets import BY_ID

Json = dict[str, Any]
_LAST, _AT_LEAST = 4, 12  # so many characters of a key are shown, of one that has at least so many


def row_json(row: StoredProvider, person: Any) -> Json:
    """A stored provider. Only who may change it learns more than its name and where it is."""
    changeable = row.owner_id == person.pk or (row.owner_id is None and person.is_owner)
    shown = {
        "id": str(row.pk),
        "name": row.name,
        "base_url": row.base_url,
        "enabled": row.enabled,
        "shared": row.owner_id is None,
        "changeable": changeable,
    }
    if not changeable:
        return shown
    return {
        **shown,
        "preset": row.preset,
        "preset_name": str(BY_ID[row.preset].name) if row.preset in BY_ID else "",
        "key": key_json(row),
        "groups": [group.name for group in row.groups.all()],
        "organization": row.organization,
        "project": row.project,
        "headers": [line.partition(":")[0] for line in row.headers.reveal().splitlines()],
        "proxy": proxy_host(row.proxy) if row.proxy_on else "",
        "default_model": row.default_model,
        "typed_models": row.typed_models.split("\n") if row.typed_models else [],
    }


def key_json(row: StoredProvider) -> Json:
    """{"set": bool, "ends_in": str, "variable": str, "readable": bool}."""
    variable = row.key_variable if row.owner_id is None else ""
    value = settings.KEY_VARIABLES.get(variable, "") if variable else row.key.reveal()
    return {
        "set": bool(value),
        "ends_in": ending(value) if not variable else "",
        "variable": variable,
        "readable": not isinstance(row.key, Unreadable),
    }


def ending(key: str) -> str:
    """The last four characters of a key that is long enough to keep the rest secret."""
    return key[-_LAST:] if len(key) >= _AT_LEAST else ""


def proxy_host(proxy: oc.Secret) -> str:
    """Where a proxy is, without its name and password."""
    parts = urlsplit(proxy.reveal())
    return f"{parts.hostname}:{parts.port}" if parts.hostname and parts.port else parts.hostname or ""


def environment_json() -> Json | None:
    """The environment's provider: where it is and which variable has its key; None when there is none."""
    provider = next((found for found in registry.from_settings() if found.id == registry.ENVIRONMENT), None)
    if provider is None:
        return None
    return {
        "id": provider.id,
        "name": provider.name,
        "base_url": provider.base_url,
        "enabled": True,
        "shared": True,
        "changeable": False,
        "key": {"set": bool(provider.api_key), "ends_in": "", "variable": "OPENAI_API_KEY", "readable": True},
        "default_model": provider.default_model,
    }
