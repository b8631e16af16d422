"""The one place that starts a background task, and the one place that catches everything."""

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

log = structlog.get_logger(__name__)
_tasks: set[asyncio.Task[None]] = set()
_loop: asyncio.AbstractEventLoop | None = None


def use_loop(loop: asyncio.AbstractEventLoop | None) -> None:
    """Name the loop that all tasks run on: the server's, for as long as it lives."""
    global _loop
    _loop = loop


def has_loop() -> bool:
    """Whether this process serves."""
    return _loop is not None


def call_soon(function: Callable[..., object], *args: Any) -> None:
    """Call `function` on the server's loop, from any thread; at once when already there."""
    if _loop is None:
        raise RuntimeError("live.tasks has no loop: only a serving process runs tasks")
    try:
        here = asyncio.get_running_loop() is _loop
    except RuntimeError:
        here = False
    if here:
        function(*args)
    else:
        _loop.call_soon_threadsafe(function, *args)


def start(
    function: Callable[..., Coroutine[Any, Any, None]], *args: Any, failed: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Run `function(*args)` as a task that outlives the request, socket or thread that asked for it.

    A fault is logged, then `failed()` lets the owner put things right. The task gets a context of its own: a request's
    context would tie its database calls to a thread that ends with the request (design trap 5).
    """
    call_soon(_create, function, args, failed)


def _create(
    function: Callable[..., Coroutine[Any, Any, None]],
    args: tuple[Any, ...],
    failed: Callable[[], Awaitable[None]] | None,
) -> None:
    task = asyncio.get_running_loop().create_task(_guard(function, args, failed), context=contextvars.Context())
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def _guard(
    function: Callable[..., Coroutine[Any, Any, None]],
    args: tuple[Any, ...],
    failed: Callable[[], Awaitable[None]] | None,
) -> None:
    try:
        await function(*args)
    except Exception:  # the only one (design rule 9): a task has nobody above it to tell
        log.exception("task_failed", task=function.__qualname__)
        if failed is not None:
            await failed()


async def end_all() -> None:
    """Cancel what still runs and wait for it: the last step of a stop."""
    mine = [task for task in _tasks if task is not asyncio.current_task()]
    for task in mine:
        task.cancel()
    await asyncio.gather(*mine, return_exceptions=True)
