"""Deleting while something is written, sent or heard: nothing lives on unseen, and no list shows it again."""

import asyncio
import uuid

from tests.site import Person, Site
from tests.site.writing import nobody_writes


async def test_a_list_hears_nothing_of_a_conversation_after_its_delete(alice: Person) -> None:
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        made = await alice.begin("Long", model_id="any-t1000-r50")
        async with alice.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_text(6)
        await alice.post(f"/c/{made['id']}/delete/")
        await me.until("conversation.deleted")
        other = await alice.begin("Other", model_id="any-t1-d1500")  # by its end the deleted one has been stopped
        await alice.answer(other["id"])
        await alice.post(f"/c/{other['id']}/rename/", title="The last word")
        heard = []
        while not heard or heard[-1]["conversation"]["title"] != "The last word":
            heard.append(await me.until("conversation.created", "conversation.updated", "conversation.deleted"))
    assert {frame["conversation"]["id"] for frame in heard} == {other["id"]}


async def test_a_message_that_meets_a_delete_is_refused_or_stopped(alice: Person, site: Site) -> None:
    for _ in range(3):
        made = await alice.begin("One", model_id="any-t1-r0")
        await alice.answer(made["id"])
        fields = {"text": "Two", "model_id": "any-t1000-r50"}
        with nobody_writes(site):
            deleting = asyncio.create_task(alice.post(f"/c/{made['id']}/delete/"))
            await asyncio.sleep(0.2)
            path = f"/c/{made['id']}/messages/"
            sending = asyncio.create_task(alice.post(path, client_id=str(uuid.uuid4()), **fields))
            await asyncio.sleep(0.5)
        sent = await sending
        assert (await deleting).status_code == 200
        assert sent.status_code in (201, 404)
        await alice.post(f"/c/{made['id']}/restore/")
        assert (await alice.answer(made["id"]))["status"] == ("cancelled" if sent.status_code == 201 else "completed")
