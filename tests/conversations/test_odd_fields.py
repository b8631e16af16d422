"""Fields that no browser would send: each is stored or refused with a sentence, and never breaks the site."""

import json
import uuid
from typing import Any

import pytest

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream

HALF = "\ud83d"  # half of a surrogate pair: no database keeps it


async def sent_raw(person: Person, path: str, body: str) -> Any:
    """JSON as it stands: httpx itself would refuse some of it."""
    async with person.http(**{"Content-Type": "application/json"}) as http:
        return await http.post(path, content=body.encode())


def body(**fields: Any) -> str:
    return json.dumps({"client_id": str(uuid.uuid4()), "text": "x", "model_id": "any-t1-r0", **fields})


@pytest.mark.parametrize("odd", [HALF, f"a{HALF}b", "a\x00b"])
@pytest.mark.parametrize("field", ["text", "model_id"])
async def test_half_characters_and_nul_do_not_break_a_message(alice: Person, field: str, odd: str) -> None:
    response = await sent_raw(alice, "/c/", body(**{field: odd}))
    assert response.status_code == 201
    assert (await alice.answer(response.json()["id"]))["status"] in ("completed", "failed")


async def test_half_characters_and_nul_in_parameters_do_not_break_a_message(alice: Person, upstream: Upstream) -> None:
    params = {"metadata": {f"a{HALF}": [f"b{HALF}", "c\x00d"]}}
    response = await sent_raw(alice, "/c/", body(params=params))
    assert response.status_code == 201
    assert (await alice.answer(response.json()["id"]))["status"] == "completed"
    [asked] = [request for request in upstream.requests if "chat" in request.path]
    assert asked.json["metadata"] == {"a?": ["b?", "cd"]}


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
async def test_numbers_that_json_does_not_have_are_refused(alice: Person, number: str) -> None:
    response = await sent_raw(alice, "/c/", body(params={"temperature": 5}).replace("5}", number + "}"))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")


async def test_a_half_character_in_a_title_is_replaced(alice: Person) -> None:
    made = await alice.begin("Old", model_id="any-t1-r0")
    response = await sent_raw(alice, f"/c/{made['id']}/rename/", json.dumps({"title": f"a{HALF}\x00b"}))
    assert response.json()["conversation"]["title"] == "a?b"
    await alice.answer(made["id"])


async def test_a_text_of_nothing_that_can_be_stored_is_missing(alice: Person) -> None:
    for text in ("\x00", " \x00\n", 0, False, [], {}):
        response = await sent_raw(alice, "/c/", body(text=text))
        assert (response.status_code, response.json()["error"]["code"]) == (400, "text_missing"), repr(text)


async def test_a_model_id_of_nothing_that_can_be_stored_is_refused(alice: Person) -> None:
    response = await sent_raw(alice, "/c/", body(model_id="\x00"))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "model_id_too_long")


async def test_a_new_conversation_has_no_message_to_follow(alice: Person) -> None:
    other = await alice.begin("Other", model_id="any-t1-r0")
    answer = await alice.answer(other["id"])
    response = await sent_raw(alice, "/c/", body(parent=answer["id"]))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "unknown_parent")


async def test_odd_model_ids_reach_the_upstream_as_they_are(alice: Person, upstream: Upstream) -> None:
    for model_id in ("org/../mod:el@7 b", "模" * 256, "a'\"<b>&", "%2e%2e"):
        made = await alice.begin("x", model_id=model_id)
        assert (await alice.answer(made["id"]))["model_id"] == model_id
        assert [request for request in upstream.requests if "chat" in request.path][-1].json["model"] == model_id


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("messages", {"provider": ["list"]}),
        ("messages", {"params": [1]}),
        ("messages", {"params": "{broken"}),
        ("messages", {"params": {"p": "x" * 300_000}}),
        ("messages", {"params": json.loads("[" * 600 + "]" * 600)}),
        ("rename", {"title": ""}),
        ("rename", {"title": "x" * 201}),
        ("rename", {"title": 5}),
    ],
)
async def test_what_is_wrong_with_a_field_is_said_in_a_sentence(alice: Person, path: str, fields: Any) -> None:
    made = await alice.begin("x", model_id="any-t1-r0")
    await alice.answer(made["id"])
    response = await sent_raw(alice, f"/c/{made['id']}/{path}/", body(**fields))
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "invalid")
    [(name, sentence)] = error["data"]["fields"].items()
    assert name in fields and sentence == error["message"]
    assert len(sentence.split()) > 3 and sentence.endswith(".")


async def test_line_ends_of_forms_count_as_one_character(alice: Person) -> None:
    async with alice.http(Accept="application/json") as http:
        fields = {"client_id": str(uuid.uuid4()), "text": "x\r\n" * 500_000, "model_id": "any-t1-r0"}
        response = await http.post("/c/", data=fields)
    assert response.status_code == 201
    assert text_of(response.json()["messages"][0]) == "x\n" * 500_000
    await alice.answer(response.json()["id"])
