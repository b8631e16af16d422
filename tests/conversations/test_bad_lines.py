"""Watching over lines that drop, delay and reorder: every watcher ends with exactly the text that is stored."""

import asyncio
import random
import uuid

import pytest

from tests.site import Person
from tests.site.lossy import Lossy
from tests.site.person import text_of

pytestmark = pytest.mark.timeout(400)  # a lost word is asked for after seconds of silence, as the protocol says
LINES = [(0.0, 0.0), (0.0, 0.3), (0.2, 0.0), (0.2, 0.2), (0.5, 0.2), (0.7, 0.1)]  # share dropped, share reordered


@pytest.mark.parametrize("model", ["any-t120-r60-k30", "any-t400-r400", "any-x60-r60", "any-t60-r40-d800"])
async def test_every_watcher_ends_with_the_stored_text(alice: Person, model: str) -> None:
    made = await alice.begin("Count", model_id=model)
    seed = random.randrange(1_000_000)
    watchers = [
        Lossy(alice, made["id"], random.Random(seed + number), drop=drop, swap=swap)
        for number, (drop, swap) in enumerate(LINES)
    ]
    for watcher in watchers:
        watcher.last = made["run"]["id"]
    shown = await asyncio.gather(*(watcher.watch() for watcher in watchers))
    stored = text_of(await alice.answer(made["id"]))
    assert stored and shown == [stored] * len(LINES), f"seed {seed}"
    assert watchers[-1].lost > 0, f"seed {seed}"


async def test_a_text_that_goes_on_arrives_as_well(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-x150-r50-g")
    answer = await alice.answer(made["id"])
    lines = LINES[:-1]  # of a beginning that is lost whole, nobody can know
    seed = random.randrange(1_000_000)
    watchers = [
        Lossy(alice, made["id"], random.Random(seed + number), drop=drop, swap=swap)
        for number, (drop, swap) in enumerate(lines)
    ]
    watching = [asyncio.create_task(watcher.watch()) for watcher in watchers]
    await asyncio.sleep(0.5)
    path = f"/messages/{answer['id']}/continue/"
    continued = await alice.post(path, client_id=str(uuid.uuid4()))
    assert continued.status_code == 201
    for watcher in watchers:
        watcher.last = continued.json()["run"]["id"]
    shown = await asyncio.gather(*watching)
    stored = text_of(await alice.answer(made["id"]))
    assert len(stored) == 1800 and shown == [stored] * len(lines), f"seed {seed}"
