"""Stopping: at any moment, from anywhere; what came stays, and the upstream connection is closed."""

import asyncio
import uuid

from tests.site import Person, Site
from tests.upstream import Upstream


async def test_a_stop_between_tokens_keeps_the_text_and_hangs_up(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Long", model_id="any-t1000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(60)
        response = await alice.post(f"/runs/{made['run']['id']}/stop/")
        assert response.status_code == 202
        end = await socket.until("run.finished")
    assert end["status"] == "cancelled"
    assert end["length"] == len(socket.text) >= 60
    assert socket.faults == []
    asked = next(request for request in upstream.requests if "chat" in request.path)
    assert await asyncio.to_thread(asked.closed.wait, 10)
    assert (await alice.answer(made["id"]))["status"] == "cancelled"


async def test_a_stop_before_the_first_token_ends_it(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Waiting", model_id="any-d20000")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        assert (await alice.post(f"/runs/{made['run']['id']}/stop/")).status_code == 202
        end = await socket.until("run.finished")
    assert (end["status"], end["length"]) == ("cancelled", 0)


async def test_a_stop_right_after_the_post_ends_it(alice: Person) -> None:
    for _ in range(5):
        made = await alice.begin("At once", model_id="any-t1000-r50")
        assert (await alice.post(f"/runs/{made['run']['id']}/stop/")).status_code == 202
        assert (await alice.answer(made["id"]))["status"] == "cancelled"


async def test_a_stop_while_a_retry_waits_ends_it(alice: Person) -> None:
    made = await alice.begin("Failing", model_id="any-e503")
    assert (await alice.post(f"/runs/{made['run']['id']}/stop/")).status_code == 202
    assert (await alice.answer(made["id"]))["status"] in ("cancelled", "failed")


async def test_a_stop_of_a_finished_run_gives_its_state(alice: Person) -> None:
    made = await alice.begin("Short")
    await alice.answer(made["id"])
    response = await alice.post(f"/runs/{made['run']['id']}/stop/")
    assert (response.status_code, response.json()["run"]["status"]) == (200, "completed")


async def test_a_stop_of_nothing_is_not_found(alice: Person) -> None:
    assert (await alice.post(f"/runs/{uuid.uuid4()}/stop/")).status_code == 404


async def test_after_a_stop_the_conversation_goes_on(alice: Person, site: Site) -> None:
    made = await alice.begin("Long", model_id="any-t1000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(12)
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])
    await alice.send(made["id"], "Next", model_id="any-t5-r0")
    assert (await alice.answer(made["id"]))["status"] == "completed"
