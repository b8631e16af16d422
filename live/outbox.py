"""What waits to be sent to one socket: bounded, and replaced by a snapshot when the bound is passed."""

import asyncio
from collections import deque
from collections.abc import Callable

from live.events import Frame

FULL_SECONDS = 30.0


class Outbox:
    """A queue with a bound in bytes since the last acknowledgement, or in events.

    Bytes (`/ws/c/`): past `max_bytes` nothing is queued until `acknowledge()`, which then asks for a snapshot.
    Events (`/ws/me/`): past `max_events` the queue is dropped and a snapshot asked for at once.
    A fresh outbox asks for a snapshot first. What arrives while one is asked for is dropped: the snapshot, taken
    later, contains it. `overdue` is called when the bytes' bound has been passed for FULL_SECONDS.
    """

    def __init__(
        self,
        *,
        max_bytes: int | None = None,
        max_events: int | None = None,
        overdue: Callable[[], None] = lambda: None,
    ) -> None:
        self._frames: deque[Frame] = deque()
        self._max_bytes, self._max_events = max_bytes, max_events
        self._unseen = 0  # bytes queued, or sent since the last acknowledgement
        self._queued = 0  # bytes of them that still wait
        self._work = asyncio.Event()
        self._snapshot_due = False
        self._overdue = overdue
        self._full: asyncio.TimerHandle | None = None  # set while the bytes' bound is passed
        self.ask_for_snapshot()

    def push(self, frame: Frame) -> None:
        """Queue one frame, or note that it no longer fits."""
        if self._snapshot_due or self._full is not None:
            return
        if self._max_events is not None and len(self._frames) >= self._max_events:
            self.ask_for_snapshot()
            return
        size = self._counted(frame)
        if self._max_bytes is not None and self._unseen + size > self._max_bytes:
            self._full = asyncio.get_running_loop().call_later(FULL_SECONDS, self._overdue)
            return
        self._unseen += size
        self._queued += size
        self._frames.append(frame)
        self._work.set()

    def acknowledge(self) -> bool:
        """The reader has read: count anew. True when the bound was passed, and a snapshot follows."""
        self._unseen = self._queued
        was_full = self._full is not None
        if was_full:
            self.ask_for_snapshot()
        return was_full

    def ask_for_snapshot(self) -> None:
        """Have the writer send a snapshot next, in place of whatever is queued."""
        if self._full is not None:
            self._full.cancel()
            self._full = None
        self._snapshot_due = True
        self._work.set()

    def begin_snapshot(self) -> bool:
        """Whether a snapshot is due; if so it counts as begun, and frames queue up behind it from now on."""
        if not self._snapshot_due:
            return False
        self._snapshot_due = False
        self._frames.clear()
        self._unseen = self._queued = 0
        return True

    def count(self, frame: Frame) -> None:
        """Count a snapshot, which goes out beside the queue and may exceed the bound by itself."""
        self._unseen += self._counted(frame)

    def _counted(self, frame: Frame) -> int:
        """A frame takes half the room at most: what never fits would be asked for again and again, and never come.

        With none left after a snapshot, the first frame would ask for another one: a reader of a long conversation
        would get snapshots and nothing else.
        """
        return frame.size if self._max_bytes is None else min(frame.size, self._max_bytes // 2)

    async def ready(self) -> None:
        """Wait until there is something to send."""
        await self._work.wait()

    def take(self) -> Frame | None:
        """The next frame; None when there is no more."""
        if self._frames and not self._snapshot_due:
            frame = self._frames.popleft()
            self._queued -= self._counted(frame)
            return frame
        if not self._snapshot_due:
            self._work.clear()
        return None
