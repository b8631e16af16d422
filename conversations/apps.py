"""Registers the app under its name, and keeps the triggers of its index through migrations."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate

from conversations.search import triggers


class ConversationsConfig(AppConfig):
    name = "conversations"

    def ready(self) -> None:
        """Triggers are no part of what migrations know: a table that they make anew would lose them."""
        pre_migrate.connect(_before, sender=self)
        post_migrate.connect(_after, sender=self)


def _before(using: str, plan: Sequence[Any] = (), **kwargs: Any) -> None:
    if plan:
        triggers.drop(using)


def _after(using: str, plan: Sequence[Any] = (), **kwargs: Any) -> None:
    # `manage.py flush`, which also ends a test of transactions, says the same without a plan.
    if triggers.tables_there(using):
        triggers.create(using)
        if plan:
            triggers.note_missing(using)
