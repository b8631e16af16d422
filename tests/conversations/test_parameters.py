"""Parameters that stay: a conversation's, a person's, the site's; what of them a request says, and every refusal."""

import asyncio
import uuid
from typing import Any

import pytest

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream, json_answer

MINE = "/settings/parameters/"


def asked(upstream: Upstream) -> list[dict[str, Any]]:
    """The bodies of the chats that the upstream was asked for."""
    return [request.json for request in upstream.requests if request.path.endswith("/chat/completions")]


async def body_of(person: Person, upstream: Upstream, **fields: Any) -> dict[str, Any]:
    """What a new conversation's first request says beyond the model and the stream."""
    made = await person.begin("Hello", **fields)
    await person.answer(made["id"])
    return said(asked(upstream)[-1])


def said(body: dict[str, Any]) -> dict[str, Any]:
    assert body["stream"] is True
    return {name: value for name, value in body.items() if name not in ("model", "stream", "stream_options")}


HELLO = [{"role": "user", "content": "Hello"}]


@pytest.fixture
async def bob(site: Any, upstream: Upstream) -> Any:
    """Whose standing parameters are his own again afterwards."""
    person = site.person("bob")
    yield person
    await person.post(MINE, reset=["temperature", "seed", "stop", "system"])


async def test_nothing_set_sends_nothing(alice: Person, upstream: Upstream) -> None:
    assert await body_of(alice, upstream) == {"messages": HELLO}


async def test_every_parameter_reaches_the_upstream_as_it_is_called_there(alice: Person, upstream: Upstream) -> None:
    plain = {
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 50,
        "presence_penalty": -1,
        "frequency_penalty": 1.5,
        "stop": ["\n\n", "END"],
        "seed": 7,
        "logit_bias": {"50256": -100},
        "logprobs": True,
        "top_logprobs": 3,
        "reasoning_effort": "low",
        "verbosity": "low",
    }
    ours = {"system": "Be brief.", "name": "ada", "timeout": 60, "user_id": True, "extra": {"top_k": 40}}
    body = await body_of(alice, upstream, parameters={**plain, **ours})
    first, question = body.pop("messages")
    assert first == {"role": "system", "content": "Be brief."}
    assert question == {"role": "user", "content": "Hello", "name": "ada"}
    user = body.pop("user")
    assert len(user) == 64 and body == {**plain, "top_k": 40}
    again = await body_of(alice, upstream, params={"user_id": True})
    assert again["user"] == user, "the same for the same person"


async def test_a_conversations_own_hold_from_its_first_message_on_and_other_tabs_hear_of_a_change(
    alice: Person, upstream: Upstream
) -> None:
    made = await alice.begin("Hello", parameters={"temperature": 0.2, "name": "ada"})
    await alice.answer(made["id"])
    path = f"/c/{made['id']}/parameters/"
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
        response = await alice.post(path, values={"system": "Be brief.", "temperature": 0}, reset=["name"])
        assert response.status_code == 200, response.text
        told = await socket.until("parameters.updated")
        holds = {"count": 2, "tokens": 7, "answers": 1}  # nine characters, and what each message has besides
        assert told == {"type": "parameters.updated", "conversation": made["id"], **holds}
    await alice.send(made["id"], "Again")
    answer = await alice.answer(made["id"])
    first, *_rest, last = asked(upstream)[-1]["messages"]
    assert first == {"role": "system", "content": "Be brief."} and "name" not in last
    assert asked(upstream)[-1]["temperature"] == 0
    again = await alice.post(f"/messages/{answer['id']}/regenerate/", client_id=str(uuid.uuid4()))
    assert again.status_code == 201
    await alice.answer(made["id"])
    assert asked(upstream)[-1] == asked(upstream)[-2]
    shown = (await alice.get(path)).json()
    assert shown["own"] == shown["effective"] == {"system": "Be brief.", "temperature": 0}
    assert shown["fields"]["temperature"] == {"text": "0", "state": "", "set": True, "off": False, "below": None}
    assert shown["count"] == 2
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:  # and who missed the event
        assert (await socket.receive())["conversation"]["parameters"] == holds


