"""Rows by hand, for what happens with every message; everything else uses the ORM.

Django compiles each statement anew, which costs several times what the database does with it.
"""

import uuid
from collections.abc import Iterator
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

M = TypeVar("M", bound=Model)


def some(model: type[M], rest: str, *values: Any, lock: bool = False) -> list[M]:
    """The objects that `SELECT * FROM <its table> <rest>` gives; `%s` in `rest` stands for a value.

    `lock`: nobody else changes them before we commit, where the database has such locks (SQLite has one writer).
    """
    ending = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    statement = f"SELECT * FROM {model._meta.db_table} {rest}{ending}"  # noqa: S608 - `rest` is the caller's own
    return list(model._default_manager.raw(statement, [_plain(value) for value in values]))


def one(model: type[M], pk: Any, *, lock: bool = False) -> M | None:
    """The object with this key, if it is there."""
    found = some(model, f"WHERE {_key_column(model)} = %s", pk, lock=lock)
    return found[0] if found else None


def among(count: int) -> str:
    """`IN (%s, %s, ...)` for so many values; for none, what nothing is in."""
    return f"IN ({', '.join(['%s'] * count) or 'NULL'})"


def ask(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    """What a statement gives, as the database has it: identifiers are text in SQLite (`as_uuid`)."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_plain(value) for value in values])
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def as_uuid(value: Any) -> uuid.UUID | None:
    """An identifier that `ask` gave."""
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def add(*things: Model) -> None:
    """Insert new objects of one kind, whose keys are made here, with one statement."""
    meta = things[0]._meta
    fields = list(meta.concrete_fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    statement = (
        f"INSERT INTO {meta.db_table} ({', '.join(str(field.column) for field in fields)}) "  # noqa: S608
        f"VALUES {', '.join([row] * len(things))}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for thing in things for value in _prepared(thing, fields)])
    for thing in things:
        thing._state.adding, thing._state.db = False, connection.alias


def store(thing: Model, *names: str) -> None:
    """Write these fields of a stored object. The caller knows that its row is there."""
    meta = thing._meta
    fields = [meta.get_field(name) for name in names]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)  # type: ignore[union-attr]
    values = [*_prepared(thing, fields), _plain(thing.pk)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} SET {assignments} WHERE {_key_column(type(thing))} = %s",  # noqa: S608
            values,
        )


def _prepared(thing: Model, fields: list[Any]) -> Iterator[Any]:
    for field in fields:
        yield field.get_db_prep_save(getattr(thing, field.attname), connection)


def _key_column(model: type[Model]) -> str:
    return str(model._meta.pk.column)


def _plain(value: Any) -> Any:
    is_text = isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field
    return value.hex if is_text else value
