"""What a tab saw of an answer, and when."""

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass, field
from typing import Any

from websockets.exceptions import WebSocketException

from tests.site import Person
from tests.site.person import Socket

MODELS = (
    "any-t3000-r50-g",
    "any-t3000-r20-g",
    "any-t3000-r200-g",
    "any-t2000-r50-k40-g",
    "any-t2000-r50-d1500-g",
    "any-t20-r40-g",
    "any-h30-r50-g",
)


@dataclass
class Tab:
    """One conversation with one answer, watched until the server is killed."""

    person: Person
    model: str
    made: dict[str, Any]
    shown: list[tuple[float, int]] = field(default_factory=list)  # (moment, characters of text on the screen)
    text: str = ""
    ended: dict[str, Any] | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def conversation(self) -> str:
        return str(self.made["id"])

    def length_at(self, moment: float) -> int:
        """Characters that were on the screen at a moment."""
        return max((length for at, length in self.shown if at <= moment), default=0)

    def first_shown(self, length: int) -> float:
        """When the character after `length` came onto the screen."""
        return min((at for at, known in self.shown if known > length), default=float("inf"))

    async def watch(self) -> None:
        """Note what is shown until the socket breaks."""
        with contextlib.suppress(WebSocketException, OSError, TimeoutError):
            async with self.person.watch(f"/ws/c/{self.conversation}/") as socket:
                while True:
                    frame = await socket.receive()
                    self._note(socket)
                    if frame["type"] in ("run.finished", "run.failed"):
                        self.ended = frame

    def _note(self, socket: Socket) -> None:
        self.faults = socket.faults
        if socket.text != self.text and socket.messages[-1]["role"] == "assistant":
            self.text = socket.text
            self.shown.append((time.monotonic(), len(self.text)))


async def open_tabs(people: list[Person], count: int, dice: random.Random) -> list[Tab]:
    """Begin so many conversations at once."""
    models = [dice.choice(MODELS) for _ in range(count)]
    owners = [dice.choice(people) for _ in range(count)]
    made = await asyncio.gather(
        *(owner.begin("Go on", model_id=model) for owner, model in zip(owners, models, strict=True))
    )
    return [Tab(*one) for one in zip(owners, models, made, strict=True)]