async def test_field_by_field_the_nearest_wins_and_one_request_over_all(bob: Person, upstream: Upstream) -> None:
    response = await bob.post(MINE, values={"temperature": 0.3, "seed": 1, "stop": ["x"]})
    assert response.json()["personal"]["own"] == {"temperature": 0.3, "seed": 1, "stop": ["x"]}
    assert await body_of(bob, upstream) == {"messages": HELLO, "temperature": 0.3, "seed": 1, "stop": ["x"]}
    own = {"temperature": 0.4, "stop": None}
    body = await body_of(bob, upstream, parameters=own, params={"seed": 2})
    assert body == {"messages": HELLO, "temperature": 0.4, "seed": 2}
    body = await body_of(bob, upstream, parameters=own, params={"temperature": None})
    assert body == {"messages": HELLO, "seed": 1}
    made = await bob.begin("Hello", parameters=own)
    await bob.answer(made["id"])
    shown = (await bob.get(f"/c/{made['id']}/parameters/")).json()
    assert shown["sources"] == {"temperature": "conversation", "seed": "personal"}
    assert shown["fields"]["temperature"]["below"] == {"text": "0.3", "source": "personal"}
    assert shown["fields"]["stop"]["off"] is True
    await bob.post(MINE, values={"seed": 3}, reset=["stop", "temperature"])
    await bob.send(made["id"], "Again")
    await bob.answer(made["id"])
    assert (asked(upstream)[-1]["seed"], asked(upstream)[-1]["temperature"]) == (3, 0.4)


