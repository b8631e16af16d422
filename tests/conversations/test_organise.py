"""Rename, delete and restore, and what every other tab hears of them on /ws/me/."""

from tests.site import Person


async def test_a_new_conversation_is_named_by_its_first_words(alice: Person) -> None:
    made = await alice.begin("## Which quantisation fits 24 GB, and how much context is left when I use it?\nDetails")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        snapshot = await socket.receive()
    assert snapshot["conversation"]["title"] == "Which quantisation fits 24 GB, and how much context is…"


async def test_a_rename_reaches_every_tab(alice: Person) -> None:
    made = await alice.begin("Old")
    await alice.answer(made["id"])
    async with alice.watch("/ws/me/") as me, alice.watch(f"/ws/c/{made['id']}/") as socket:
        await me.receive()
        await socket.receive()
        response = await alice.post(f"/c/{made['id']}/rename/", title="  New \n name ")
        assert response.json()["conversation"]["title"] == "New name"
        for tab in (me, socket):
            frame = await tab.until("conversation.updated")
            assert frame["conversation"]["title"] == "New name"


async def test_a_title_must_be_there_and_fit(alice: Person) -> None:
    made = await alice.begin("Old")
    for title in ("", "   ", "x" * 201, 5, None):
        response = await alice.post(f"/c/{made['id']}/rename/", title=title)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")
        assert response.json()["error"]["message"]
    await alice.answer(made["id"])


async def test_the_first_frame_of_me_lists_my_conversations(alice: Person, charlie: Person) -> None:
    made = await alice.begin("Mine", model_id="any-t500-r50")
    async with alice.watch("/ws/me/") as me:
        frame = await me.receive()
    assert frame["type"] == "me.snapshot"
    mine = frame["conversations"][0]
    assert (mine["id"], mine["title"], mine["running"]) == (made["id"], "Mine", True)
    async with charlie.watch("/ws/me/") as me:
        assert made["id"] not in str(await me.receive())
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])


async def test_me_hears_of_new_running_finished_and_deleted_conversations(alice: Person) -> None:
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        made = await alice.begin("New")
        created = await me.until("conversation.created")
        assert created["conversation"]["id"] == made["id"]
        states = []
        while not states or states[-1]:
            frame = await me.until("conversation.updated")
            states.append(frame["conversation"]["running"])
        assert states[0] is True
        await alice.post(f"/c/{made['id']}/delete/")
        deleted = await me.until("conversation.deleted")
        assert deleted["conversation"]["id"] == made["id"]


async def test_seen_and_resync_on_me_are_answered(alice: Person) -> None:
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        await me.say(type="seen")
        assert (await me.receive())["type"] == "pong"
        await me.say(type="resync")
        assert (await me.receive())["type"] == "me.snapshot"


async def test_a_deleted_conversation_is_gone_and_can_be_restored(alice: Person) -> None:
    made = await alice.begin("Soon gone")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        assert (await alice.post(f"/c/{made['id']}/delete/")).status_code == 200
        await socket.until("conversation.deleted")
        assert await socket.close_code() == 4404
    assert (await alice.get(made["url"], Accept="text/html")).status_code == 404
    assert (await alice.post(f"/c/{made['id']}/delete/")).status_code == 404
    assert (await alice.post(f"/c/{made['id']}/restore/")).status_code == 200
    assert (await alice.answer(made["id"]))["status"] == "completed"
    assert (await alice.post(f"/c/{made['id']}/restore/")).status_code == 404


async def test_deleting_stops_what_is_being_written(alice: Person) -> None:
    made = await alice.begin("Long", model_id="any-t1000-r50")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(6)
    await alice.post(f"/c/{made['id']}/delete/")
    await alice.post(f"/c/{made['id']}/restore/")
    assert (await alice.answer(made["id"]))["status"] == "cancelled"
