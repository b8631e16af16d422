"""POST /messages/<uuid>/edit/ of what is no question: a person's own text beside it, and nobody is asked."""

import uuid

from tests.conversations.growing import command, refusal, said, shown, words
from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream


async def test_an_edited_answer_stands_beside_the_old_one_and_is_what_the_model_is_sent(
    alice: Person, upstream: Upstream
) -> None:
    made, [question, answer] = await said(alice, "Which?")
    response = await command(alice, f"/messages/{answer}/edit/", text="This one.")
    assert (response.status_code, response.json()["run"]) == (201, None)
    [edited] = response.json()["messages"]
    assert (edited["parent"], edited["role"], edited["by_hand"], edited["run"]) == (question, "assistant", True, None)
    assert (edited["model_id"], edited["status"], edited["cost"]) == ("echo-r0", "completed", None)
    assert edited["siblings"] == [answer, edited["id"]]
    assert response.json()["conversation"]["leaf"] == edited["id"]
    await alice.talk(made, "Sure?")
    assert await words(alice, made) == ["user: Which?", "assistant: This one.", "user: Sure?", "assistant: Sure?"]
    sent = [request for request in upstream.requests if "chat" in request.path][-1].json["messages"]
    assert [message["content"] for message in sent] == ["Which?", "This one.", "Sure?"]
    assert [message["by_hand"] for message in await shown(alice, made)] == [False, True, False, False]


async def test_what_follows_it_is_kept_when_asked_for_and_the_old_branch_stays(alice: Person) -> None:
    made, [question, first, second, last] = await said(alice, "one", "two")
    response = await command(alice, f"/messages/{first}/edit/", text="1", keep=True)
    assert response.status_code == 201
    assert await words(alice, made) == ["user: one", "assistant: 1", "user: two", "assistant: two"]
    copies = (await shown(alice, made))[2:]
    assert not {copy["id"] for copy in copies} & {second, last}
    assert [(copy["run"], copy["cost"], copy["siblings"]) for copy in copies] == [
        (None, None, [copy["id"]]) for copy in copies
    ]
    assert copies[1]["model_id"] == "echo-r0" and copies[1]["usage"] is not None
    await alice.post(f"/messages/{first}/show/")
    assert [message["id"] for message in await shown(alice, made)] == [question, first, second, last]


async def test_every_tab_follows(alice: Person) -> None:
    made, [_, answer] = await said(alice, "Which?")
    async with alice.watch(f"/ws/c/{made}/") as socket:
        await socket.receive()
        edited = (await command(alice, f"/messages/{answer}/edit/", text="This one.")).json()["messages"][0]
        assert (await socket.until("message.created"))["message"] == edited
        assert (await socket.until("conversation.updated"))["conversation"]["leaf"] == edited["id"]


async def test_the_same_client_id_again_gives_the_same_message(alice: Person) -> None:
    made, [_, answer] = await said(alice, "Which?")
    client_id = str(uuid.uuid4())
    first = await command(alice, f"/messages/{answer}/edit/", text="This one.", client_id=client_id)
    second = await command(alice, f"/messages/{answer}/edit/", text="This one.", client_id=client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len((await shown(alice, made))[-1]["siblings"]) == 2


async def test_a_form_goes_to_the_conversation(alice: Person) -> None:
    made, [_, answer] = await said(alice, "Which?")
    async with alice.http(Accept="text/html") as http:
        fields = {"client_id": str(uuid.uuid4()), "text": "By form", "keep": "on"}
        response = await http.post(f"/messages/{answer}/edit/", data=fields)
    assert (response.status_code, response.headers["location"]) == (303, f"/c/{made}/")
    assert await words(alice, made) == ["user: Which?", "assistant: By form"]


async def test_an_answer_that_is_being_written_is_not_edited(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    path = f"/messages/{made['messages'][1]['id']}/edit/"
    assert refusal(await command(alice, path, text="x")) == (409, "answer_running")
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    stopped = await alice.answer(made["id"])
    assert (await command(alice, path, text="Enough.")).status_code == 201
    assert text_of(stopped) != "Enough." == text_of(await alice.answer(made["id"]))


async def test_its_fields_are_checked_and_nobody_else_edits(alice: Person, charlie: Person) -> None:
    made, [_, answer] = await said(alice, "Which?")
    path = f"/messages/{answer}/edit/"
    assert refusal(await command(alice, path, text=" ")) == (400, "text_missing")
    assert refusal(await command(alice, path, text="x", client_id="1")) == (400, "client_id_missing")
    assert refusal(await command(charlie, path, text="x")) == (404, "not_found")
    assert len(await shown(alice, made)) == 2
