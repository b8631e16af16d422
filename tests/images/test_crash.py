"""A process that dies or stops while pictures are made: what came is there, what happened is said, Retry is offered."""

import asyncio
import io
import os
import resource
import uuid
from collections.abc import Iterator

import pytest
from PIL import Image

from tests.images.drawing import GENERATIONS, begin, carried, ended, event, job_of, made, png, streamed, told
from tests.site import Person, Site
from tests.upstream import Hang, Upstream


@pytest.fixture
def site(shared_upstream: Upstream) -> Iterator[Site]:
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk-test", DRAIN_SECONDS="0") as found:
        yield found


async def half_made(person: Person, upstream: Upstream) -> str:
    """Two pictures are asked for, one has come, and of the other something is to be seen."""
    parts = event("partial_image", png(600, 600), partial_image_index=0)
    upstream.script(
        [*streamed(event("completed", png()), parts, ended=False), Hang()],
        path=GENERATIONS,
    )
    async with person.watch("/ws/me/") as socket:
        await socket.receive()
        job = await begin(person, n=2, partial_images=1)
        await told(socket, "picture.created", job)
        await told(socket, "picture.partial", job)
    return str(job["id"])


async def test_a_killed_process_leaves_what_came_and_a_way_on(alice: Person, site: Site, upstream: Upstream) -> None:
    waiting = await half_made(alice, upstream)
    site.kill()
    site.start()
    found = await ended(alice, {"id": waiting})
    assert (found["status"], found["error"]["code"], found["done"]) == ("interrupted", "interrupted", 1)
    assert (found["partials"], found["retry_at"]) == ([], None)
    assert site.query("SELECT count(*) FROM images_partial") == [(0,)]
    assert site.query("SELECT count(*) FROM billing_hold WHERE status = ?", "open") == [(0,)]
    upstream.script(carried(png(), png(32, 32)), path=GENERATIONS)
    again = await alice.post(f"{found['url']}retry/", client_id=str(uuid.uuid4()))
    assert again.status_code == 201
    assert (await ended(alice, again.json()["job"]))["done"] == 2
    assert (await job_of(alice, waiting))["done"] == 1

    stopped = await half_made(alice, upstream)
    assert await asyncio.to_thread(site.stop) == 0
    site.start()
    found = await ended(alice, {"id": stopped})
    assert (found["status"], found["error"]["code"], found["done"]) == ("interrupted", "interrupted", 1)


async def test_a_full_disk_is_said_and_leaves_nothing_half_stored(
    alice: Person, site: Site, upstream: Upstream
) -> None:
    """A file may have 8 MiB: more than the database has, less than the picture."""
    assert site.process is not None
    noise = io.BytesIO()
    Image.frombytes("RGB", (1_800, 1_800), os.urandom(1_800 * 1_800 * 3)).save(noise, "PNG", compress_level=0)
    _soft, hard = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (8 * 1024 * 1024, hard))
    for answer in (carried(noise.getvalue()), carried(noise.getvalue(), png())):
        upstream.script(answer, path=GENERATIONS)
        job = await made(alice, n=2)
        assert (job["status"], job["error"]["data"]["reason"], job["pictures"]) == ("failed", "disk_full", [])
    assert site.query("SELECT count(*) FROM files_file") == [(0,)]
    upstream.script(carried(png()), path=GENERATIONS)
    assert (await made(alice))["status"] == "completed", "the process lives, and small pictures have room"
