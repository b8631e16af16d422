"""The owner's own rows of the table of models."""

from typing import Any

from django.db import IntegrityError, transaction

from providers.errors import RowTaken
from providers.models import KnownModel


def save_known_model(row: KnownModel, *, pattern: str, host: str, family: str, facts: dict[str, Any]) -> KnownModel:
    """Store a row. Raises RowTaken when there is another for the same ids at the same host."""
    row.pattern, row.host, row.family, row.facts = pattern, host, family, facts
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RowTaken() from error
    return row


def delete_known_model(row: KnownModel) -> None:
    """What the site's own table says holds again."""
    row.delete()
