"""The same asked of several models: calls that know nothing of each other, whose answers stand side by side."""

import threading
import uuid
from typing import Any

import pytest

from tests.conversations.several import mixed, pieces, side_by_side, texts_of
from tests.site import Person
from tests.site.person import Json
from tests.upstream import Reset, Upstream, WaitFor, stream_answer

TWO: Json = {"model_id": "any-t3-r0", "also": [{"model_id": "echo-r0"}]}


def command(**fields: Any) -> Json:
    return {"client_id": str(uuid.uuid4()), **fields}


def asked(upstream: Upstream, text: str) -> list[str]:
    """The models that were asked this."""
    bodies = [request.json for request in upstream.requests if "chat" in request.path]
    return [body["model"] for body in bodies if body["messages"][-1]["content"] == text]


async def test_two_models_answer_the_same_side_by_side(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Compare", **TWO)
    assert [run["model_id"] for run in made["runs"]] == ["any-t3-r0", "echo-r0"]
    conversation, answers = await side_by_side(alice, made["id"])
    assert texts_of(answers) == ["w0001 w0002 w0003 ", "Compare"]
    assert conversation["beside"] and len({answer["beside"] for answer in answers}) == 1
    assert sorted(asked(upstream, "Compare")) == ["any-t3-r0", "echo-r0"]
    sent = await alice.send(made["id"], "Next")
    assert sent["run"]["model_id"] == "any-t3-r0"  # the first one counts as the one that was used last


async def test_a_provider_may_be_named_for_each(alice: Person) -> None:
    made = await alice.begin("Compare", model_id="echo-r0", also=[{"provider": "sandbox", "model_id": "sandbox-echo"}])
    assert [run["provider"] for run in made["runs"]] == ["environment", "sandbox"]
    _, answers = await side_by_side(alice, made["id"])
    assert {answer["status"] for answer in answers} == {"completed"}


async def test_one_that_fails_leaves_the_other(alice: Person) -> None:
    made = await alice.begin("Compare", model_id="any-e401", also=[{"model_id": "any-t3-r0"}])
    _, answers = await side_by_side(alice, made["id"])
    assert [answer["status"] for answer in answers] == ["failed", "completed"]


async def test_one_that_is_stopped_leaves_the_other(alice: Person, upstream: Upstream) -> None:
    goes_on = threading.Event()
    for _ in range(2):
        begun = stream_answer(*pieces(["some "], finish=None), ended=False)
        upstream.script([*begun, WaitFor(goes_on), *stream_answer(*pieces([], ["x"]))[1:]])
    made = await alice.begin("Compare", **TWO)
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        while texts_of([*socket.messages[1:], *socket.beside]) != ["some ", "some "]:
            await socket.receive()
        await alice.post(f"/runs/{made['runs'][1]['id']}/stop/")
        assert (await socket.until("run.finished"))["run"] == made["runs"][1]["id"]
        assert made["run"]["id"] in socket.runs
        goes_on.set()
        await socket.until_quiet()
    _, answers = await side_by_side(alice, made["id"])
    assert [answer["status"] for answer in answers] == ["completed", "cancelled"]


async def test_several_models_may_give_several_answers_each(alice: Person, upstream: Upstream) -> None:
    for _ in range(2):
        upstream.script(mixed(["a"], ["b"]))
    made = await alice.begin("Four", **TWO, params={"n": 2})
    _, answers = await side_by_side(alice, made["id"])
    assert texts_of(answers) == ["a", "b", "a", "b"]
    assert [answer["model_id"] for answer in answers] == ["any-t3-r0"] * 2 + ["echo-r0"] * 2


async def test_the_same_command_again_asks_nobody(alice: Person, upstream: Upstream) -> None:
    fields = command(text="Once", **TWO)
    first, again = [await alice.post("/c/", **fields) for _ in range(2)]
    assert (first.status_code, again.status_code) == (201, 200)
    ids = [[run["id"] for run in response.json()["runs"]] for response in (first, again)]
    assert ids[0] == ids[1]
    await side_by_side(alice, first.json()["id"])
    assert len(asked(upstream, "Once")) == 2


async def test_another_answer_joins_the_one_that_is_there_and_its_companions(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("One", model_id="any-t3-r0")
    answer = await alice.answer(made["id"])
    path = f"/messages/{answer['id']}/regenerate/"
    async with alice.watch(f"/ws/c/{made['id']}/") as tab:
        await tab.receive()
        assert (await alice.post(path, **command(model_id="echo-r0", beside=True))).status_code == 201
        assert (await tab.until("message.updated"))["message"]["beside"] == answer["id"]
    conversation, answers = await side_by_side(alice, made["id"])
    assert sorted(texts_of(answers)) == ["One", "w0001 w0002 w0003 "] and conversation["beside"]
    await alice.post(path, **command(model_id="any-t1-r0", beside=True))
    _, answers = await side_by_side(alice, made["id"])
    assert sorted(texts_of(answers)) == ["One", "w0001 ", "w0001 w0002 w0003 "]
    await alice.post(path, **command(model_id="any-t2-r0"))
    _, answers = await side_by_side(alice, made["id"])
    assert texts_of(answers) == ["w0001 w0002 "]


async def test_without_scripts_the_page_has_a_column_for_each(alice: Person, upstream: Upstream) -> None:
    upstream.script([*stream_answer(*pieces(["half"], finish=None), ended=False), Reset()])
    made = await alice.begin("Compare", model_id="echo-r0", also=[{"model_id": "any-t1-r0"}])
    _, answers = await side_by_side(alice, made["id"])
    page = (await alice.get(f"/c/{made['id']}/", Accept="text/html")).text
    for number, answer in enumerate(answers, 1):
        assert f"{number} of 2" in page
        assert f'formaction="/messages/{answer["id"]}/show/"' in page
    assert page.count("data-column-head") == 2
    await alice.post(f"/messages/{answers[1]['id']}/show/")
    page = (await alice.get(f"/c/{made['id']}/", Accept="text/html")).text
    assert "data-column-head" not in page and "2 / 2" in page


@pytest.mark.parametrize(
    "also",
    [
        "echo",
        "[",
        {"model_id": "echo"},
        [{}],
        [{"model_id": ""}],
        ["echo"],
        [{"model_id": "a", "provider": 3}],
        7,
        [None],
    ],
)
async def test_what_does_not_name_models_is_refused(alice: Person, upstream: Upstream, also: Any) -> None:
    response = await alice.post("/c/", **command(text="Who", also=also))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")
    assert asked(upstream, "Who") == []


async def test_more_than_eight_answers_are_refused(alice: Person, upstream: Upstream) -> None:
    for fields in ({"also": [{"model_id": "echo-r0"}] * 8}, {**TWO, "params": {"n": 5}}):
        response = await alice.post("/c/", **command(text="Many", **fields))
        assert (response.status_code, response.json()["error"]["code"]) == (400, "too_many_answers")
    assert asked(upstream, "Many") == []


async def test_a_ninth_answer_cannot_join_eight(alice: Person, upstream: Upstream) -> None:
    upstream.script(mixed(*[[str(number)] for number in range(8)]))
    made = await alice.begin("Eight", params={"n": 8})
    _, answers = await side_by_side(alice, made["id"])
    response = await alice.post(f"/messages/{answers[3]['id']}/regenerate/", **command(beside=True))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "too_many_answers")
    conversation, after = await side_by_side(alice, made["id"])
    assert after == answers and conversation["beside"]


async def test_an_unknown_provider_refuses_the_whole_command(alice: Person, upstream: Upstream) -> None:
    also = [{"provider": "nowhere", "model_id": "echo-r0"}]
    response = await alice.post("/c/", **command(text="Who", model_id="echo-r0", also=also))
    assert (response.status_code, response.json()["error"]["code"]) == (400, "unknown_provider")
    assert asked(upstream, "Who") == []
