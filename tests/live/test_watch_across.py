"""A tab that was there before the question: its process asks the writer's for the answer as soon as it begins."""

import os
import threading
from collections.abc import Iterator

import pytest

from tests.conversations.several import pieces
from tests.site import Person, Site, Socket
from tests.site.person import text_of
from tests.upstream import Upstream, WaitFor, done, stream_answer

pytestmark = pytest.mark.skipif("REDIS_URL" not in os.environ, reason="several processes need Redis: make test-cluster")


@pytest.fixture(scope="module")
def two(shared_upstream: Upstream) -> Iterator[list[Site]]:
    settings = {"OPENAI_BASE_URL": shared_upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t1-r0"}
    with Site(**settings) as one, Site(beside=one, **settings) as two:
        yield [one, two]


async def until_ended(watcher: Person, writer: Person, model_id: str) -> Socket:
    """What a tab that says nothing by itself is sent of an answer that another process writes."""
    made = await writer.begin("One")
    await writer.answer(made["id"])
    async with watcher.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        await writer.send(made["id"], "Two", model_id=model_id)
        await socket.until("run.finished")
        return socket


@pytest.mark.parametrize("model_id", ["any-t150-r50", "any-t40-r40-k20-d300", "any-t5-r0", "any-t30-r50-d2500"])
async def test_an_open_tab_elsewhere_gets_every_delta_of_a_new_answer(two: list[Site], model_id: str) -> None:
    writer, watcher = (site.person("alice") for site in two)
    socket = await until_ended(watcher, writer, model_id)
    words = int(model_id.split("-t")[1].split("-")[0])
    assert socket.text == "".join(f"w{n:04d} " for n in range(1, words + 1))
    assert socket.faults == []
    assert [frame["type"] for frame in socket.frames].count("conversation.snapshot") == 1


async def test_it_comes_while_it_is_written(two: list[Site]) -> None:
    writer, watcher = (site.person("alice") for site in two)
    socket = await until_ended(watcher, writer, "any-t100-r50")
    assert [frame["type"] for frame in socket.frames].count("message.delta") >= 10


async def test_several_answers_of_one_request_come_side_by_side(two: list[Site], upstream: Upstream) -> None:
    writer, watcher = (site.person("alice") for site in two)
    goes_on = threading.Event()
    begun = stream_answer(*pieces(["a "], ["b "], finish=None), ended=False)
    ended = stream_answer(*pieces(["a2"], ["b2"]), done())[1:]
    made = await writer.begin("One")
    await writer.answer(made["id"])
    async with watcher.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        upstream.script([*begun, WaitFor(goes_on), *ended])
        sent = await writer.send(made["id"], "Two at once", params={"n": 2})
        while [text_of(message) for message in socket.messages[-2:]] != ["a ", "b "]:
            await socket.receive()
        async with watcher.watch(f"/ws/c/{made['id']}/") as late:
            snapshot = await late.receive()
        assert [text_of(message) for message in [snapshot["messages"][-1], *snapshot["beside"]]] == ["a ", "b "]
        stopped = await watcher.post(f"/runs/{sent['runs'][1]['id']}/stop/")
        assert stopped.status_code == 202
        await socket.until_quiet()
        goes_on.set()
    assert [message["status"] for message in socket.messages[-2:]] == ["cancelled", "cancelled"]
    assert socket.faults == []
