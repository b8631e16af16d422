"""Several processes on one database and one layer: any of them can show and stop a run, and find a dead one."""

import asyncio
import os
import signal
import threading
import uuid
from collections.abc import Iterator

import pytest

from tests.conversations.several import pieces, side_by_side
from tests.site import Site
from tests.site.person import text_of
from tests.upstream import Upstream, WaitFor, stream_answer

pytestmark = pytest.mark.skipif("REDIS_URL" not in os.environ, reason="several processes need Redis: make test-cluster")


@pytest.fixture(scope="module")
def three(shared_upstream: Upstream) -> Iterator[list[Site]]:
    settings = {"OPENAI_BASE_URL": shared_upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    with Site(**settings) as one, Site(beside=one, **settings) as two, Site(beside=one, **settings) as three:
        yield [one, two, three]


async def test_posted_to_one_watched_on_another_stopped_through_a_third(three: list[Site]) -> None:
    writer, watcher, stopper = (site.person("alice") for site in three)
    made = await writer.begin("Long", model_id="any-t2000-r50")
    async with watcher.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(120)
        response = await stopper.post(f"/runs/{made['run']['id']}/stop/")
        assert response.status_code == 202
        end = await socket.until("run.finished")
    assert end["status"] == "cancelled" and end["length"] == len(socket.text)
    assert socket.faults == []


async def test_tabs_on_every_process_end_with_the_same_text(three: list[Site]) -> None:
    people = [site.person("alice") for site in three]
    made = await people[0].begin("Count", model_id="any-t120-r60-k20")

    async def tab(number: int) -> tuple[str, list[str]]:
        await asyncio.sleep(number * 0.15)
        async with people[number % 3].watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_quiet()
            return socket.text, socket.faults

    seen = await asyncio.gather(*(tab(number) for number in range(12)))
    assert {text for text, _ in seen} == {"".join(f"w{n:04d} " for n in range(1, 121))}
    assert [faults for _, faults in seen if faults] == []


async def test_messages_titles_and_deletions_reach_tabs_on_other_processes(three: list[Site]) -> None:
    here, there = three[0].person("alice"), three[1].person("alice")
    made = await here.begin("Count")
    await here.answer(made["id"])
    async with there.watch("/ws/me/") as me, there.watch(f"/ws/c/{made['id']}/") as socket:
        await me.receive()
        await socket.receive()
        await here.post(f"/c/{made['id']}/rename/", title="Renamed")
        while (await me.until("conversation.updated"))["conversation"]["title"] != "Renamed":
            pass
        sent = await here.send(made["id"], "Again")
        assert (await socket.until("message.created"))["message"]["id"] == sent["messages"][0]["id"]
        await socket.until("run.finished")
        await here.post(f"/c/{made['id']}/delete/")
        await me.until("conversation.deleted")
        assert await socket.close_code() == 4404


async def test_a_session_that_ends_here_closes_its_sockets_there(three: list[Site]) -> None:
    here, there = three[0].person("bob"), three[1].person("bob")
    async with there.watch("/ws/me/") as me:
        await me.receive()
        async with here.http(Accept="text/html") as http:
            assert (await http.post("/accounts/logout/")).status_code == 302
        assert await me.close_code() == 4401


async def test_a_killed_writer_is_found_by_the_others_and_its_text_can_be_continued(upstream: Upstream) -> None:
    settings = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    with Site(**settings) as one, Site(beside=one, **settings) as two:
        alice, elsewhere = one.person("alice"), two.person("alice")
        made = await alice.begin("Long", model_id="any-t5000-r50")
        async with elsewhere.watch(f"/ws/c/{made['id']}/") as socket:
            shown = await socket.until_text(120)
            await asyncio.sleep(1)
            one.kill()
            end = await socket.until("run.failed")
            assert (end["status"], end["error"]["code"]) == ("interrupted", "interrupted")
        answer = await elsewhere.answer(made["id"])
        assert text_of(answer).startswith(shown)
        path = f"/messages/{answer['id']}/continue/"
        response = await elsewhere.post(path, client_id=str(uuid.uuid4()))
        assert response.status_code == 201
        await elsewhere.post(f"/runs/{response.json()['run']['id']}/stop/")


async def test_a_frozen_writer_that_thaws_writes_nothing_more(upstream: Upstream) -> None:
    settings = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    with Site(**settings) as one, Site(beside=one, **settings) as two:
        alice, elsewhere = one.person("alice"), two.person("alice")
        made = await alice.begin("Long", model_id="any-t5000-r50")
        assert one.process is not None
        async with elsewhere.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_text(60)
            one.process.send_signal(signal.SIGSTOP)
            end = await socket.until("run.failed")
            assert end["status"] == "interrupted"
            one.process.send_signal(signal.SIGCONT)
            stored = text_of(await elsewhere.answer(made["id"]))
            await asyncio.sleep(3)
            assert text_of(await elsewhere.answer(made["id"])) == stored
            await socket.say(type="resync")
            frame = await socket.until("conversation.snapshot")
            assert frame["runs"] == [] and text_of(frame["messages"][-1]) == stored
        assert [kind for kind in (frame["type"] for frame in socket.frames) if kind.startswith("run.f")] == [
            "run.failed"
        ]


async def test_several_answers_of_a_frozen_writer_end_once_and_together(upstream: Upstream) -> None:
    settings = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    with Site(**settings) as one, Site(beside=one, **settings) as two:
        begun = stream_answer(*pieces(["a "], ["b "], finish=None), ended=False)
        upstream.script([*begun, WaitFor(threading.Event())])
        made = await one.person("alice").begin("Two at once", params={"n": 2})
        elsewhere = two.person("alice")
        assert one.process is not None
        async with elsewhere.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.receive()
            while [text_of(message) for message in [*socket.messages[1:], *socket.beside]] != ["a ", "b "]:
                await socket.receive()
            one.process.send_signal(signal.SIGSTOP)
            ends = [await socket.until("run.failed") for _ in range(2)]
        assert {end["status"] for end in ends} == {"interrupted"}
        one.process.send_signal(signal.SIGCONT)
        assert (await one.person("alice").get("/readyz")).status_code == 200
        _, answers = await side_by_side(elsewhere, made["id"])
        assert [(message["status"], text_of(message)) for message in answers] == [
            ("interrupted", "a "),
            ("interrupted", "b "),
        ]
        charges = "SELECT count(*) FROM billing_entry WHERE kind = 'charge' AND source_id = ?"
        assert two.query(charges, made["run"]["id"]) == [(1,)]
