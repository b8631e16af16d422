"""The benchmark's client: makes a load, and says what came of it. One job per line of JSON, one answer each.

{"kind": "site", "url", "people": [session], "model", "words", "per_second": null or number, "open": bool}
{"kind": "upstream", "url", "number", "model", "words", "per_second"}
{"kind": "stored", "url", "people", "conversations", "words"}    how many are whole in a fresh snapshot
{"kind": "idle", "url", "people", "number"}      answers when all are open, and again when told to go on
"""

from __future__ import annotations

import asyncio
import gc
import json
import re
import sys
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tests.bench import wire
from tests.bench.processes import many_files
from tests.bench.watching import NANO, of_socket, of_stream

Json = dict[str, Any]
CSRF = "b" * 32
SEEN_SECONDS = 0.5  # how often a page says how far it has read
ANSWER_SECONDS = 120.0  # an answer that takes longer counts as lost
OPENING = 50  # sockets that are opened side by side where the opening is not what is measured
_SEQ = re.compile(rb'"seq":(\d+)')


class Tab:
    """A page with one conversation, as far as the network can tell: a POST, a socket, and `seen` twice a second."""

    def __init__(self, job: Json, session: str) -> None:
        self._url, self._model = job["url"], job["model"]
        self._headers = {"Cookie": f"csrftoken={CSRF}; sessionid={session}"}
        self._commands = {**self._headers, "X-CSRFToken": CSRF, "Accept": "application/json"}
        self.frames: list[tuple[int, bytes]] = []
        self._ended = asyncio.Event()
        self._socket: wire.Socket | None = None
        self._run = ""
        self._told = 0
        self.conversation = ""
        self.sent = 0.0
        self.fault = ""

    async def open(self) -> None:
        """An empty conversation, watched: what stands before somebody who then sends."""
        status, made = await wire.post(self._url, "/c/", {}, self._commands)
        if status != 201:
            raise wire.ClosedEarly(f"POST /c/ answered {status}")
        self.conversation = made["id"]
        await self.look()

    async def look(self) -> None:
        """Watch a conversation that is there, from its snapshot on."""
        await self._watch()
        while not self.frames:
            await asyncio.sleep(0.005)

    async def send(self) -> None:
        """A message, into a new conversation unless one is open; returns at the answer's end."""
        self.sent = time.time()
        path = f"/c/{self.conversation}/messages/" if self.conversation else "/c/"
        body = {"client_id": str(uuid.uuid4()), "text": "Write numbered words."}
        body |= {"provider": "environment", "model_id": self._model}  # as a page names what is chosen in its picker
        status, made = await wire.post(self._url, path, body, self._commands)
        if status != 201:
            raise wire.ClosedEarly(f"POST {path} answered {status}")
        self._run = made["run"]["id"]
        if not self.conversation:
            self.conversation = made["id"]
            await self._watch()
        assert self._socket is not None
        ended = asyncio.ensure_future(self._ended.wait())
        await asyncio.wait({ended, self._socket.over}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()

    async def _watch(self) -> None:
        self._socket = await wire.watch(self._url, f"/ws/c/{self.conversation}/", self._headers, self._heard)
        asyncio.get_running_loop().call_later(SEEN_SECONDS, self._say_how_far)

    def _heard(self, at: int, payload: bytes) -> None:
        self.frames.append((at, payload))
        if payload.startswith(b'{"type":"message.delta"'):
            return
        event = json.loads(payload)
        nothing_live = event["type"] == "conversation.snapshot" and event["messages"] and not event["runs"]
        if nothing_live or event["type"] in ("run.finished", "run.failed", "error"):
            self._ended.set()

    def _say_how_far(self) -> None:
        if self._ended.is_set() or self._socket is None or self._socket.over.done():
            return
        asyncio.get_running_loop().call_later(SEEN_SECONDS, self._say_how_far)
        if len(self.frames) > self._told:
            self._told = len(self.frames)
            deltas = (_SEQ.search(payload) for _, payload in reversed(self.frames))
            seq = next((int(found[1]) for found in deltas if found), 0)
            self._socket.say({"type": "seen", "run": self._run or None, "seq": seq, "reasoning_seq": 0})

    def close(self) -> None:
        """Leave, without a word."""
        if self._socket is not None:
            self._socket.transport.abort()

    def finding(self, words: int) -> Json:
        """What was seen."""
        seen = of_socket(self.sent, self.frames)
        seen.faults += [self.fault] if self.fault else []
        return {**seen.as_json(words), "conversation": self.conversation}


async def _ramped(count: int, per_second: float | None, one: Callable[[int], Awaitable[None]]) -> None:
    """`one(0)` to `one(count - 1)`: all at once, or so many per second."""

    async def in_turn(number: int) -> None:
        if per_second:
            await asyncio.sleep(number / per_second)
        await one(number)

    await asyncio.gather(*(in_turn(number) for number in range(count)))


async def on_site(job: Json) -> Json:
    """Everybody sends one message."""
    tabs = [Tab(job, session) for session in job["people"]]
    if job.get("open"):
        for start in range(0, len(tabs), OPENING):
            await asyncio.gather(*(tab.open() for tab in tabs[start : start + OPENING]))

    async def one(number: int) -> None:
        tab = tabs[number]
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await tab.send()
        except (wire.ClosedEarly, TimeoutError, OSError) as error:
            tab.fault = f"{type(error).__name__} {error}"

    lags = await _measured(_ramped(len(tabs), job.get("per_second"), one))
    for tab in tabs:
        tab.close()
    return {"answers": [tab.finding(job["words"]) for tab in tabs], "lags": lags}


async def on_upstream(job: Json) -> Json:
    """The same, with nobody in between."""
    findings: list[Json] = []

    async def one(number: int) -> None:
        sent = time.time()
        body = {"model": job["model"], "stream": True, "messages": [{"role": "user", "content": "words"}]}
        stream = await wire.ask(job["url"], body)
        whole = await stream.over
        stream.transport.abort()
        findings.append(of_stream(sent, stream.reads, whole).as_json(job["words"]))

    lags = await _measured(_ramped(job["number"], job.get("per_second"), one))
    return {"answers": findings, "lags": lags}


async def stored(job: Json) -> Json:
    """Look at every conversation again, through a socket that did not see it being written."""
    whole = 0

    async def one(session: str, conversation: str) -> None:
        nonlocal whole
        tab = Tab(job, session)
        tab.conversation = conversation
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await tab.look()
        except (wire.ClosedEarly, TimeoutError, OSError):
            return
        whole += tab.finding(job["words"])["complete"]
        tab.close()

    pairs = list(zip(job["people"], job["conversations"], strict=True))
    for start in range(0, len(pairs), OPENING):
        await asyncio.gather(*(one(*pair) for pair in pairs[start : start + OPENING]))
    return {"whole": whole}


async def _measured(load: Awaitable[None]) -> list[float]:
    """Carry the load out; returns how late this process's own loop ran, in seconds."""
    lags: list[float] = []

    async def look() -> None:
        while True:
            before = time.time_ns()
            await asyncio.sleep(0.01)
            lags.append(round((time.time_ns() - before) / NANO - 0.01, 5))

    looking = asyncio.ensure_future(look())
    gc.disable()  # what is kept for later would be looked through again and again
    try:
        await load
    finally:
        gc.enable()
        looking.cancel()
    return lags


async def idle(job: Json) -> Json:
    """So many sockets of people who do nothing; held until the next line."""
    headers = [{"Cookie": f"csrftoken={CSRF}; sessionid={session}"} for session in job["people"]]
    snapshots: list[int] = []

    async def one(mine: Mapping[str, str]) -> wire.Socket:
        return await wire.watch(job["url"], "/ws/me/", mine, lambda at, payload: snapshots.append(at))

    sockets: list[wire.Socket] = []
    for start in range(0, job["number"], OPENING):
        numbers = range(start, min(start + OPENING, job["number"]))
        sockets += await asyncio.gather(*(one(headers[number % len(headers)]) for number in numbers))
        while len(snapshots) < len(sockets):
            await asyncio.sleep(0.01)
    say({"open": len(sockets)})
    await asyncio.to_thread(sys.stdin.readline)
    alive = sum(not socket.over.done() for socket in sockets)
    for socket in sockets:
        socket.transport.abort()
    return {"alive": alive}


def say(value: Any) -> None:
    """One line to whoever gave the job."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Jobs until there are no more."""
    many_files()
    kinds: dict[str, Callable[[Json], Any]] = {"site": on_site, "upstream": on_upstream, "stored": stored, "idle": idle}
    for line in sys.stdin:
        job = json.loads(line)
        say(asyncio.run(kinds[job["kind"]](job)))


if __name__ == "__main__":
    main()
