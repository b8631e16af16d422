"""Plain SQL for the statements around every call: building their querysets took longer than all else in a hold.

The same in both databases (SQLite from 3.35 on, for RETURNING). Values go through their fields, as querysets have it.
"""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from live import rows


def row(statement: str, values: Sequence[Any]) -> tuple[Any, ...] | None:
    """The first row that a statement gives, if any."""
    found = rows.ask(statement, *values)
    return found[0] if found else None


def rows_changed(statement: str, values: Sequence[Any]) -> int:
    """How many rows a statement has changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def add(model: type[models.Model], keys: Sequence[Mapping[str, Any]], numbers: Mapping[str, int]) -> None:
    """Add numbers to the rows with these keys, or begin them: one statement, so that two at once both count."""
    fields = {field.attname: field for field in rows.columns(model)}
    database, values = connections[DEFAULT_DB_ALIAS], []
    for key in keys:
        values += [fields[name].get_db_prep_save(value, database) for name, value in key.items()]
        values += numbers.values()
    rows_changed(_addition(model, tuple(keys[0]), tuple(numbers), len(keys)), values)


@functools.cache
def _addition(model: type[models.Model], key: tuple[str, ...], numbers: tuple[str, ...], count: int) -> str:
    table, names = model._meta.db_table, (*key, *numbers)
    more = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in numbers)
    places = f"({', '.join(['%s'] * len(names))})"
    return (
        f"INSERT INTO {table} ({', '.join(names)}) VALUES {', '.join([places] * count)} "  # noqa: S608 - ours
        f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {more}"
    )
