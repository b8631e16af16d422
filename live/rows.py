"""Rows by hand, for what happens with every message; everything else uses the ORM.

Django compiles each statement anew, which costs several times what the database does with it.
"""

import functools
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Model

M = TypeVar("M", bound=Model)


def some(model: type[M], rest: str, *values: Any, lock: bool = False) -> list[M]:
    """The objects that `SELECT * FROM <its table> <rest>` gives; `%s` in `rest` stands for a value.

    `lock`: nobody else changes them before we commit, where the database has such locks (SQLite has one writer).
    """
    ending = " FOR UPDATE" if lock and connection.features.has_select_for_update else ""
    table = model._meta.db_table
    return read(model, f"SELECT {names(model, table)} FROM {table} {rest}{ending}", *values)  # noqa: S608 - all ours


def read(model: type[M], statement: str, *values: Any) -> list[M]:
    """The objects that a statement gives; it selects their `names`."""
    alias, attributes, readers = connection.alias, _attributes(model), _readers(model, connection.vendor)
    return [
        model.from_db(alias, attributes, [reader(value) if reader else value for reader, value in zip(readers, row)])  # noqa: B905 - as many
        for row in ask(statement, *values)
    ]


@functools.cache
def names(model: type[Model], table: str) -> str:
    """Every column of a model's table, which a statement may have given another name."""
    return ", ".join(f'{table}."{field.column}"' for field in model._meta.concrete_fields)


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


def change(statement: str, *values: Any) -> int:
    """Carry a statement out; how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, [_plain(value) for value in values])
        return int(cursor.rowcount)


def as_uuid(value: Any) -> uuid.UUID | None:
    """An identifier that `ask` gave."""
    return value if value is None or isinstance(value, uuid.UUID) else uuid.UUID(value)


def add(*things: Model) -> None:
    """Insert new objects of one kind, whose keys are made here, with one statement."""
    insert(type(things[0]), *(_values(thing) for thing in things))
    for thing in things:
        thing._state.adding, thing._state.db = False, connection.alias


def insert(model: type[Model], *given: Mapping[str, Any]) -> None:
    """Insert rows with one statement, by the names of their columns; what is left out has its default."""
    database = connections[DEFAULT_DB_ALIAS]  # `connection` looks it up anew for every field
    values = [
        field.get_db_prep_save(one[field.attname] if field.attname in one else field.get_default(), database)
        for one in given
        for field in columns(model)
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(model, len(given)), values)


def store(thing: Model, *names: str) -> None:
    """Write these fields of a stored object. The caller knows that its row is there."""
    meta = thing._meta
    fields: list[Any] = [meta.get_field(name) for name in names]
    assignments = ", ".join(f"{field.column} = %s" for field in fields)
    values = [field.get_db_prep_save(getattr(thing, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {meta.db_table} SET {assignments} WHERE {_key_column(type(thing))} = %s",  # noqa: S608
            [*values, _plain(thing.pk)],
        )


@functools.cache
def _attributes(model: type[Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


@functools.cache
def _readers(model: type[Model], vendor: str) -> tuple[Callable[[Any], Any] | None, ...]:
    """What makes the model's values of those of a kind of database, field by field; None: nothing to do."""
    return tuple(_reader(field) for field in model._meta.concrete_fields)


def _reader(field: Any) -> Callable[[Any], Any] | None:
    expression = field.get_col(field.model._meta.db_table)
    steps = connection.ops.get_db_converters(expression) + field.get_db_converters(connection)
    if not steps:
        return None

    def read_value(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return read_value


@functools.cache
def columns(model: type[Model]) -> tuple[Any, ...]:
    """The fields with a column that the database does not fill in."""
    return tuple(field for field in model._meta.concrete_fields if not isinstance(field, AutoField))


@functools.cache
def _insertion(model: type[Model], count: int) -> str:
    names = ", ".join(f'"{field.column}"' for field in columns(model))
    places = ", ".join(["%s"] * len(columns(model)))
    return f"INSERT INTO {model._meta.db_table} ({names}) VALUES {', '.join([f'({places})'] * count)}"  # noqa: S608


def _values(thing: Model) -> dict[str, Any]:
    return {field.attname: getattr(thing, field.attname) for field in columns(type(thing))}


def _key_column(model: type[Model]) -> str:
    return str(model._meta.pk.column)


def _plain(value: Any) -> Any:
    """A value as statements take it: querysets would have done this by its field."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    is_text = isinstance(value, uuid.UUID) and not connection.features.has_native_uuid_field
    return value.hex if is_text else value
