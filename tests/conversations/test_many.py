"""n > 1: one request, several answers to one question that are written together and stand side by side."""

import asyncio
import threading
import uuid
from typing import Any

import pytest

from tests.conversations.several import USAGE, mixed, pieces, side_by_side, texts_of
from tests.site import Person
from tests.site.person import Json, text_of
from tests.upstream import Reset, Upstream, WaitFor, done, json_answer, sse, stream_answer, text_chunk

THREE: Json = {"params": {"n": 3}}
A, B, C = ["a1 ", "a2 ", "a3 "], ["b1 ", "b2 "], ["c1 "]


def asked(upstream: Upstream, text: str) -> list[Json]:
    """The bodies of the requests that asked this."""
    bodies = [request.json for request in upstream.requests if "chat" in request.path]
    return [body for body in bodies if any(message["content"] == text for message in body["messages"])]


def command(**fields: Any) -> Json:
    return {"client_id": str(uuid.uuid4()), **fields}


async def test_one_request_brings_three_answers_that_are_written_together(alice: Person, upstream: Upstream) -> None:
    goes_on = threading.Event()
    begun = stream_answer(*pieces(A, B, C, finish=None), ended=False)
    rest = stream_answer(*[text_chunk(index=place, finish="stop") for place in range(3)], done())[1:]
    upstream.script([*begun, WaitFor(goes_on), *rest])
    made = await alice.begin("Three", **THREE)
    assert [message["role"] for message in made["messages"]] == ["user", *["assistant"] * 3]
    assert made["run"] == made["runs"][0] and len(made["runs"]) == 3
    answers = made["messages"][1:]
    assert {message["parent"] for message in answers} == {made["messages"][0]["id"]}
    assert [message["siblings"] for message in answers] == [[one["id"] for one in answers]] * 3
    assert {message["beside"] for message in answers} == {answers[0]["id"]}
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        snapshot = await socket.receive()
        assert [message["id"] for message in snapshot["messages"]] == [m["id"] for m in made["messages"][:2]]
        assert [message["id"] for message in snapshot["beside"]] == [m["id"] for m in answers[1:]]
        shown = [*snapshot["messages"][1:], *snapshot["beside"]]
        while texts_of(shown) != ["a1 a2 a3 ", "b1 b2 ", "c1 "]:
            await socket.receive()
        assert len(socket.runs) == 3
        goes_on.set()
        await socket.until_quiet()
    assert socket.faults == []
    assert [body["n"] for body in asked(upstream, "Three")] == [3]
    conversation, found = await side_by_side(alice, made["id"])
    assert (conversation["beside"], conversation["leaf"]) == (True, answers[0]["id"])
    assert {message["status"] for message in found} == {"completed"}


