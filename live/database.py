"""Database calls of tasks and sockets: in a few threads of their own, never on the loop and never on a request's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import SyncToAsync
from django.db import close_old_connections, connections

P = ParamSpec("P")
T = TypeVar("T")

# SQLite has one writer and PostgreSQL's pool is shared with the requests: more threads would only wait in line.
_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="database")
# Who only reads waits for no writer, in neither database: not in our line either.
_readers = ThreadPoolExecutor(max_workers=4, thread_name_prefix="database-reader")


class _Query(SyncToAsync):
    """Leaves no broken connection behind, nor one that others wait for; keeps SQLite's open from call to call.

    Opening SQLite with its settings takes longer than most queries do, and there are only as many as threads.
    """

    def thread_handler(self, loop: Any, *args: Any, **kwargs: Any) -> Any:
        close_old_connections()
        try:
            return super().thread_handler(loop, *args, **kwargs)
        finally:
            for connection in connections.all(initialized_only=True):
                if connection.vendor == "sqlite":
                    connection.close_at = None
            close_old_connections()


async def query(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call a function that uses the ORM, and wait for it without blocking the loop."""
    call = _Query(function, thread_sensitive=False, executor=_threads)
    return await call(*args, **kwargs)


async def read(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same for a function that changes nothing: it does not queue behind those that wait to write."""
    call = _Query(function, thread_sensitive=False, executor=_readers)
    return await call(*args, **kwargs)
