"""Answers that end otherwise than with an answer: refusals, tools, thoughts alone, words that nobody knows."""

import pytest

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Upstream, done, sse, stream_answer, text_chunk


def piece(**delta: object) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": None}
    return sse({"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice]})


CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}


async def test_a_refusal_is_a_part_of_its_own_from_its_first_piece(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", model_id="any-t1-r0")
    await alice.answer(made["id"])
    refusal = [piece(role="assistant", content="", refusal=None), piece(refusal="I can't "), piece(refusal="say.")]
    upstream.script(stream_answer(*refusal, text_chunk(finish="stop"), done()))
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_quiet()
        await alice.send(made["id"], "How?")
        finished = await socket.until("run.finished")
        assert socket.messages[-1]["parts"] == [{"type": "refusal", "text": "I can't say."}]
        assert (finished["length"], finished["status"], socket.faults) == (12, "completed", [])
        assert "message.updated" in [frame["type"] for frame in socket.frames]
    answer = await alice.answer(made["id"])
    assert answer["parts"] == [{"type": "refusal", "text": "I can't say."}]
    page = await alice.get(made["url"], Accept="text/html")
    assert page.text.count('data-notice="refused"') == 2  # under the answer, and as a template for scripts
    received = (await alice.get(f"/messages/{answer['id']}/request/")).json()["runs"][0]["received"]
    assert received["choices"][0]["message"] == {"role": "assistant", "content": None, "refusal": "I can't say."}
    await alice.send(made["id"], "Why not?", model_id="echo-r0")
    await alice.answer(made["id"])
    assert upstream.requests[-1].json["messages"][-2] == {"role": "assistant", "content": "I can't say."}


async def test_a_refusal_after_some_text_stays_with_it(alice: Person, upstream: Upstream) -> None:
    upstream.script(stream_answer(text_chunk("Well, "), piece(refusal="no."), text_chunk(finish="stop"), done()))
    made = await alice.begin("Hello")
    assert (await alice.answer(made["id"]))["parts"] == [{"type": "text", "text": "Well, no."}]


@pytest.mark.parametrize(
    ("events", "kind", "words"),
    [
        ((piece(tool_calls=[CALL]), text_chunk(finish="tool_calls")), "called", "asked for a tool"),
        ((piece(reasoning_content="Hm."), text_chunk(finish="stop")), "thought", "wrote no answer"),
        ((piece(reasoning_content="Hm."), text_chunk(finish="length")), "thought", "wrote no answer"),
        ((text_chunk("Hi"), text_chunk(finish="out_of_luck")), "other", "out_of_luck"),
        ((text_chunk("Hi"), text_chunk(finish="sensitive")), "filtered", "content filter"),
    ],
)
async def test_what_it_was_is_said_in_words(
    alice: Person, upstream: Upstream, events: tuple[bytes, ...], kind: str, words: str
) -> None:
    upstream.script(stream_answer(*events, done()))
    made = await alice.begin("Hello")
    answer = await alice.answer(made["id"])
    page = await alice.get(made["url"], Accept="text/html")
    notice = page.text.partition(f'data-notice="{kind}"')[2].partition("</div>")[0]
    assert words in notice
    told = await alice.get(f"/messages/{answer['id']}/request/", Accept="text/html")
    assert answer["finish_reason"] in told.text
    assert ("get_weather" in told.text) is (kind == "called")


async def test_no_word_about_the_end_means_broken_off(alice: Person, upstream: Upstream) -> None:
    upstream.script(stream_answer(text_chunk("Half")))
    made = await alice.begin("Hello")
    answer = await alice.answer(made["id"])
    assert (answer["status"], answer["finish_reason"], answer["error"]["code"]) == (
        "failed",
        None,
        "upstream_broken_off",
    )
    assert text_of(answer) == "Half"