async def test_the_request_behind_an_answer_stays_true_after_a_change(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", parameters={"system": "Be brief.", "name": "ada", "user_id": True, "seed": 1})
    answer = await alice.answer(made["id"])
    await alice.post(f"/c/{made['id']}/parameters/", reset=["system", "name", "user_id", "seed"])
    found = (await alice.get(f"/messages/{answer['id']}/request/")).json()
    assert {**found["body"], "stream": True} == asked(upstream)[-1]
    assert found["body"]["messages"][0]["role"] == "system" and "seed" in found["body"]


async def test_an_answer_that_is_asked_for_whole_is_whole(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("One two", model_id="echo-r0", parameters={"stream": False})
    answer = await alice.answer(made["id"])
    assert (answer["status"], answer["parts"]) == ("completed", [{"type": "text", "text": "One two"}])
    assert not {"stream", "stream_options"} & asked(upstream)[-1].keys()
    assert answer["usage"]["completion_tokens"] == 2
    found = (await alice.get(f"/messages/{answer['id']}/request/")).json()
    assert found["body"] == asked(upstream)[-1] and '"stream"' not in found["curl"]


async def test_several_answers_can_come_whole_too(alice: Person, upstream: Upstream) -> None:
    choices = [
        {"index": place, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        for place, text in enumerate(("One", "Two"))
    ]
    upstream.script(json_answer({"id": "x", "object": "chat.completion", "model": "m", "choices": choices}))
    made = await alice.begin("Hello", parameters={"stream": False, "n": 2})
    assert len(made["runs"]) == 2
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        snapshot = await socket.receive()
    answers = [snapshot["messages"][-1], *snapshot["beside"]]
    assert [text_of(one) for one in answers] == ["One", "Two"]
    assert asked(upstream)[-1]["n"] == 2


async def test_a_time_limit_ends_a_request_and_keeps_what_came(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", model_id="any-t5-h2", parameters={"timeout": 3})
    answer = await alice.answer(made["id"])
    assert answer["status"] == "failed"
    assert "w0002" in answer["parts"][0]["text"]


async def test_what_the_server_does_not_take_is_left_out_and_the_answer_says_so(
    alice: Person, upstream: Upstream
) -> None:
    refusal = {"message": "Unsupported parameter: 'verbosity'", "param": "verbosity", "code": "unsupported_parameter"}
    upstream.script(json_answer({"error": refusal}, 400))
    model = f"any-t1-r0-{uuid.uuid4().hex[:6]}"
    made = await alice.begin("Hello", model_id=model, parameters={"verbosity": "low", "temperature": 1})
    answer = await alice.answer(made["id"])
    assert (answer["status"], answer["left_out"]) == ("completed", ["verbosity"])
    assert [set(body) & {"verbosity", "temperature"} for body in asked(upstream)] == [
        {"verbosity", "temperature"},
        {"temperature"},
    ]
    while not (shown := (await alice.get(f"/c/{made['id']}/parameters/")).json())["refused"]:
        await asyncio.sleep(0.05)  # until it is stored
    assert list(shown["refused"]) == ["verbosity"] and model in shown["refused"]["verbosity"]
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
        await alice.send(made["id"], "Again")
        assert (await socket.until("run.finished"))["left_out"] == ["verbosity"]
    family = (await alice.get(f"/c/{made['id']}/parameters/?provider=sandbox&model_id=gpt-5-mini")).json()
    assert {"temperature", "top_p", "stop"} <= family["refused"].keys()


async def test_a_form_sets_all_of_it_or_some(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", parameters={"temperature": 0.2, "seed": 5})
    await alice.answer(made["id"])
    path = f"/c/{made['id']}/parameters/"
    async with alice.http(Accept="text/html") as http:
        response = await http.post(path, data={"only": "stop", "stop_1": "\\n\\n##", "stop_2": "END", "seed": ""})
        assert (response.status_code, response.headers["location"]) == (303, f"/c/{made['id']}/")
    own = {"temperature": 0.2, "seed": 5, "stop": ["\n\n##", "END"]}
    assert (await alice.get(path)).json()["own"] == own
    async with alice.http(Accept="text/html") as http:
        await http.post(
            path, data={"logit_bias": "50256 -100\n13: 1", "extra": '{"top_k": 4}', "temperature_off": "on"}
        )
        refused = await http.post(path, data={"temperature": "3", "seed": "8"})
    shown = (await alice.get(path)).json()
    assert shown["own"] == {"logit_bias": {"50256": -100, "13": 1}, "extra": {"top_k": 4}, "temperature": None}
    assert refused.status_code == 400
    assert "Temperature is a number from 0 to 2." in refused.text and 'value="8"' in refused.text, (
        "what was typed stays"
    )


async def test_a_new_conversation_is_prepared_without_storing_anything_and_begun_by_a_form(
    alice: Person, upstream: Upstream
) -> None:
    first = await alice.post("/parameters/", own={}, values={"temperature": 0.5})
    assert first.json()["own"] == {"temperature": 0.5}
    second = await alice.post("/parameters/", own=first.json()["own"], values={"seed": 1}, reset=["temperature"])
    assert second.json()["own"] == {"seed": 1}
    assert (await alice.get("/parameters/")).json()["own"] == {}
    async with alice.http(Accept="text/html") as http:
        refused = await http.post("/parameters/", data={"temperature": "5", "begin": "1"})
        assert (refused.status_code, "Temperature is a number" in refused.text) == (400, True)
        made = await http.post("/parameters/", data={"temperature": "0.5", "stop_1": "\\t", "begin": "1"})
    assert made.status_code == 303
    shown = (await alice.get(f"{made.headers['location']}parameters/")).json()
    assert shown["own"] == {"temperature": 0.5, "stop": ["\t"]}


async def test_presets_are_saved_under_a_name_taken_over_replaced_and_deleted(
    alice: Person, charlie: Person, upstream: Upstream
) -> None:
    name = f"Careful {uuid.uuid4().hex[:6]}"
    saved = await alice.post(f"{MINE}presets/", name=name, parameters={"temperature": 0.1, "seed": None})
    assert saved.status_code == 201
    preset = saved.json()["preset"]
    assert (await alice.post(f"{MINE}presets/", name=name, parameters={"temperature": 0.2})).status_code == 200
    made = await alice.begin("Hello", parameters={"top_p": 0.5})
    await alice.answer(made["id"])
    path = f"/c/{made['id']}/parameters/"
    taken = await alice.post(path, preset=preset["id"])
    assert (taken.json()["own"], taken.json()["preset"]) == ({"temperature": 0.2}, preset["id"])
    example = await alice.post(path, preset="balanced")
    assert example.json()["effective"] == {"max_tokens": 2048, "n": 1, "temperature": 0.7}
    assert (await charlie.post(f"{MINE}presets/{preset['id']}/delete/")).status_code == 404
    assert preset["id"] not in {one["id"] for one in (await charlie.get("/parameters/")).json()["presets"]}
    theirs = await charlie.begin("Hello")
    await charlie.answer(theirs["id"])
    assert (await charlie.post(f"/c/{theirs['id']}/parameters/", preset=preset["id"])).status_code == 404
    assert (await alice.post(f"{MINE}presets/{preset['id']}/delete/")).status_code == 200
    assert (await alice.post(path, preset=preset["id"])).status_code == 404


async def test_the_sites_parameters_are_its_owners_to_set_and_hold_for_everybody(site: Any, upstream: Upstream) -> None:
    bob, charlie = site.person("bob"), site.person("charlie")
    assert (await bob.post(MINE, values={"seed": 9}, **{"for": "everybody"})).status_code == 404
    site.query("UPDATE accounts_user SET is_owner = true WHERE email LIKE 'charlie%' RETURNING id")
    try:
        response = await charlie.post(MINE, values={"presence_penalty": 1}, **{"for": "everybody"})
        assert response.status_code == 200, response.text
        assert await body_of(bob, upstream) == {"messages": HELLO, "presence_penalty": 1}
        assert await body_of(bob, upstream, params={"presence_penalty": None}) == {"messages": HELLO}
    finally:
        await charlie.post(MINE, reset=["presence_penalty"], **{"for": "everybody"})
        site.query("UPDATE accounts_user SET is_owner = false WHERE email LIKE 'charlie%' RETURNING id")
    assert await body_of(bob, upstream) == {"messages": HELLO}
