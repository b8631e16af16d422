"""Bringing every stored secret to the newest of FIELD_KEYS."""

import dataclasses
from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models

from providers import fields
from providers.fields import EncryptedTextField


@dataclasses.dataclass
class Reencrypted:
    """How many secrets are now under the newest key, and how many no key could read."""

    done: int = 0
    unreadable: int = 0


def reencrypt() -> Reencrypted:
    """Every encrypted column of every app, value by value; what somebody saves meanwhile is left as they saved it."""
    found = Reencrypted()
    for model, field in _columns():
        table = connection.ops.quote_name(model._meta.db_table)
        column, key = (
            connection.ops.quote_name(str(field.column)),
            connection.ops.quote_name(str(model._meta.pk.column)),
        )
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {key}, {column} FROM {table} WHERE {column} <> ''")  # noqa: S608 - our own names
            rows = cursor.fetchall()
            for id, stored in rows:  # noqa: A001
                renewed = fields.rotate(stored)
                if renewed is None:
                    found.unreadable += 1
                    continue
                update = f"UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s"  # noqa: S608
                cursor.execute(update, [renewed, id, stored])
                found.done += 1
    return found


def _columns() -> Iterator[tuple[type[models.Model], EncryptedTextField]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field
