"""`seen` in a conversation with several live runs: each run is caught up with by itself."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator

from tests.site import Person, Socket
from tests.site.person import text_of


async def test_one_run_that_is_seen_does_not_hide_another_that_lost_a_frame(alice: Person) -> None:
    async with two_runs(alice) as (socket, first, second):
        await socket.say(type="seen", **position(socket, first, lost=1))
        await socket.say(type="seen", **position(socket, second))
        assert (await socket.receive())["type"] == "pong"
        assert (await socket.receive())["type"] == "conversation.snapshot"


async def test_an_acknowledgement_without_a_run_does_not_hide_a_lost_frame(alice: Person) -> None:
    async with two_runs(alice) as (socket, first, _):
        await socket.say(type="seen", **position(socket, first, lost=1))
        await socket.say(type="seen", run=None)
        assert (await socket.receive())["type"] == "pong"
        assert (await socket.receive())["type"] == "conversation.snapshot"


async def test_a_frame_that_arrives_within_the_second_costs_no_snapshot(alice: Person) -> None:
    async with two_runs(alice) as (socket, first, second):
        for run in (first, second):
            await socket.say(type="seen", **position(socket, run, lost=1))
        for run in (first, second):
            await socket.say(type="seen", **position(socket, run))
        assert [(await socket.receive())["type"] for _ in range(2)] == ["pong", "pong"]
        await socket.say(type="seen", **position(socket, first, lost=-1))  # more than there is: at once
        assert (await socket.receive())["type"] == "conversation.snapshot"


async def test_a_reader_that_says_again_and_again_where_it_is_gets_its_snapshot(alice: Person) -> None:
    async with two_runs(alice) as (socket, first, _):
        said = position(socket, first, lost=1)
        for _ in range(40):  # one of them every quarter of a second
            await socket.say(type="seen", **said)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.25):
                    frame = json.loads(await socket.connection.recv())
                    assert frame["type"] == "conversation.snapshot"
                    return
        raise AssertionError("no snapshot came")


@contextlib.asynccontextmanager
async def two_runs(person: Person) -> AsyncIterator[tuple[Socket, str, str]]:
    """Two answers of one conversation that have both stopped to grow, and a socket that has seen them whole."""
    made = await person.begin("One", model_id="any-h10-r0-d300")
    async with person.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        fields = {"client_id": str(uuid.uuid4()), "text": "Two", "model_id": "any-h10-r0-d300"}
        edited = await person.post(f"/messages/{made['messages'][0]['id']}/edit/", **fields)
        runs = made["run"]["id"], edited.json()["run"]["id"]
        while sum(len(text_of(message)) for message in socket.messages) < len("One" + "Two") + 2 * 60:
            await socket.receive()
        yield socket, *runs
        for run in runs:
            await person.post(f"/runs/{run}/stop/")


def position(socket: Socket, run: str, lost: int = 0) -> dict[str, object]:
    """What a reader says that has missed the last `lost` deltas of a run."""
    counters = socket.runs[run]
    return {"run": run, "seq": counters["seq"] - lost, "reasoning_seq": counters["reasoning_seq"]}
