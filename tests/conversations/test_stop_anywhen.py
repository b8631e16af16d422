"""Stopping at every phase and from every place: the page hears it, and the upstream's connection is really closed."""

import asyncio
import os
import threading
import time

import pytest

from tests.site import Person, Site
from tests.site.person import text_of
from tests.upstream import Recorded, Upstream, WaitFor, json_answer, stream_answer, text_chunk

BUSY = {"error": {"message": "Busy.", "type": "server_error", "param": None, "code": None}}
AT_ONCE = 10.0  # seconds on the slowest machine; nothing else would ever close these connections


async def asked(upstream: Upstream, count: int = 1) -> Recorded:
    """The newest request once there are so many."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        found = [request for request in upstream.requests if "chat" in request.path]
        if len(found) >= count:
            return found[-1]
        await asyncio.sleep(0.01)
    raise AssertionError("the upstream was not asked")


async def stop_and_look(person: Person, made: dict, request: Recorded | None) -> dict:
    """Stop it from `person`'s tab; how it ended, once the upstream has seen the connection close."""
    async with person.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        response = await person.post(f"/runs/{made['run']['id']}/stop/")
        assert response.status_code in (200, 202)
        await socket.until_quiet()
    if request is not None:
        assert await asyncio.to_thread(request.closed.wait, AT_ONCE)
    return socket.messages[-1]


async def test_before_the_upstream_has_said_anything(alice: Person, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.script([WaitFor(never)])
    made = await alice.begin("Silent")
    message = await stop_and_look(alice, made, await asked(upstream))
    assert (message["status"], text_of(message)) == ("cancelled", "")


async def test_between_the_head_and_the_first_word(alice: Person, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.script([*stream_answer(ended=False), WaitFor(never)])
    made = await alice.begin("Head only")
    message = await stop_and_look(alice, made, await asked(upstream))
    assert (message["status"], text_of(message)) == ("cancelled", "")


async def test_in_the_middle_of_its_reasoning(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Think", model_id="any-k500-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until("reasoning.delta")
    message = await stop_and_look(alice, made, await asked(upstream))
    assert message["status"] == "cancelled"
    assert [part["type"] for part in message["parts"]] == ["reasoning"]


async def test_while_the_last_words_have_come_but_not_the_end(alice: Person, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.script([*stream_answer(text_chunk("All of it."), text_chunk(finish="stop"), ended=False), WaitFor(never)])
    made = await alice.begin("No end")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(10)
    message = await stop_and_look(alice, made, None)
    assert message["status"] in ("cancelled", "completed") and text_of(message) == "All of it."


async def test_while_a_retry_waits_nothing_is_asked_again(alice: Person, upstream: Upstream) -> None:
    upstream.script(json_answer(BUSY, 503, retry_after="2"))
    made = await alice.begin("Later")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        while not socket.runs[made["run"]["id"]]["retry_at"]:
            await socket.receive()
    message = await stop_and_look(alice, made, None)
    assert message["status"] == "cancelled"
    await asyncio.sleep(2.5)  # the retry would have come by now
    assert len([request for request in upstream.requests if "chat" in request.path]) == 1


async def test_from_several_tabs_at_once(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Long", model_id="any-t2000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(30)
        stops = [alice.post(f"/runs/{made['run']['id']}/stop/") for _ in range(5)]
        assert {response.status_code for response in await asyncio.gather(*stops)} <= {200, 202}
        end = await socket.until("run.finished")
        assert (end["status"], end["length"], socket.faults) == ("cancelled", len(socket.text), [])
    assert await asyncio.to_thread((await asked(upstream)).closed.wait, AT_ONCE)


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="several processes need Redis: make test-cluster")
async def test_from_another_process(alice: Person, site: Site, upstream: Upstream) -> None:
    with Site(beside=site, OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test") as other:
        made = await alice.begin("Long", model_id="any-t2000-r50")
        message = await stop_and_look(other.person("alice"), made, await asked(upstream))
    assert message["status"] == "cancelled"
