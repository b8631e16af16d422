"""PostgreSQL or Redis going away and coming back: clear errors meanwhile, nothing half-written, no restart needed."""

import asyncio
import os
import time
import uuid
from signal import SIGINT

import pytest

from tests.site import Person, Site, servers
from tests.site.person import text_of
from tests.upstream import Upstream

pytestmark = [
    pytest.mark.skipif("REDIS_URL" not in os.environ, reason="servers are installed by make test-cluster"),
    pytest.mark.timeout(400),  # servers are made, stopped and started
]
PATIENCE = 40.0  # seconds until it has noticed, or is back, on a busy machine


async def until_ready(person: Person, status: int) -> dict:
    """What /readyz says once it answers with this status."""
    until = time.monotonic() + PATIENCE
    while True:
        response = await person.get("/readyz")
        if response.status_code == status or time.monotonic() > until:
            assert response.status_code == status, response.text
            return response.json()
        await asyncio.sleep(0.1)


async def test_redis_goes_and_comes_back(upstream: Upstream) -> None:
    settings = {"OPENAI_BASE_URL": upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": "any-t20-r0"}
    with (
        servers.redis() as redis,
        Site(REDIS_URL=redis.url, **settings) as one,
        Site(beside=one, REDIS_URL=redis.url, **settings) as two,
    ):
        here, there = one.person("alice"), two.person("alice")
        made = await here.begin("Before")
        await here.answer(made["id"])
        async with there.watch(f"/ws/c/{made['id']}/") as socket, there.watch("/ws/me/") as me:
            await socket.receive()
            await me.receive()
            redis.stop()
            assert (await until_ready(here, 503))["layer"] is False
            async with one.stranger().http() as http:
                refused = await http.post("/accounts/login/", data={"login": "a@example.org", "password": "x"})
            assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
            assert int(refused.headers["retry-after"]) > 0
            meanwhile = await here.send(made["id"], "Meanwhile")  # asks nobody: this process alone can answer
            assert (await here.answer(made["id"]))["status"] == "completed"
            redis.start()
            await until_ready(here, 200)
            await until_ready(there, 200)
            while meanwhile["messages"][1]["id"] not in [message["id"] for message in socket.messages]:
                await socket.receive()  # one snapshot brings what was lost
            await me.until("me.snapshot")
            await here.send(made["id"], "After", model_id="any-t60-r60")
            await socket.until("run.started")
            await socket.until("run.finished")
            assert text_of(await there.answer(made["id"])) == "".join(f"w{n:04d} " for n in range(1, 61))
            await here.post(f"/c/{made['id']}/rename/", title="Heard again")
            while (await me.until("conversation.updated"))["conversation"]["title"] != "Heard again":
                pass


async def test_postgresql_goes_and_comes_back(upstream: Upstream) -> None:
    with servers.postgres() as postgres:
        site = Site(database_url=postgres.url, OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test")
        site.migrate()
        dora = site.newcomer("dora")
        with site:
            made = await dora.begin("Long", model_id="any-t400-r40")
            async with dora.watch(f"/ws/c/{made['id']}/") as socket:
                await socket.until_text(60)
                postgres.stop(SIGINT)
                assert (await until_ready(dora, 503))["database"] is False
                for response in (
                    await dora.post("/c/", client_id=str(uuid.uuid4()), text="Lost?", model_id="any-t5-r0"),
                    await dora.get(made["url"]),
                    await dora.post(f"/runs/{made['run']['id']}/stop/"),
                ):
                    assert (response.status_code, response.json()["error"]["code"]) == (503, "unavailable")
                    assert int(response.headers["retry-after"]) > 0
                page = await dora.get("/", Accept="text/html")
                assert page.status_code == 503 and "<html" in page.text
                postgres.start()
                await until_ready(dora, 200)
                end = await socket.until("run.finished")
                words = "".join(f"w{n:04d} " for n in range(1, 401))
                assert (end["status"], socket.text, socket.faults) == ("completed", words, [])
            assert text_of(await dora.answer(made["id"])) == words
            again = await dora.begin("After", model_id="any-t5-r0")
            assert (await dora.answer(again["id"]))["status"] == "completed"
        halves = "SELECT COUNT(*) FROM conversations_message m LEFT JOIN conversations_run r ON r.message_id = m.id"
        assert site.query(f"{halves} WHERE m.role = 'assistant' AND r.id IS NULL") == [(0,)]
        assert site.query("SELECT COUNT(*) FROM conversations_conversation") == [(2,)]
