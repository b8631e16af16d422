"""Unread: an answer has ended that no tab has shown; true or false in all tabs alike."""

import uuid
from typing import Any

from tests.site import Person, Site
from tests.site.person import Json


async def ended(alice: Person, text: str, **fields: str) -> Json:
    made = await alice.begin(text, **fields)
    await alice.answer(made["id"])
    return made


async def row(person: Person, conversation: str) -> Json:
    found = (await person.get("/history/")).json()["conversations"]
    return next(one for one in found if one["id"] == conversation)


async def until_row(tab: Any, conversation: str, **facts: bool) -> None:
    while True:
        told = (await tab.until("conversation.updated"))["conversation"]
        if told["id"] == conversation and all(told[name] == value for name, value in facts.items()):
            return


async def test_an_answer_that_ends_is_unread_until_somebody_says_that_it_is_shown(alice: Person) -> None:
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        made = await alice.begin("News?")
        await until_row(me, made["id"], running=True, unread=False)
        await until_row(me, made["id"], running=False, unread=True)
        assert (await alice.post(f"/c/{made['id']}/seen/")).status_code == 200
        await until_row(me, made["id"], unread=False)
    assert (await row(alice, made["id"]))["unread"] is False


async def test_it_survives_in_the_first_frame_of_a_new_tab(alice: Person) -> None:
    made = await ended(alice, "News?")
    async with alice.watch("/ws/me/") as me:
        rows = {one["id"]: one for one in (await me.receive())["conversations"]}
    assert rows[made["id"]]["unread"] is True


async def test_opening_the_page_is_looking_at_it(alice: Person) -> None:
    made = await ended(alice, "News?")
    assert (await alice.get(made["url"], Accept="text/html")).status_code == 200
    assert (await row(alice, made["id"]))["unread"] is False


async def test_what_failed_is_news_too(alice: Person) -> None:
    made = await ended(alice, "News?", model_id="any-e401")
    assert (await row(alice, made["id"]))["unread"] is True


async def test_what_a_person_stopped_is_none(alice: Person) -> None:
    made = await alice.begin("Long", model_id="any-t1000-r50")
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])
    assert (await row(alice, made["id"]))["unread"] is False


async def test_it_does_not_move_in_the_list(alice: Person) -> None:
    made = await ended(alice, "News?")
    before = (await row(alice, made["id"]))["updated_at"]
    await alice.post(f"/c/{made['id']}/seen/")
    assert (await row(alice, made["id"]))["updated_at"] == before


async def test_a_form_goes_on_to_the_page(alice: Person) -> None:
    made = await ended(alice, "News?")
    async with alice.http(Accept="text/html") as http:
        response = await http.post(f"/c/{made['id']}/seen/", data={"x": "1"})
    assert (response.status_code, response.headers["location"]) == (303, made["url"])


async def test_somebody_else_can_neither_look_nor_find_out(alice: Person, charlie: Person, site: Site) -> None:
    made = await ended(alice, "Mine")
    for path in (f"/c/{made['id']}/seen/", f"/c/{uuid.uuid4()}/seen/"):
        response = await charlie.post(path)
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    assert (await charlie.get(made["url"], Accept="text/html")).status_code == 404
    assert (await site.stranger().post(f"/c/{made['id']}/seen/")).status_code == 401
    assert (await row(alice, made["id"]))["unread"] is True
