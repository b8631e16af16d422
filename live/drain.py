"""Ending well: no new work, time for what is live, then the sockets."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from django.db import Error as DatabaseError

from live import process, tasks
from live.database import query

log = structlog.get_logger(__name__)
_drains: list[Callable[[], Coroutine[Any, Any, None]]] = []
_farewells: list[Callable[[], Coroutine[Any, Any, None]]] = []
_draining = False


def on_drain(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Coroutine[Any, Any, None]]:
    """Register a coroutine function that finishes or safely stores what is live. For `hooks.py`."""
    _drains.append(function)
    return function


def on_farewell(function: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], Coroutine[Any, Any, None]]:
    """Register a coroutine function that lets go of whoever still watches, once everything has been drained."""
    _farewells.append(function)
    return function


def draining() -> bool:
    """Whether new work is refused."""
    return _draining


async def drain() -> None:
    """Refuse new work, let every app finish its own, close the sockets with 4503, end the tasks, mark the row."""
    global _draining
    _draining = True
    for functions in (_drains, _farewells):
        for outcome in await asyncio.gather(*(function() for function in functions), return_exceptions=True):
            if isinstance(outcome, Exception):
                log.error("drain_failed", exc_info=outcome)
    await tasks.end_all()
    try:
        await query(process.end)
    except DatabaseError as error:  # the others find its heartbeat stale
        log.warning("end_not_written", error=type(error).__name__)
