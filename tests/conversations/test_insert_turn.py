"""POST /c/<uuid>/turns/: a message written by hand, anywhere in a conversation; nothing is overwritten."""

import uuid

from tests.conversations.growing import command, refusal, said, shown, words
from tests.site import Person
from tests.upstream import Upstream


async def test_a_conversation_may_begin_with_examples(alice: Person, upstream: Upstream) -> None:
    made = (await alice.post("/c/")).json()["id"]
    for role, text in (("system", "Be brief."), ("user", "2+2"), ("assistant", "4")):
        response = await command(alice, f"/c/{made}/turns/", role=role, text=text)
        assert (response.status_code, response.json()["run"]) == (201, None)
        assert response.json()["messages"][0]["by_hand"]
    await alice.talk(made, "3+3", model_id="echo-r0")
    assert await words(alice, made) == ["system: Be brief.", "user: 2+2", "assistant: 4", "user: 3+3", "assistant: 3+3"]
    sent = [request for request in upstream.requests if "chat" in request.path][-1].json["messages"]
    assert [message["role"] for message in sent] == ["system", "user", "assistant", "user"]
    page = (await alice.get(f"/c/{made}/", Accept="text/html")).text
    assert "Be brief." in page and "<title>2+2" in page


async def test_between_two_messages_what_follows_is_copied_below_it_and_the_old_branch_stays(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    response = await command(alice, f"/c/{made}/turns/", role="user", text="between", before=ids[2])
    [inserted] = response.json()["messages"]
    assert (inserted["parent"], inserted["siblings"]) == (ids[1], [ids[2], inserted["id"]])
    now = ["user: one", "assistant: one", "user: between", "user: two", "assistant: two"]
    assert await words(alice, made) == now
    await command(alice, f"/c/{made}/turns/", role="assistant", text="yes", after=inserted["id"])
    assert await words(alice, made) == [*now[:3], "assistant: yes", *now[3:]]
    await alice.post(f"/messages/{ids[2]}/show/")
    assert [message["id"] for message in await shown(alice, made)] == ids


async def test_before_the_first_message(alice: Person) -> None:
    made, ids = await said(alice, "one")
    response = await command(alice, f"/c/{made}/turns/", role="system", text="Be kind.", before=ids[0])
    assert response.json()["messages"][0]["parent"] is None
    assert await words(alice, made) == ["system: Be kind.", "user: one", "assistant: one"]
    assert (await shown(alice, made))[0]["siblings"] == [ids[0], response.json()["messages"][0]["id"]]


async def test_on_a_branch_that_is_not_shown_it_becomes_the_shown_one(alice: Person) -> None:
    made, [question, first] = await said(alice, "one")
    await command(alice, f"/messages/{question}/edit/", text="other", model_id="echo-r0")
    assert await words(alice, made) == ["user: other", "assistant: other"]
    await command(alice, f"/c/{made}/turns/", role="user", text="below", after=first)
    assert await words(alice, made) == ["user: one", "assistant: one", "user: below"]


async def test_every_tab_follows_also_where_much_was_copied(alice: Person) -> None:
    made, ids = await said(alice, "one", "two")
    async with alice.watch(f"/ws/c/{made}/") as socket:
        await socket.receive()
        response = await command(alice, f"/c/{made}/turns/", role="user", text="first", before=ids[0])
        leaf = (await socket.until("conversation.updated"))["conversation"]["leaf"]
        assert leaf == response.json()["conversation"]["leaf"] != socket.messages[-1]["id"]
        await socket.say(type="resync")
        await socket.until("conversation.snapshot")
        assert [len(message["siblings"]) for message in socket.messages] == [2, 1, 1, 1, 1]


async def test_a_question_written_by_hand_is_answered_when_asked_for(alice: Person) -> None:
    made = (await alice.post("/c/")).json()["id"]
    question = (await command(alice, f"/c/{made}/turns/", text="Answer me")).json()["messages"][0]["id"]
    response = await command(alice, f"/messages/{question}/answer/", model_id="echo-r0")
    assert response.status_code == 201 and response.json()["run"]["status"] == "in_progress"
    await alice.answer(made)
    assert await words(alice, made) == ["user: Answer me", "assistant: Answer me"]
    answer = (await shown(alice, made))[-1]["id"]
    assert refusal(await command(alice, f"/messages/{answer}/answer/")) == (400, "not_a_question")


async def test_the_same_client_id_again_gives_the_same_message(alice: Person) -> None:
    made, _ = await said(alice, "one")
    client_id = str(uuid.uuid4())
    first = await command(alice, f"/c/{made}/turns/", text="once", client_id=client_id)
    second = await command(alice, f"/c/{made}/turns/", text="once", client_id=client_id)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["messages"] == second.json()["messages"]
    assert len(await shown(alice, made)) == 3


async def test_nothing_is_inserted_where_an_answer_is_being_written(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    question, answer = (message["id"] for message in made["messages"])
    for place in ({}, {"after": answer}, {"before": answer}, {"after": question}, {"before": question}):
        response = await command(alice, f"/c/{made['id']}/turns/", text="x", **place)
        assert refusal(response) == (409, "answer_running"), place
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])


async def test_its_fields_are_checked_and_nobody_else_inserts(alice: Person, charlie: Person) -> None:
    made, ids = await said(alice, "one")
    _other, theirs = await said(alice, "other")
    path = f"/c/{made}/turns/"
    for fields, code in (
        ({"text": ""}, "text_missing"),
        ({"text": "x", "role": "king"}, "invalid"),
        ({"text": "x", "role": ["user"]}, "invalid"),
        ({"text": "x", "before": ids[0], "after": ids[0]}, "invalid"),
        ({"text": "x", "before": theirs[0]}, "unknown_parent"),
        ({"text": "x", "after": theirs[0]}, "unknown_parent"),
        ({"text": "x", "after": "nowhere"}, "unknown_parent"),
        ({"text": "x", "client_id": None}, "client_id_missing"),
    ):
        assert refusal(await command(alice, path, **fields)) == (400, code), fields
    assert refusal(await command(charlie, path, text="x")) == (404, "not_found")
    assert len(await shown(alice, made)) == 2


async def test_without_scripts_one_example_is_written_after_the_other(alice: Person) -> None:
    async with alice.http(Accept="text/html") as http:
        began = await http.post("/c/")
        empty = await http.get(began.headers["location"])
        assert (began.status_code, "Nothing is said here yet." in empty.text) == (303, True)
        path = f"{began.headers['location']}turns/"
        for role, likely in (("system", "system"), ("user", "user"), ("assistant", "assistant")):
            page = (await http.get(path)).text
            assert f'<option value="{likely}" selected>' in page
            fields = {"client_id": str(uuid.uuid4()), "role": role, "text": f"An example of {role}"}
            response = await http.post(path, data={**fields, "again": "1"})
            assert (response.status_code, response.headers["location"]) == (303, path)
        page = (await http.get(path)).text
        assert page.index("An example of system") < page.index("An example of assistant")
    assert (await alice.site.person("charlie").get(path)).status_code == 404
