"""Work that comes round by itself: registered in an app's `hooks.py`, run from the start and then periodically."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from django.db import Error as DatabaseError

from live import tasks
from live.database import query

log = structlog.get_logger(__name__)
_sweeps: list[tuple[Callable[..., Any], float]] = []


def sweep(every: float) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register a function that uses the ORM, to be called every so many seconds in a database thread."""

    def register(function: Callable[[], None]) -> Callable[[], None]:
        async def in_thread() -> None:
            await query(function)

        in_thread.__qualname__ = function.__qualname__
        _sweeps.append((in_thread, every))
        return function

    return register


def sweep_on_loop(every: float) -> Callable[[Callable[[], Coroutine[Any, Any, None]]], Any]:
    """Register a coroutine function, to be awaited every so many seconds on the loop."""

    def register(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Coroutine[Any, Any, None]]:
        _sweeps.append((function, every))
        return function

    return register


def begin() -> None:
    """Start every registered sweep."""
    for function, every in _sweeps:
        tasks.start(_repeat, function, every)


async def _repeat(function: Callable[[], Coroutine[Any, Any, None]], every: float) -> None:
    while True:
        try:
            await function()
        except DatabaseError as error:  # the database is away: the next round finds it back
            log.warning("sweep_failed", sweep=function.__qualname__, error=type(error).__name__)
        await asyncio.sleep(every)
