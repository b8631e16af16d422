"""Snapshots asked for at any moment: what is older than a snapshot never comes after it."""

import asyncio
import random
import uuid

from tests.site import Person, Socket
from tests.site.person import text_of

WORDS = "".join(f"w{n:04d} " for n in range(1, 31))


async def test_events_older_than_a_snapshot_do_not_come_after_it(alice: Person) -> None:
    made = await alice.begin("One", model_id="any-t1-r0")
    await alice.answer(made["id"])
    over = asyncio.Event()
    tabs = [asyncio.create_task(stormy_tab(alice, made["id"], over)) for _ in range(4)]
    await asyncio.sleep(0.5)
    for number in range(15):
        await send_when_free(alice, made["id"], str(number))
    await alice.answer(made["id"])
    over.set()
    for tab in await asyncio.gather(*tabs):
        assert tab.faults == []
        assert [text_of(message) for message in tab.messages[3::2]] == [WORDS] * 15


async def stormy_tab(person: Person, conversation: str, over: asyncio.Event) -> Socket:
    """A tab that asks for a snapshot every few milliseconds, and returns when it has been quiet after `over`."""
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        await socket.receive()
        storm = asyncio.create_task(ask_again_and_again(socket, over))
        reading = asyncio.create_task(read_on(socket))
        await storm
        await asyncio.sleep(1)
        reading.cancel()
        return socket


async def ask_again_and_again(socket: Socket, over: asyncio.Event) -> None:
    while not over.is_set():
        await socket.say(type="resync")
        await asyncio.sleep(random.uniform(0, 0.1))


async def read_on(socket: Socket) -> None:
    while True:
        await socket.receive()


async def send_when_free(person: Person, conversation: str, text: str) -> None:
    """Send as soon as the answer before has been written."""
    fields = {"client_id": str(uuid.uuid4()), "text": text, "model_id": "any-t30-r400"}
    while (await person.post(f"/c/{conversation}/messages/", **fields)).status_code == 409:
        await asyncio.sleep(0.02)
