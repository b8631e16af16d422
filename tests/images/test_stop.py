"""Stopping a job: at any moment, from any tab and process; what came stays, and the upstream is hung up on."""

import asyncio
import os
import threading
import uuid

import pytest

from tests.images.drawing import GENERATIONS, begin, carried, ended, event, job_of, png, streamed, told
from tests.site import Person, Site
from tests.upstream import Hang, Upstream, WaitFor


async def test_a_stop_while_its_server_is_silent_hangs_up(alice: Person, upstream: Upstream) -> None:
    upstream.script([Hang()], path=GENERATIONS)
    async with alice.watch("/ws/me/") as socket:
        await socket.receive()
        job = await begin(alice)
        await told(socket, "job.updated", job)
        while not (asked := [request for request in upstream.requests if "images" in request.path]):
            await asyncio.sleep(0.02)
        response = await alice.post(f"/images/jobs/{job['id']}/stop/")
        assert response.status_code == 202
        end = (await told(socket, "job.finished", job))["job"]
    assert (end["status"], end["pictures"], end["error"]) == ("cancelled", [], None)
    assert await asyncio.to_thread(asked[0].closed.wait, 10)
    again = await alice.post(f"/images/jobs/{job['id']}/stop/")
    assert (again.status_code, again.json()["job"]["status"]) == (200, "cancelled")


async def test_what_has_come_before_a_stop_stays(alice: Person, upstream: Upstream) -> None:
    going = threading.Event()
    upstream.script([*streamed(event("completed", png()), ended=False), WaitFor(going)], path=GENERATIONS)
    async with alice.watch("/ws/me/") as socket:
        await socket.receive()
        job = await begin(alice, n=3, partial_images=1)
        kept = (await told(socket, "picture.created", job))["picture"]
        await alice.post(f"/images/jobs/{job['id']}/stop/")
        end = (await told(socket, "job.finished", job))["job"]
    assert (end["status"], end["pictures"]) == ("cancelled", [kept])


async def test_a_stop_right_after_the_command_ends_it(alice: Person, upstream: Upstream) -> None:
    for _ in range(3):
        upstream.script([Hang()], path=GENERATIONS)
    for _ in range(3):
        job = await begin(alice)
        assert (await alice.post(f"/images/jobs/{job['id']}/stop/")).status_code == 202
        assert (await ended(alice, job))["status"] == "cancelled"
    live = await alice.post(f"/images/jobs/{job['id']}/retry/", client_id=str(uuid.uuid4()))
    assert live.status_code == 201
    await alice.post(f"/images/jobs/{live.json()['job']['id']}/stop/")


async def test_a_live_job_is_not_tried_again_beside_itself(alice: Person, upstream: Upstream) -> None:
    upstream.script([Hang()], path=GENERATIONS)
    job = await begin(alice)
    response = await alice.post(f"/images/jobs/{job['id']}/retry/", client_id=str(uuid.uuid4()))
    assert (response.status_code, response.json()["error"]["code"]) == (409, "nothing_to_retry")
    await alice.post(f"/images/jobs/{job['id']}/stop/")
    assert (await ended(alice, job))["status"] == "cancelled"


@pytest.mark.skipif("REDIS_URL" not in os.environ, reason="several processes need Redis: make test-cluster")
async def test_another_process_shows_a_job_and_stops_it(alice: Person, site: Site, upstream: Upstream) -> None:
    going = threading.Event()
    parts = event("partial_image", png(600, 600), partial_image_index=0)
    upstream.script([*streamed(parts, ended=False), WaitFor(going)], path=GENERATIONS)
    with Site(beside=site, OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test") as beside:
        other = beside.person("alice")
        async with other.watch("/ws/me/") as socket:
            await socket.receive()
            job = await begin(alice, partial_images=1)
            partial = (await told(socket, "picture.partial", job))["partial"]
            assert (await other.get(partial["url"])).status_code == 200
            assert (await other.post(f"/images/jobs/{job['id']}/stop/")).status_code == 202
            assert (await told(socket, "job.finished", job))["job"]["status"] == "cancelled"
    upstream.script(carried(png()), path=GENERATIONS)
    assert (await job_of(alice, job["id"]))["status"] == "cancelled"
