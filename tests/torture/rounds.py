"""One round: write, watch, kill, start again, and look for what is missing, doubled or still called live."""

import asyncio
import contextlib
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.site import Person, Site
from tests.site.person import text_of
from tests.torture.watching import Tab, open_tabs

TABS = 6
KEPT_AFTER = 1.0  # seconds on the screen after which text must survive
LIVE_TEXT = "SELECT COUNT(*) FROM conversations_run WHERE status IN ('queued', 'in_progress')"
HALVES = """SELECT COUNT(*) FROM conversations_message m LEFT JOIN conversations_run r ON r.message_id = m.id
WHERE m.role = 'assistant' AND r.id IS NULL"""


@dataclass
class Figures:
    """What all rounds found together. Lengths in characters, times in seconds."""

    kills: int = 0
    answers: int = 0
    shown: int = 0
    kept: int = 0
    oldest_lost: float = 0.0
    slowest_mark: float = 0.0
    acknowledged: int = 0
    continued: int = 0
    retried: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """For a person to read."""
        return [
            f"kills {self.kills}, answers watched {self.answers}, posts acknowledged on the way {self.acknowledged}",
            f"characters shown {self.shown}, kept {self.kept} ({100 * self.kept / max(1, self.shown):.1f} %)",
            f"oldest text that was lost had been shown for {self.oldest_lost:.2f} s (allowed: {KEPT_AFTER:.0f} s)",
            f"slowest mark {self.slowest_mark:.2f} s after the server was back",
            f"continued {self.continued}, tried again {self.retried}",
            f"wrong: {len(self.wrong)}",
            *self.wrong,
        ]


async def play(site: Site, names: tuple[str, ...], dice: random.Random, figures: Figures, patience: float) -> None:
    """Kill the server in the middle of everything, and judge what is there afterwards. `patience`: for the mark."""
    people = [site.person(name) for name in names]
    tabs = await open_tabs(people, TABS, dice)
    watching = [asyncio.create_task(tab.watch()) for tab in tabs]
    posting = asyncio.create_task(_post_on(people[0], dice))
    await asyncio.sleep(dice.uniform(0.2, 4.0))
    killed_at = time.monotonic()
    await asyncio.to_thread(site.kill)
    acknowledged = await posting
    await asyncio.gather(*watching)
    await asyncio.to_thread(site.start)
    back_at = time.monotonic()
    figures.kills += 1
    marks = await asyncio.gather(*(_marked(tab, back_at) for tab in tabs))
    for tab, (answer, marked) in zip(tabs, marks, strict=True):
        figures.slowest_mark = max(figures.slowest_mark, marked)
        late = [f"marked after {marked:.1f} s: {tab.conversation}"] if marked > patience else []
        figures.wrong += late + await _judge(tab, answer, killed_at, figures)
    await _judge_posts(people[0], acknowledged, figures)
    if site.query(HALVES) != [(0,)]:
        figures.wrong.append("an answer without a run")
    await _go_on(tabs, dice, figures)


async def _post_on(person: Person, dice: random.Random) -> list[str]:
    """Begin conversations until the server is gone; those that it acknowledged."""
    acknowledged = []
    with contextlib.suppress(httpx.TransportError):
        while True:
            fields = {"client_id": str(uuid.uuid4()), "text": "On the way", "model_id": "any-t2-r0"}
            response = await person.post("/c/", **fields)
            if response.status_code == 201:
                acknowledged.append(str(response.json()["id"]))
            await asyncio.sleep(dice.uniform(0, 0.2))
    return acknowledged


async def _marked(tab: Tab, back_at: float) -> tuple[dict[str, Any], float]:
    """The answer once nothing is being written, and how long that took."""
    answer = await tab.person.answer(tab.conversation)
    return answer, time.monotonic() - back_at


async def _judge(tab: Tab, answer: dict[str, Any], killed_at: float, figures: Figures) -> list[str]:
    """What is wrong with one answer."""
    kept = text_of(answer)
    due = tab.length_at(killed_at - KEPT_AFTER)
    figures.answers += 1
    figures.shown += len(tab.text)
    figures.kept += min(len(kept), len(tab.text))
    if len(kept) < len(tab.text):
        figures.oldest_lost = max(figures.oldest_lost, killed_at - tab.first_shown(len(kept)))
    words = "".join(f"w{number:04d} " for number in range(1, 3001))
    page = await tab.person.get(str(tab.made["url"]), Accept="text/html")
    wrong = {
        "a frame was lost or doubled": bool(tab.faults),
        "text is not a beginning of what the upstream wrote": not words.startswith(kept),
        f"{due} characters were shown in time, {len(kept)} are there": len(kept) < due,
        "an end that was told is not stored": tab.ended is not None and answer["status"] != tab.ended["status"],
        f"status {answer['status']}": answer["status"] not in ("interrupted", "completed"),
        "the page shows something else": kept.strip() not in page.text,
    }
    return [f"{what}: {tab.model} in {tab.conversation}" for what, is_wrong in wrong.items() if is_wrong]


async def _judge_posts(person: Person, acknowledged: list[str], figures: Figures) -> None:
    figures.acknowledged += len(acknowledged)
    for conversation in acknowledged:
        async with person.watch(f"/ws/c/{conversation}/") as socket:
            await socket.until_quiet()
        if [message["role"] for message in socket.messages] != ["user", "assistant"]:
            figures.wrong.append(f"an acknowledged message is not there once: {conversation}")


async def _go_on(tabs: list[Tab], dice: random.Random, figures: Figures) -> None:
    """Continue one of the interrupted answers, and try another again."""
    cut = [tab for tab in tabs if tab.ended is None and tab.text]
    for verb, tab in zip(("continue", "regenerate"), dice.sample(cut, min(2, len(cut))), strict=False):
        before = await tab.person.answer(tab.conversation)
        response = await tab.person.post(f"/messages/{before['id']}/{verb}/", client_id=str(uuid.uuid4()))
        if response.status_code != 201:
            figures.wrong.append(f"{verb} was refused with {response.status_code}: {tab.conversation}")
            continue
        run, kept = response.json()["run"], text_of(before)
        async with tab.person.watch(f"/ws/c/{tab.conversation}/") as socket:
            await socket.until_text(len(kept) + 12 if verb == "continue" else 12)
            await tab.person.post(f"/runs/{run['id']}/stop/")
            await socket.until_quiet()
        message = socket.messages[-1]
        if verb == "continue":
            figures.continued += 1
            right = message["id"] == before["id"] and socket.text.startswith(kept)
        else:
            figures.retried += 1
            right = message["siblings"] == [before["id"], message["id"]]
        if not right or socket.faults:
            figures.wrong.append(f"{verb} did not go on as it should: {tab.conversation} {socket.faults}")
