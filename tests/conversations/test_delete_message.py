"""POST /messages/<uuid>/delete/ and /restore/: a message goes with what hangs below it; what was paid stays paid."""

import uuid
from typing import Any

from tests.conversations.growing import command, refusal, said, shown, words
from tests.site import Person, Site
from tests.site.person import Json

LATER = {"sqlite": "datetime(deleted_at, '-2 hours')", "postgresql": "deleted_at - interval '2 hours'"}
COMMANDS = ("edit", "regenerate", "continue", "answer", "fork", "show", "delete")


def key(site: Site, message: str) -> str:
    """An id as the database has it."""
    return message if site.database_url else uuid.UUID(message).hex


async def delete(person: Person, message: str) -> Any:
    return await person.post(f"/messages/{message}/delete/")


async def test_a_message_goes_with_all_that_is_below_it_in_every_tab(alice: Person) -> None:
    made, ids = await said(alice, "one", "two", "three")
    async with alice.watch(f"/ws/c/{made}/") as socket:
        await socket.receive()
        response = await delete(alice, ids[2])
        assert response.status_code == 200
        assert response.json() == {"conversation": {**response.json()["conversation"], "leaf": ids[1]}, "deleted": 4}
        assert (await socket.until("message.deleted"))["message"] == ids[2]
        assert (await socket.until("conversation.updated"))["conversation"]["leaf"] == ids[1]
    assert await words(alice, made) == ["user: one", "assistant: one"]


async def test_one_of_several_goes_and_the_one_beside_it_is_shown(alice: Person) -> None:
    made, [question, first] = await said(alice, "one")
    second = (await command(alice, f"/messages/{first}/regenerate/")).json()["messages"][0]["id"]
    await alice.talk(made, "two")
    third = (await command(alice, f"/messages/{first}/regenerate/")).json()["messages"][0]["id"]
    assert (await shown(alice, made))[-1]["siblings"] == [first, second, third]
    await delete(alice, third)
    branch = await shown(alice, made)
    assert (branch[1]["id"], branch[1]["siblings"], len(branch)) == (second, [first, second], 4)
    await delete(alice, first)
    assert [message["id"] for message in await shown(alice, made)] == [message["id"] for message in branch]
    await delete(alice, second)
    assert [message["id"] for message in await shown(alice, made)] == [question]


async def test_the_first_message_goes_and_the_conversation_goes_on(alice: Person) -> None:
    made, ids = await said(alice, "one")
    assert (await delete(alice, ids[0])).json()["conversation"]["leaf"] is None
    assert await shown(alice, made) == []
    assert (await alice.get(f"/c/{made}/", Accept="text/html")).status_code == 200
    await alice.talk(made, "again", model_id="echo-r0")
    branch = await shown(alice, made)
    assert (branch[0]["parent"], branch[0]["siblings"]) == (None, [branch[0]["id"]])


async def test_undo_brings_back_what_went_together_and_shows_it(alice: Person) -> None:
    made, ids = await said(alice, "one", "two", "three")
    await delete(alice, ids[4])
    await delete(alice, ids[2])
    response = await alice.post(f"/messages/{ids[2]}/restore/")
    assert response.json()["conversation"]["leaf"] == ids[3]
    assert [message["id"] for message in await shown(alice, made)] == ids[:4]
    assert (await alice.post(f"/messages/{ids[4]}/restore/")).status_code == 200
    assert [message["id"] for message in await shown(alice, made)] == ids
    assert refusal(await alice.post(f"/messages/{ids[4]}/restore/")) == (404, "not_found")


async def test_a_part_of_what_went_does_not_come_back_by_itself(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    await delete(alice, ids[3])
    await delete(alice, ids[2])
    for message in ids[3:]:
        assert refusal(await alice.post(f"/messages/{message}/restore/")) == (404, "not_found")
    assert len(await shown(alice, made)) == 2


async def test_what_it_cost_stays_in_the_conversations_sum_and_in_the_log(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    before = await snapshot(alice, made)
    await delete(alice, ids[0])
    assert (await snapshot(alice, made))["conversation"]["cost"] == before["conversation"]["cost"]
    found = (await alice.get("/settings/requests/")).json()["requests"][:2]
    assert [(call["model_id"], call["url"], call["request_url"]) for call in found] == [("echo-r0", None, None)] * 2
    assert found[0]["completion_tokens"] == 1


async def snapshot(person: Person, conversation: str) -> Json:
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        return await socket.receive()


async def test_after_an_hour_the_words_are_gone_and_do_not_come_back(alice: Person, site: Site) -> None:
    _, ids = await said(alice, "a secret", "two")
    await delete(alice, ids[0])
    vendor = "postgresql" if site.database_url else "sqlite"
    site.execute(f"UPDATE conversations_message SET deleted_at = {LATER[vendor]} WHERE deleted_at IS NOT NULL")
    assert refusal(await alice.post(f"/messages/{ids[0]}/restore/")) == (404, "not_found")
    site.manage("shell", "-c", "from conversations import actions; actions.wipe_deleted()")
    for message in ids:
        assert site.query("SELECT parts FROM conversations_message WHERE id = ?", key(site, message)) in (
            [("[]",)],
            [([],)],
        )
    assert (await alice.get("/settings/requests/")).json()["requests"][0]["model_id"] == "echo-r0"


async def test_who_still_shows_it_is_told_that_it_was_deleted(alice: Person, charlie: Person) -> None:
    made, ids = await said(alice, "one", "two")
    await delete(alice, ids[2])
    for verb in COMMANDS:
        response = await command(alice, f"/messages/{ids[3]}/{verb}/", text="x")
        assert refusal(response) == (410, "message_deleted"), verb
    for place in ("before", "after"):
        response = await command(alice, f"/c/{made}/turns/", text="x", **{place: ids[3]})
        assert refusal(response) == (400, "unknown_parent"), place
    for path in (f"/messages/{ids[3]}/", f"/messages/{ids[3]}/request/"):
        assert (await alice.get(path)).status_code == 410
    for path in (f"/messages/{ids[3]}/delete/", f"/messages/{ids[3]}/restore/", f"/messages/{ids[1]}/delete/"):
        assert refusal(await charlie.post(path)) == (404, "not_found")
    assert (await alice.get(f"/c/{made}/messages/?before={ids[3]}")).status_code == 404
    assert len(await shown(alice, made)) == 2


async def test_nothing_is_deleted_while_an_answer_below_it_is_being_written(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    question, answer = (message["id"] for message in made["messages"])
    for message in (question, answer):
        assert refusal(await delete(alice, message)) == (409, "answer_running")
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])
    assert (await delete(alice, question)).json()["deleted"] == 2


async def test_the_page_says_how_many_go_and_its_form_deletes_them(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    page = await alice.get(f"/messages/{ids[1]}/", Accept="text/html")
    assert "This message goes, and 2 that follow it" in page.text
    async with alice.http(Accept="text/html") as http:
        response = await http.post(f"/messages/{ids[1]}/delete/")
    assert (response.status_code, response.headers["location"]) == (303, f"/c/{made}/")
    assert await words(alice, made) == ["user: one"]
