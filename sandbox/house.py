"""What every endpoint of one sandbox shares: its folder, the site's documents, clock, sleep and pace."""

import asyncio
import collections.abc
import dataclasses
import pathlib
import time

from sandbox import library

SILENCE = 3600.0  # seconds that a server which stalls keeps the line open


@dataclasses.dataclass(frozen=True)
class House:
    """One sandbox. pace multiplies every model's speed; 0 means without any waiting. clock gives Unix seconds."""

    data_dir: pathlib.Path
    library: library.Library
    clock: collections.abc.Callable[[], float] = time.time
    sleep: collections.abc.Callable[[float], collections.abc.Awaitable[None]] = asyncio.sleep
    pace: float = 1.0

    def now(self) -> int:
        """Return the time in whole Unix seconds."""
        return int(self.clock())


class Pacer:
    """Waits until the next token is due, so that an answer keeps its speed however long each step takes."""

    def __init__(self, house: House, first_after: float, per_second: float) -> None:
        self._house = house
        self._step = 1 / (per_second * house.pace) if house.pace and per_second else 0.0
        self._due = house.clock() + (first_after / house.pace if self._step else 0.0)

    async def next(self) -> None:
        """Wait for one token; behind its time it does not wait, but it always lets others run."""
        delay = self._due - self._house.clock()
        await self._house.sleep(max(0.0, delay))
        self._due += self._step

    async def several(self, tokens: int) -> None:
        """Wait as long as that many tokens take, at once: for an answer that is not streamed (E9)."""
        self._due += self._step * max(0, tokens - 1)
        await self.next()
