"""A moment in which nobody can write, so that what happens in it meets at the same place."""

import contextlib
import sqlite3
from collections.abc import Iterator

import psycopg

from tests.site.process import Site

TABLES = "conversations_conversation, conversations_message, conversations_run"


@contextlib.contextmanager
def nobody_writes(site: Site) -> Iterator[None]:
    """Holds the lock that every writer of conversations waits for; readers go on. They give up after 5 seconds."""
    if site.database_url:
        with psycopg.connect(site.database_url) as connection:
            connection.execute(f"LOCK TABLE {TABLES} IN EXCLUSIVE MODE")  # type: ignore[call-overload]
            yield
        return
    with contextlib.closing(sqlite3.connect(site.data_dir / "chatsite.sqlite3", timeout=10)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.rollback()
