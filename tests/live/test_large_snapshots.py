"""Conversations whose snapshot is larger than the bound on unacknowledged bytes."""

import asyncio

from tests.site import Person, Socket

ROUND_TRIP = 0.2  # seconds: an honest reader's `seen` comes that much later


async def test_an_answer_in_a_long_conversation_arrives_as_deltas(alice: Person) -> None:
    made = await alice.begin("x" * 700_000, model_id="any-t1-r0")
    await alice.answer(made["id"])
    await alice.send(made["id"], "y" * 700_000, model_id="any-t150-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        socket.acknowledges = False
        seen = asyncio.create_task(acknowledge_late(socket))
        await socket.until_text(6)
        await socket.until("message.delta")  # a second snapshot may come, and then no more
        await socket.until_quiet()
        seen.cancel()
    types = [frame["type"] for frame in socket.frames]
    assert types.count("conversation.snapshot") <= 2
    assert types.count("message.delta") > 10
    assert socket.text == "".join(f"w{n:04d} " for n in range(1, 151))
    assert socket.faults == []


async def acknowledge_late(socket: Socket) -> None:
    """What a browser far away does: it has received a snapshot, and its word comes back a while later."""
    known = 0
    while True:
        await asyncio.sleep(0.01)
        received = sum(frame["type"] == "conversation.snapshot" for frame in socket.frames)
        if received > known:
            known = received
            await asyncio.sleep(ROUND_TRIP)
            await socket.say(type="seen", run=None)
