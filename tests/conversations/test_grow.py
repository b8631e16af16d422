"""Growing the tree: regenerate, edit and continue add to it; nothing is overwritten."""

import uuid
from typing import Any

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream


async def command(person: Person, message: str, verb: str, **fields: Any) -> Any:
    return await person.post(f"/messages/{message}/{verb}/", **{"client_id": str(uuid.uuid4()), **fields})


async def test_regenerate_makes_a_sibling_by_the_same_model(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Count", model_id="any-t5-r0")
    first = await alice.answer(made["id"])
    response = await command(alice, first["id"], "regenerate")
    assert response.status_code == 201
    [sibling] = response.json()["messages"]
    assert sibling["parent"] == first["parent"] and sibling["siblings"] == [first["id"], sibling["id"]]
    assert (await alice.answer(made["id"]))["model_id"] == "any-t5-r0"
    last = [request for request in upstream.requests if "chat" in request.path][-1]
    assert [message["role"] for message in last.json["messages"]] == ["user"]


async def test_edit_makes_a_sibling_question_with_its_own_answer(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Helo", model_id="echo-r0")
    await alice.answer(made["id"])
    question = made["messages"][0]["id"]
    response = await command(alice, question, "edit", text="Hello")
    assert response.status_code == 201
    edited, answer = response.json()["messages"]
    assert edited["siblings"] == [question, edited["id"]]
    assert answer["parent"] == edited["id"]
    assert text_of(await alice.answer(made["id"])).strip() == "Hello"


async def test_continue_extends_the_same_message(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Count", model_id="any-x10-r0-g")
    broken = await alice.answer(made["id"])
    assert broken["status"] == "failed"
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        response = await command(alice, broken["id"], "continue")
        assert response.status_code == 201
        assert [message["id"] for message in response.json()["messages"]] == [broken["id"]]
        await socket.until("run.failed")
    assert socket.faults == []
    words, more = ("".join(f"w{n:04d} " for n in range(start, start + 10)) for start in (1, 11))
    assert text_of(await alice.answer(made["id"])) == words + more
    sent = [request for request in upstream.requests if "chat" in request.path][-1].json["messages"]
    assert [message["role"] for message in sent] == ["user", "assistant", "user"]
    assert sent[1]["content"] == words


async def test_continue_joins_what_comes_without_what_it_repeats(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Count", model_id="any-x20-r0-s15")
    broken = await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket, alice.watch(f"/ws/c/{made['id']}/") as other:
        await socket.receive()
        await other.receive()
        assert (await command(alice, broken["id"], "continue")).status_code == 201
        for tab in (socket, other):
            await tab.until("run.failed")
            assert tab.faults == [] and tab.text == "".join(f"w{n:04d} " for n in range(1, 26))
    assert text_of(await alice.answer(made["id"])) == socket.text


async def test_a_continuation_that_says_nothing_new_adds_nothing(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-x20-r0")
    broken = await alice.answer(made["id"])
    await command(alice, broken["id"], "continue")
    after = await alice.answer(made["id"])
    assert (text_of(after), after["status"]) == (text_of(broken), "failed")


async def test_continue_of_a_complete_answer_is_refused(alice: Person) -> None:
    made = await alice.begin("Count")
    answer = await alice.answer(made["id"])
    response = await command(alice, answer["id"], "continue")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "nothing_to_continue")
    question = await command(alice, answer["parent"], "continue")
    assert (question.status_code, question.json()["error"]["code"]) == (409, "nothing_to_continue")


async def test_a_question_cannot_be_regenerated(alice: Person) -> None:
    made = await alice.begin("Count")
    answer = await alice.answer(made["id"])
    response = await command(alice, answer["parent"], "regenerate")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "not_an_answer")


async def test_what_is_still_written_is_neither_regenerated_nor_continued(alice: Person) -> None:
    made = await alice.begin("Slow", model_id="any-t1000-r50")
    answer = made["messages"][1]["id"]
    for verb in ("regenerate", "continue"):
        response = await command(alice, answer, verb)
        assert (response.status_code, response.json()["error"]["code"]) == (409, "answer_running"), verb
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    await alice.answer(made["id"])


async def test_each_of_them_again_with_the_same_client_id_gives_the_same_run(alice: Person) -> None:
    made = await alice.begin("Count", model_id="any-x3-r0")
    answer = await alice.answer(made["id"])
    for verb, message, fields in (
        ("continue", answer["id"], {}),
        ("regenerate", answer["id"], {}),
        ("edit", answer["parent"], {"text": "Again"}),
    ):
        client_id = str(uuid.uuid4())
        first = await command(alice, message, verb, client_id=client_id, **fields)
        await alice.answer(made["id"])
        second = await command(alice, message, verb, client_id=client_id, **fields)
        assert (first.status_code, second.status_code) == (201, 200), verb
        assert first.json()["run"]["id"] == second.json()["run"]["id"]
        assert [m["id"] for m in first.json()["messages"]] == [m["id"] for m in second.json()["messages"]]


async def test_their_fields_are_checked(alice: Person) -> None:
    made = await alice.begin("Count")
    answer = await alice.answer(made["id"])
    for verb, message, fields, code in (
        ("edit", answer["parent"], {"text": ""}, "text_missing"),
        ("edit", answer["parent"], {"text": "x", "client_id": None}, "client_id_missing"),
        ("regenerate", answer["id"], {"provider": "nobody"}, "unknown_provider"),
        ("continue", answer["id"], {"client_id": "x"}, "client_id_missing"),
    ):
        response = await command(alice, message, verb, **fields)
        assert (response.status_code, response.json()["error"]["code"]) == (400, code), (verb, fields)
