"""A watcher behind a bad line: frames are dropped, delayed and reordered on their way, and it keeps to the protocol."""

import asyncio
import contextlib
import json
import random
from typing import Any

from tests.site.person import Json, Person, text_of

# Seconds; shorter than docs/protocol.md recommends, so that a test is over sooner: the server is asked the same.
SILENCE = 0.75
NO_ANSWER = 2.0
TURN = 0.25  # in which something must come out of the line
PATIENCE = 90.0  # seconds until what is still missing counts as lost
# What the layer between processes carries, and may bring late; snapshots are made where they are sent.
EVENTS = (
    "message.delta",
    "reasoning.delta",
    "run.started",
    "run.updated",
    "run.finished",
    "run.failed",
    "message.updated",
)
ENDED = ("completed", "incomplete", "cancelled", "failed", "interrupted")


class Lossy:
    """Knows docs/protocol.md: drops what it has, asks for a snapshot when something is missing."""

    def __init__(self, person: Person, conversation: str, dice: random.Random, *, drop: float, swap: float) -> None:
        self.person, self.conversation, self.dice = person, conversation, dice
        self.drop, self.swap = drop, swap
        self.messages: list[Json] = []
        self.runs: dict[str, Json] = {}
        self.over: set[str] = set()
        self.last: str | None = None  # the run whose end is waited for
        self.missing = True
        self.resyncs = self.lost = 0
        self._held: Json | None = None

    async def watch(self) -> str:
        """The shown text once the `last` run has ended and nothing is missing."""
        async with asyncio.timeout(PATIENCE):
            return await self._watch()

    async def _watch(self) -> str:
        while True:
            async with self.person.watch(f"/ws/c/{self.conversation}/") as socket:
                if await self._read(socket.connection):
                    return text_of(self.messages[-1])
            self.missing = True  # connected again: the first frame is a snapshot, unless the line loses it

    async def _read(self, connection: Any) -> bool:
        silent = 0.0
        while not self._done():
            frame = await self._next(connection)
            if frame is None:
                silent += TURN
                if self.missing:
                    await self._resync(connection)
                elif silent >= NO_ANSWER + SILENCE:
                    return False
                elif silent >= SILENCE:
                    await self._seen(connection)
                continue
            silent = 0.0
            self.apply(frame)
            if self.missing and frame["type"] != "pong":
                await self._resync(connection)
        return True

    def _done(self) -> bool:
        return not self.missing and not self.runs and self.last in self.over

    async def _resync(self, connection: Any) -> None:
        self.resyncs += 1
        await connection.send(json.dumps({"type": "resync"}))
        while self.missing:
            frame = await self._next(connection)
            if frame is None:
                return  # it was lost: ask again
            if frame["type"] == "conversation.snapshot":
                self.apply(frame)

    async def _seen(self, connection: Any) -> None:
        for run in list(self.runs.values()) or [{"id": None, "seq": 0, "reasoning_seq": 0}]:
            counters = {"seq": run["seq"], "reasoning_seq": run["reasoning_seq"]}
            await connection.send(json.dumps({"type": "seen", "run": run["id"], **counters}))

    async def _next(self, connection: Any) -> Json | None:
        """What comes out of the line; None when nothing came for a turn."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(TURN):
                while True:
                    frame = json.loads(await connection.recv())
                    await asyncio.sleep(self.dice.choice((0.0, 0.0, 0.0, 0.03)))
                    chance = self.dice.random()
                    if chance < self.drop:
                        self.lost += 1
                    elif chance < self.drop + self.swap and self._held is None and frame["type"] in EVENTS:
                        self._held = frame
                    else:
                        return frame
        held, self._held = self._held, None
        return held

    def apply(self, frame: Json) -> None:
        """What docs/protocol.md says about each event; `missing` when it cannot be applied."""
        if frame["type"] == "conversation.snapshot":
            self.messages, self.missing = frame["messages"], False
            self.runs = {run["id"]: run for run in frame["runs"]}
            self.over |= {one["run"] for one in self.messages if one["run"] and one["status"] in ENDED}
            return
        if self.missing:
            return
        run_id = frame.get("run") if isinstance(frame.get("run"), str) else frame.get("run", {}).get("id")
        if run_id in self.over:
            return
        match frame["type"]:
            case "run.started" | "run.updated":
                self._run(frame["run"])
            case "message.delta":
                self._delta(frame, "seq", "text")
            case "reasoning.delta":
                self._delta(frame, "reasoning_seq", "reasoning")
            case "message.created" | "message.updated":
                self.missing = True  # the simplest is to ask for everything
            case "run.finished" | "run.failed":
                self._end(frame)

    def _run(self, run: Json) -> None:
        known = self.runs.get(run["id"], run)
        self.runs[run["id"]] = {**run, "seq": known["seq"], "reasoning_seq": known["reasoning_seq"]}
        self.missing = self._message(run["message"]) is None

    def _delta(self, frame: Json, counter: str, kind: str) -> None:
        run, message = self.runs.get(frame["run"]), self._message(frame["message"])
        if run is None or message is None or frame[counter] > run[counter] + 1:
            self.missing = True
        elif frame[counter] == run[counter] + 1:
            run[counter] += 1
            parts = message["parts"]
            if not parts or parts[-1]["type"] != kind:
                parts.append({"type": kind, "text": ""})
            parts[-1]["text"] += frame["text"]

    def _end(self, frame: Json) -> None:
        message = self._message(frame["message"])
        whole = message is not None and frame.get("length", -1) == len(text_of(message))
        if frame["run"] not in self.runs or not whole:
            self.missing = True  # what a failed run has written cannot be checked: ask
            return
        del self.runs[frame["run"]]
        self.over.add(frame["run"])

    def _message(self, message_id: str) -> Json | None:
        return next((message for message in self.messages if message["id"] == message_id), None)