async def test_their_usage_adds_up_to_what_the_server_counted(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    made = await alice.begin("Count", **THREE)
    _, answers = await side_by_side(alice, made["id"])
    for name, count in USAGE.items():
        assert sum(answer["usage"][name] for answer in answers) == count
    written = [answer["usage"]["completion_tokens"] for answer in answers]
    assert written == sorted(written, reverse=True)


async def test_the_same_command_again_gives_the_same_runs(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    fields = command(text="Once", **THREE)
    first = await alice.post("/c/", **fields)
    again = await alice.post("/c/", **fields)
    assert (first.status_code, again.status_code) == (201, 200)
    ids = [[run["id"] for run in response.json()["runs"]] for response in (first, again)]
    assert ids[0] == ids[1] and len(ids[0]) == 3
    names = [[message["id"] for message in response.json()["messages"]] for response in (first, again)]
    assert names[0] == names[1]
    await side_by_side(alice, first.json()["id"])
    assert len(asked(upstream, "Once")) == 1


async def test_edit_and_regenerate_take_n_and_continue_does_not(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("One", model_id="any-t3-r0")
    question, answer = made["messages"]
    await alice.answer(made["id"])
    upstream.script(mixed(A, B))
    again = await alice.post(f"/messages/{answer['id']}/regenerate/", **command(params={"n": 2}))
    _, found = await side_by_side(alice, made["id"])
    assert texts_of(found) == ["a1 a2 a3 ", "b1 b2 "]
    assert found[0]["siblings"] == [answer["id"], *(m["id"] for m in again.json()["messages"])]
    upstream.script(stream_answer(*pieces(B, C, finish="length"), done()))
    edited = await alice.post(f"/messages/{question['id']}/edit/", **command(text="Two", params={"n": 2}))
    _, found = await side_by_side(alice, made["id"])
    assert [message["status"] for message in found] == ["incomplete", "incomplete"]
    second = edited.json()["messages"][2]["id"]
    upstream.script(mixed(["more"]))
    goes_on = await alice.post(f"/messages/{second}/continue/", **command(params={"n": 2}))
    assert (goes_on.status_code, "runs" in goes_on.json()) == (201, False)
    _, found = await side_by_side(alice, made["id"])
    assert texts_of(found) == ["b1 b2 ", "c1 more"]
    assert "n" not in asked(upstream, "Two")[-1]


async def test_to_go_on_with_one_shows_it_alone(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    made = await alice.begin("Choose", **THREE)
    await side_by_side(alice, made["id"])
    chosen = made["messages"][2]["id"]
    async with alice.watch(f"/ws/c/{made['id']}/") as tab:
        await tab.receive()
        response = await alice.post(f"/messages/{chosen}/show/")
        assert response.json()["conversation"]["beside"] is False
        told = await tab.until("conversation.updated")
        assert (told["conversation"]["leaf"], told["conversation"]["beside"]) == (chosen, False)
    conversation, shown = await side_by_side(alice, made["id"])
    assert [message["id"] for message in shown] == [chosen] and not conversation["beside"]
    again = await alice.post(f"/messages/{chosen}/show/", beside=True)
    assert (again.json()["conversation"]["beside"], again.json()["conversation"]["leaf"]) == (True, chosen)
    conversation, shown = await side_by_side(alice, made["id"])
    assert (len(shown), shown[0]["id"]) == (3, chosen)
    first = await alice.post(f"/messages/{made['messages'][0]['id']}/show/")
    assert first.json()["conversation"]["beside"] is True  # to the question: all that it was answered with
    sent = await alice.send(made["id"], "Next", parent=chosen, model_id="any-t3-r0")
    assert sent["messages"][0]["parent"] == chosen
    conversation, shown = await side_by_side(alice, made["id"])
    assert len(shown) == 1 and not conversation["beside"]


async def test_a_server_that_gives_one_of_three_leaves_one_and_says_so(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A))
    made = await alice.begin("Few", **THREE)
    async with alice.watch(f"/ws/c/{made['id']}/") as tab:
        await tab.until_quiet()
    conversation, [answer] = await side_by_side(alice, made["id"])
    assert (answer["status"], text_of(answer)) == ("completed", "a1 a2 a3 ")
    assert answer["error"]["code"] == "fewer_answers"
    assert answer["error"]["data"] == {"given": 1, "asked": 3}
    assert answer["siblings"] == [answer["id"]] and answer["beside"] is None
    assert (conversation["beside"], conversation["leaf"]) == (False, answer["id"])
    assert answer["usage"]["completion_tokens"] == USAGE["completion_tokens"]


async def test_the_missing_one_may_be_the_first_that_is_shown(alice: Person, upstream: Upstream) -> None:
    goes_on = threading.Event()
    events = [text_chunk("x ", index=1), text_chunk("y ", index=2)]
    ends = [text_chunk(index=1, finish="stop"), text_chunk(index=2, finish="stop"), done()]
    upstream.script([*stream_answer(*events, ended=False), WaitFor(goes_on), *stream_answer(*ends)[1:]])
    made = await alice.begin("Skips the first", **THREE)
    async with alice.watch(f"/ws/c/{made['id']}/") as tab:
        await tab.receive()
        goes_on.set()
        last = [await tab.until("message.updated") for _ in range(2)][-1]
        assert last["message"]["siblings"] == [message["id"] for message in made["messages"][2:]]
    conversation, found = await side_by_side(alice, made["id"])
    assert texts_of(found) == ["x ", "y "]
    assert (conversation["leaf"], conversation["beside"]) == (found[0]["id"], True)
    assert [bool(message["error"]) for message in found] == [True, False]


async def test_more_than_were_asked_for_are_left_out(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    made = await alice.begin("Two of three", params={"n": 2})
    _, found = await side_by_side(alice, made["id"])
    assert texts_of(found) == ["a1 a2 a3 ", "b1 b2 "]
    assert {message["status"] for message in found} == {"completed"}


async def test_an_error_in_the_middle_ends_those_that_had_not_ended(alice: Person, upstream: Upstream) -> None:
    events = [text_chunk("a", index=0), text_chunk("b", index=1), text_chunk(index=0, finish="stop")]
    error = sse({"error": {"message": "Out of memory", "type": "server_error", "param": None, "code": None}})
    upstream.script(stream_answer(*events, error))
    made = await alice.begin("Breaks", **THREE)
    _, found = await side_by_side(alice, made["id"])
    assert [(message["status"], text_of(message)) for message in found] == [("completed", "a"), ("failed", "b")]


async def test_a_connection_that_drops_leaves_what_came(alice: Person, upstream: Upstream) -> None:
    upstream.script([*stream_answer(*pieces(A, B, finish=None), ended=False), Reset()])
    made = await alice.begin("Drops", params={"n": 2})
    _, found = await side_by_side(alice, made["id"])
    assert [(message["status"], text_of(message)) for message in found] == [
        ("failed", "a1 a2 a3 "),
        ("failed", "b1 b2 "),
    ]
    assert {message["error"]["code"] for message in found} == {"upstream_broken_off"}


async def test_a_refusal_is_said_once(alice: Person, upstream: Upstream) -> None:
    upstream.script(json_answer({"error": {"message": "No.", "type": "x", "param": None, "code": None}}, 403))
    made = await alice.begin("Refused", **THREE)
    conversation, [answer] = await side_by_side(alice, made["id"])
    assert (answer["status"], conversation["beside"]) == ("failed", False)


async def test_to_stop_one_stops_all_of_its_call(alice: Person, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.script([*stream_answer(*pieces(A, B, C, finish=None), ended=False), WaitFor(never)])
    made = await alice.begin("Stopped", **THREE)
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        while "".join(texts_of([*socket.messages[1:], *socket.beside])) != "a1 a2 a3 b1 b2 c1 ":
            await socket.receive()
        response = await alice.post(f"/runs/{made['runs'][2]['id']}/stop/")
        assert (response.status_code, response.json()["run"]["id"]) == (202, made["runs"][2]["id"])
        await socket.until_quiet()
    request = next(request for request in upstream.requests if "chat" in request.path)
    assert await asyncio.to_thread(request.closed.wait, 10)
    _, found = await side_by_side(alice, made["id"])
    assert [message["status"] for message in found] == ["cancelled"] * 3


async def test_a_stop_before_anything_came_leaves_one(alice: Person, upstream: Upstream) -> None:
    never = threading.Event()
    upstream.script([*stream_answer(ended=False), WaitFor(never)])
    made = await alice.begin("Too early", **THREE)
    await alice.post(f"/runs/{made['run']['id']}/stop/")
    _, found = await side_by_side(alice, made["id"])
    assert [message["status"] for message in found] == ["cancelled"]


async def test_each_of_them_can_be_gone_on_with_by_itself(alice: Person, upstream: Upstream) -> None:
    upstream.script([*stream_answer(*pieces(A, B, finish=None), ended=False), Reset()])
    made = await alice.begin("Drops", params={"n": 2})
    await side_by_side(alice, made["id"])
    upstream.script(mixed(["and so on"]))
    second = made["messages"][2]["id"]
    assert (await alice.post(f"/messages/{second}/continue/", **command())).status_code == 201
    _, found = await side_by_side(alice, made["id"])
    assert [message["status"] for message in found] == ["failed", "completed"]
    assert texts_of(found) == ["a1 a2 a3 ", "b1 b2 and so on"]


async def test_a_list_says_running_until_all_have_ended_and_then_that_they_are_news(
    alice: Person, upstream: Upstream
) -> None:
    upstream.script(mixed(A, B, C))
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        made = await alice.begin("Listed", **THREE)
        told = []
        while not told or told[-1]["running"]:
            frame = await me.until("conversation.created", "conversation.updated")
            if frame["conversation"]["id"] == made["id"]:
                told.append(frame["conversation"])
    assert {one["running"] for one in told[:-1]} == {True}
    assert told[-1]["unread"] is True


async def test_one_line_in_the_log(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    made = await alice.begin("Logged once", **THREE)
    await side_by_side(alice, made["id"])
    log = (await alice.get("/settings/requests/")).json()["requests"]
    assert [call["url"] for call in log if made["id"] in (call["url"] or "")] == [
        f"/c/{made['id']}/#m-{made['messages'][1]['id']}"
    ]
    assert log[0]["completion_tokens"] == USAGE["completion_tokens"]


@pytest.mark.parametrize("count", [0, 9, -1, 1.5, "3", True, [2]])
async def test_n_is_a_whole_number_within_bounds(alice: Person, upstream: Upstream, count: Any) -> None:
    response = await alice.post("/c/", **command(text="How many", params={"n": count}))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")
    assert "1 to 8" in response.json()["error"]["data"]["fields"]["n"]
    assert asked(upstream, "How many") == []


async def test_nobody_else_sees_or_stops_them(alice: Person, charlie: Person, upstream: Upstream) -> None:
    upstream.script(mixed(A, B, C))
    made = await alice.begin("Mine", **THREE)
    for run in made["runs"]:
        assert (await charlie.post(f"/runs/{run['id']}/stop/")).status_code == 404
    await side_by_side(alice, made["id"])
    for message in made["messages"]:
        assert (await charlie.post(f"/messages/{message['id']}/show/")).status_code == 404
