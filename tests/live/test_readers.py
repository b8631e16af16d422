"""Who only reads waits for nobody who writes: pages and sockets answer while every writer stands in line."""

import asyncio
import uuid

from tests.site import Site
from tests.site.writing import nobody_writes
from tests.upstream import Upstream

WRITERS = 24  # six times as many as there are threads for them; each gives up after five seconds


async def test_pages_and_sockets_answer_while_writers_wait(upstream: Upstream) -> None:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t5-r0") as site:
        alice = site.person("alice")
        made = await alice.begin("Read me")
        await alice.answer(made["id"])
        await alice.get(made["url"], Accept="text/html")  # what has been looked at once is written down as seen
        fields = {"text": "Write", "model_id": "any-t5-r0"}
        with nobody_writes(site):
            writing = [
                asyncio.create_task(alice.post("/c/", client_id=str(uuid.uuid4()), **fields)) for _ in range(WRITERS)
            ]
            await asyncio.sleep(0.5)
            page = await alice.get(made["url"], Accept="text/html")
            async with alice.watch(f"/ws/c/{made['id']}/") as socket, alice.watch("/ws/me/") as me:
                shown, mine = await socket.receive(), await me.receive()
            waiting = [task for task in writing if not task.done()]
        assert page.status_code == 200 and "Read me" in page.text
        assert (shown["type"], mine["type"]) == ("conversation.snapshot", "me.snapshot")
        assert len(waiting) > WRITERS // 3, "the readers stood behind the writers"
        await asyncio.gather(*writing)
