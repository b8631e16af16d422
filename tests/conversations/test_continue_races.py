"""Continuing at the very moment in which the answer breaks off: nothing that was shown is taken away."""

import asyncio
import uuid

from tests.site import Person, Site
from tests.site.person import text_of
from tests.site.writing import nobody_writes

BROKEN_OFF, WHOLE = ("".join(f"w{n:04d} " for n in range(1, end)) for end in (31, 61))


async def test_a_continue_that_waited_for_the_end_shows_the_whole_text_first(alice: Person, site: Site) -> None:
    made = await alice.begin("Count", model_id="any-x30-r0-d700-g")
    path = f"/messages/{made['messages'][1]['id']}/continue/"
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        while socket.runs[made["run"]["id"]]["status"] == "queued":
            await socket.receive()
        with nobody_writes(site):
            await socket.until_text(len(BROKEN_OFF))
            await asyncio.sleep(0.3)  # the end waits to be stored now
            continuing = [asyncio.create_task(alice.post(path, client_id=str(uuid.uuid4()))) for _ in range(3)]
            await asyncio.sleep(0.5)
        responses = await asyncio.gather(*continuing)
        if all(response.status_code == 409 for response in responses):
            responses.append(await alice.post(path, client_id=str(uuid.uuid4())))
        [continued] = [response.json() for response in responses if response.status_code == 201]
        assert text_of(continued["messages"][0]) == BROKEN_OFF
        updated = await socket.until("message.updated")
        assert text_of(updated["message"]) == BROKEN_OFF
        await socket.until("run.failed")
        await socket.until_quiet()
    assert socket.faults == []
    assert socket.text == WHOLE == text_of(await alice.answer(made["id"]))
