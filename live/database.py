"""Database calls of tasks and sockets: in a few threads of their own, never on the loop and never on a request's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from channels.db import DatabaseSyncToAsync

P = ParamSpec("P")
T = TypeVar("T")

# SQLite has one writer and PostgreSQL's pool is shared with the requests: more threads would only wait in line.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="database")


async def query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that uses the ORM, and wait for it without blocking the loop."""
    call = DatabaseSyncToAsync(function, thread_sensitive=False, executor=_threads)
    return await call(*args, **kwargs)
