"""The verbs of providers: each is one transaction."""

from providers.actions.choices import hide_model, set_default, show_model
from providers.actions.groups import delete_group, save_group
from providers.actions.keys import reencrypt
from providers.actions.leaving import forget
from providers.actions.providers import (
    delete_provider,
    forget_learned,
    save_new_providers,
    save_provider,
    save_rules,
)
from providers.actions.table import delete_known_model, save_known_model

__all__ = [
    "delete_group",
    "delete_known_model",
    "delete_provider",
    "forget",
    "forget_learned",
    "hide_model",
    "reencrypt",
    "save_group",
    "save_known_model",
    "save_new_providers",
    "save_provider",
    "save_rules",
    "set_default",
    "show_model",
]
