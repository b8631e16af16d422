"""The living process: alone or not, killed, stopped, and what survives it."""

import asyncio
import subprocess
import sys
import uuid
from pathlib import Path

import httpx
import pytest

from tests.site import Site
from tests.site.databases import ROOT
from tests.site.person import text_of
from tests.upstream import Upstream


@pytest.fixture
def fresh(upstream: Upstream):
    """A site of the test's own, which it may kill."""
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t20-r0") as site:
        yield site


async def test_health_and_readiness_answer_without_signing_in(site: Site) -> None:
    stranger = site.stranger()
    assert (await stranger.get("/healthz")).status_code == 200
    ready = await stranger.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"database": True, "layer": True, "accepting": True})


async def test_a_second_process_on_the_same_data_is_refused_unless_it_has_redis(site: Site) -> None:
    if "REDIS_URL" in site.environment:
        with Site(beside=site) as second:
            assert (await second.stranger().get("/healthz")).status_code == 200
        return
    with pytest.raises(RuntimeError, match="serves this data already"):
        Site(beside=site).start()
    assert (await site.stranger().get("/healthz")).status_code == 200


async def test_text_that_was_shown_survives_kill_9_and_can_be_continued(fresh: Site) -> None:
    alice = fresh.person("alice")
    made = await alice.begin("Long", model_id="any-t1000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        shown = await socket.until_text(120)
        await asyncio.sleep(1)
        fresh.kill()
    fresh.start()
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    message = socket.messages[-1]
    assert (message["status"], message["error"]["code"]) == ("interrupted", "interrupted")
    assert text_of(message).startswith(shown)
    response = await alice.post(f"/messages/{message['id']}/continue/", client_id=str(uuid.uuid4()))
    assert response.status_code == 201
    await alice.post(f"/runs/{response.json()['run']['id']}/stop/")


async def test_a_stop_refuses_commands_lets_live_answers_finish_and_exits_with_0(fresh: Site) -> None:
    alice = fresh.person("alice")
    made = await alice.begin("Count", model_id="any-t100-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(12)
        url = fresh.url
        stopping = asyncio.create_task(asyncio.to_thread(fresh.stop))
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http:
            for _ in range(50):
                response = await http.post("/c/", json={}, headers={"Accept": "application/json"})
                if response.status_code == 503:
                    break
                await asyncio.sleep(0.02)
        assert response.json()["error"]["code"] == "draining"
        assert int(response.headers["retry-after"]) > 0
        end = await socket.until("run.finished")
        assert await socket.close_code() == 4503
    assert (end["status"], end["length"]) == ("completed", 600)
    assert await stopping == 0


async def test_what_does_not_finish_in_time_is_kept_as_interrupted(upstream: Upstream) -> None:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", DRAIN_SECONDS="0.5") as fresh:
        alice = fresh.person("alice")
        made = await alice.begin("Long", model_id="any-t5000-r50")
        async with alice.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_text(60)
            stopping = asyncio.create_task(asyncio.to_thread(fresh.stop))
            end = await socket.until("run.failed")
            assert (end["status"], end["error"]["code"]) == ("interrupted", "interrupted")
            shown = socket.text
        assert await stopping == 0
        fresh.start()
        assert text_of(await alice.answer(made["id"])) == shown


async def test_a_run_whose_task_never_began_is_found_and_carried_out(fresh: Site) -> None:
    alice = fresh.person("alice")
    made = await alice.begin("Count")
    await alice.answer(made["id"])
    fresh.kill()
    statement = "UPDATE conversations_run SET status = 'queued', ended_at = NULL WHERE id = ? RETURNING status"
    run_id = made["run"]["id"] if fresh.database_url else made["run"]["id"].replace("-", "")
    assert fresh.query(statement, run_id) == [("queued",)]
    fresh.start()
    assert (await alice.answer(made["id"]))["status"] == "interrupted"


def test_a_taken_port_is_refused_with_a_sentence(site: Site) -> None:
    port = site.url.rsplit(":", 1)[1]
    with pytest.raises(RuntimeError, match="Set PORT to another"), Site(PORT=port):
        pass


def test_an_old_database_is_refused_with_a_sentence(site: Site, tmp_path: Path) -> None:
    if site.database_url:
        pytest.skip("on a server the database is made by make run")
    environment = {**site.environment, "DATA_DIR": str(tmp_path)}
    words = [sys.executable, "manage.py", "serve"]
    found = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert found.returncode == 1
    assert "not up to date" in found.stderr
