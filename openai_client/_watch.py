"""The four time limits of one call, kept by a single timer instead of one per read."""

from __future__ import annotations

import asyncio

from openai_client._settings import Timeouts
from openai_client.exceptions import TimedOut

_SENTENCES = {
    "connect": "No connection within {limit:g} s",
    "first_byte": "No answer within {limit:g} s",
    "idle": "Nothing more came for {limit:g} s",
    "total": "The answer was not finished within {limit:g} s",
}


def timed_out(phase: str, limit: float | None) -> TimedOut:
    """The exception for a limit of `limit` seconds that passed."""
    error = TimedOut(_SENTENCES[phase].format(limit=limit or 0), code=f"timed_out_{phase}")
    error.phase = phase
    return error


class Watch:
    """Cancels the task that waits for the network when a limit passes.

    Use: `begin(phase)` before the await, `end()` after it, and `expired(...)` when it was cancelled. Only our own
    waiting counts: a reader that is slow does not make the server late. The timer looks at the clock and sets itself
    again, so a read costs two attribute writes.
    """

    __slots__ = ("_cancelling", "_due", "_handle", "_loop", "_phase", "_since", "_task", "_timeouts", "started")

    def __init__(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        self._loop = asyncio.get_running_loop()
        self.started = self._loop.time()
        self._task: asyncio.Task[object] | None = None
        self._since = self.started
        self._phase = "first_byte"
        self._due: TimedOut | None = None
        self._cancelling = 0
        self._handle: asyncio.TimerHandle | None = None

    @property
    def elapsed(self) -> float:
        """Seconds since the call began."""
        return self._loop.time() - self.started

    def left(self) -> float | None:
        """Seconds until the total limit, None without one."""
        return None if self._timeouts.total is None else self._timeouts.total - self.elapsed

    def begin(self, phase: str) -> None:
        """A wait for the network starts. Raises TimedOut when the total limit has passed meanwhile."""
        self._since = self._loop.time()
        total = self._timeouts.total
        if total is not None and self._since - self.started >= total:
            raise timed_out("total", total)
        task = asyncio.current_task()
        self._cancelling = task.cancelling() if task else 0
        self._task = task
        if self._handle is None or phase != self._phase:  # else the limit only moves away
            self._phase = phase
            self._arm()

    def touch(self) -> None:
        """The other side gave a sign of life in the middle of a wait (an upload that moves)."""
        self._since = self._loop.time()

    def end(self) -> None:
        self._task = None

    def expired(self) -> TimedOut | None:
        """After CancelledError: our exception if a limit was the cause and nobody else cancelled, else None."""
        error, self._due = self._due, None
        task = asyncio.current_task()
        if error is None or task is None or task.uncancel() > self._cancelling:
            return None
        return error

    def stop(self) -> None:
        """The call is over: no timer stays behind."""
        self._task = None
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _limit_at(self) -> float:
        limit = self._timeouts.idle if self._phase == "idle" else self._timeouts.first_byte
        ends = [] if limit is None else [self._since + limit]
        if self._timeouts.total is not None:
            ends.append(self.started + self._timeouts.total)
        return min(ends, default=float("inf"))

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
        at = self._limit_at()
        self._handle = None if at == float("inf") else self._loop.call_at(at, self._look)

    def _look(self) -> None:
        self._handle = None
        if self._task is None:
            return  # nobody waits; the next begin() arms again
        now = self._loop.time()
        if now < self._limit_at():
            self._arm()
            return
        total = self._timeouts.total
        if total is not None and now - self.started >= total:
            self._due = timed_out("total", total)
        else:
            self._due = timed_out(self._phase, getattr(self._timeouts, self._phase))
        self._task.cancel()
