"""Database calls of tasks and sockets: in a few threads of their own, never on the loop and never on a request's."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from asgiref.sync import SyncToAsync
from django.conf import settings
from django.db import OperationalError, close_old_connections, connections

from live.servers import PoolTimeout

AWAY_SECONDS = 1.0
P = ParamSpec("P")
T = TypeVar("T")

# SQLite has one writer: a second thread would find it busy, and look again after naps of up to 100 ms.
# PostgreSQL's pool is shared with the requests: more threads would only wait in line.
_WRITERS = 1 if "sqlite" in settings.DATABASES["default"]["ENGINE"] else 4
_threads = ThreadPoolExecutor(max_workers=_WRITERS, thread_name_prefix="database")
# Who only reads waits for no writer, in neither database: not in our line either.
_readers = ThreadPoolExecutor(max_workers=2 if _WRITERS == 1 else 4, thread_name_prefix="database-reader")
# What reads or writes files between its visits to the database keeps nobody waiting but its like.
_apart = ThreadPoolExecutor(max_workers=2, thread_name_prefix="database-apart")
# What must not be late has a thread of its own.
_ahead = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database-ahead")


class _Away:
    """A PostgreSQL that does not answer: who asks next is told at once, instead of waiting in line to find out."""

    def __init__(self) -> None:
        self._until = 0.0

    def refuse(self) -> None:
        """Raise what the last one got, for a moment."""
        if time.monotonic() < self._until:
            raise OperationalError("the database did not answer a moment ago")

    def note(self, error: OperationalError) -> None:
        """Remember that nothing answers, and let go of connections that broke while they lay in the pool."""
        if isinstance(error.__cause__, PoolTimeout):
            self._until = time.monotonic() + AWAY_SECONDS
        elif (pool := getattr(connections["default"], "pool", None)) is not None:
            pool.check()


_away = _Away()


class _Query(SyncToAsync):
    """Leaves no broken connection behind, nor one that others wait for; keeps SQLite's open from call to call.

    Opening SQLite with its settings takes longer than most queries do, and there are only as many as threads.
    """

    def thread_handler(self, loop: Any, *args: Any, **kwargs: Any) -> Any:
        _away.refuse()
        close_old_connections()
        try:
            return super().thread_handler(loop, *args, **kwargs)
        except OperationalError as error:
            _away.note(error)
            raise
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


async def query_ahead(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same as `query` for what must not stand in line: storing what is on somebody's screen."""
    call = _Query(function, thread_sensitive=False, executor=_ahead)
    return await call(*args, **kwargs)


async def query_apart(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The same as `query` for what takes long between its visits: looking at bytes, storing them."""
    call = _Query(function, thread_sensitive=False, executor=_apart)
    return await call(*args, **kwargs)
