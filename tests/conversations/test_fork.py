"""POST /messages/<uuid>/fork/: a conversation of its own that begins with the branch down to a message."""

import uuid

from tests.conversations.growing import command, refusal, said, shown, words
from tests.site import Person


async def test_a_fork_has_the_words_and_neither_runs_nor_costs(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    await alice.post(f"/c/{made}/rename/", title="Numbers")
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        response = await command(alice, f"/messages/{ids[1]}/fork/")
        assert response.status_code == 201
        told = (await me.until("conversation.created"))["conversation"]
    fork = response.json()
    assert (told["id"], told["url"], told["title"]) == (fork["id"], fork["url"], "Numbers (2)")
    assert await words(alice, fork["id"]) == ["user: one", "assistant: one"]
    copies = await shown(alice, fork["id"])
    assert not {copy["id"] for copy in copies} & set(ids)
    assert [(copy["run"], copy["cost"], copy["model_id"]) for copy in copies] == [
        (None, None, ""),
        (None, None, "echo-r0"),
    ]
    assert alice.site.query("SELECT COUNT(*) FROM conversations_run WHERE conversation_id = ?", key(alice, fork)) == [
        (0,)
    ]
    await alice.talk(fork["id"], "three", model_id="echo-r0")
    assert len(await shown(alice, fork["id"])) == 4
    assert [message["id"] for message in await shown(alice, made)] == ids


def key(person: Person, made: dict[str, str]) -> str:
    """An id as the database has it."""
    return made["id"] if person.site.database_url else uuid.UUID(made["id"]).hex


async def test_each_fork_of_a_title_has_the_next_number(alice: Person) -> None:
    made, [question, _] = await said(alice, "one")
    title = f"Numbers {uuid.uuid4()}"
    await alice.post(f"/c/{made}/rename/", title=title)
    for number in (2, 3):
        fork = (await command(alice, f"/messages/{question}/fork/")).json()
        page = await alice.get(fork["url"], Accept="text/html")
        assert f"<title>{title} ({number})" in page.text
    again = (await shown(alice, fork["id"]))[0]["id"]
    page = await alice.get((await command(alice, f"/messages/{again}/fork/")).json()["url"], Accept="text/html")
    assert f"<title>{title} (4)" in page.text


async def test_the_same_client_id_again_gives_the_same_conversation(alice: Person) -> None:
    _, [question, _] = await said(alice, "one")
    client_id = str(uuid.uuid4())
    first = await command(alice, f"/messages/{question}/fork/", client_id=client_id)
    second = await command(alice, f"/messages/{question}/fork/", client_id=client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


async def test_what_says_nothing_is_left_out_and_a_form_goes_there(alice: Person) -> None:
    made = await alice.begin("Fails", model_id="any-e401")
    failed = await alice.answer(made["id"])
    async with alice.http(Accept="text/html") as http:
        response = await http.post(f"/messages/{failed['id']}/fork/", data={"client_id": str(uuid.uuid4())})
    assert response.status_code == 303
    fork = response.headers["location"].split("/")[2]
    assert await words(alice, fork) == ["user: Fails"]


async def test_not_of_what_is_being_written_and_not_by_somebody_else(alice: Person, charlie: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    question, answer = (message["id"] for message in made["messages"])
    assert refusal(await command(alice, f"/messages/{answer}/fork/")) == (409, "answer_running")
    assert (await command(alice, f"/messages/{question}/fork/")).status_code == 201
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])
    assert refusal(await command(charlie, f"/messages/{question}/fork/")) == (404, "not_found")
    assert refusal(await command(alice, f"/messages/{question}/fork/", client_id="")) == (400, "client_id_missing")
