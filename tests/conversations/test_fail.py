"""Failing: every broken upstream ends in a code, one sentence, and the text so far."""

import pytest

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream


@pytest.mark.parametrize(
    ("model", "code"),
    [
        ("any-e400", "upstream_refused"),
        ("any-e401", "invalid_key"),
        ("any-e403", "upstream_refused"),
        ("any-e500", "upstream_refused"),
    ],
)
async def test_an_error_answer_has_its_code_and_one_sentence(alice: Person, model: str, code: str) -> None:
    made = await alice.begin("Fail", model_id=model)
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    message = socket.messages[-1]
    assert (message["status"], message["error"]["code"]) == ("failed", code)
    assert message["error"]["message"].endswith(".")
    assert message["error"]["data"]["status"] == int(model.removeprefix("any-e"))


async def test_a_connection_that_breaks_off_keeps_the_text(alice: Person) -> None:
    made = await alice.begin("Break", model_id="any-x30-r200")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
    assert socket.messages[-1]["status"] == "failed"
    assert socket.messages[-1]["error"]["code"] == "upstream_broken_off"
    assert socket.text == "".join(f"w{n:04d} " for n in range(1, 31))
    assert text_of(await alice.answer(made["id"])) == socket.text


async def test_an_answer_cut_by_its_limit_is_incomplete(alice: Person) -> None:
    made = await alice.begin("Cut", model_id="any-t10-r0-l")
    answer = await alice.answer(made["id"])
    assert (answer["status"], answer["finish_reason"]) == ("incomplete", "length")


async def test_a_failed_answer_can_be_tried_again_beside_it(alice: Person) -> None:
    made = await alice.begin("Fail", model_id="any-e400")
    failed = await alice.answer(made["id"])
    path = f"/messages/{failed['id']}/regenerate/"
    response = await alice.post(path, client_id="1" * 32, model_id="any-t3-r0")
    assert response.status_code == 201
    answer = await alice.answer(made["id"])
    assert answer["status"] == "completed"
    assert answer["siblings"] == [failed["id"], answer["id"]]


async def test_the_page_of_a_failed_answer_says_why(alice: Person) -> None:
    made = await alice.begin("Fail", model_id="any-e401")
    failed = await alice.answer(made["id"])
    page = await alice.get(made["url"], Accept="text/html")
    assert failed["error"]["message"].split(".")[0] in page.text


async def test_the_key_is_never_shown(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Fail", model_id="any-e401")
    await alice.answer(made["id"])
    page = await alice.get(made["url"], Accept="text/html")
    assert "sk-test" not in page.text and "sk-test" not in "".join(alice.site.log)
