"""Chat completions: shapes, streams, choices, limits, stop words, log probabilities (B7 to B15, E1 to E8)."""

import math
from typing import Any

import pytest

from tests.sandbox.calling import Door

USAGE: dict[str, Any] = {"stream_options": {"include_usage": True}}


async def test_a_whole_answer_has_openais_shape(door: Door) -> None:
    answer = (await door.chat("hello")).json
    assert answer["object"] == "chat.completion"
    assert answer["id"].startswith("chatcmpl-sandbox-")
    (choice,) = answer["choices"]
    assert (choice["index"], choice["finish_reason"], choice["logprobs"]) == (0, "stop", None)
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["refusal"] is None
    usage = answer["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


async def test_a_stream_says_the_same_as_the_whole_answer_and_counts_the_same(door: Door) -> None:
    whole = await door.chat("show me a tour")
    stream = await door.chat("show me a tour", stream=True, **USAGE)
    assert stream.text == whole.text
    *chunks, last = stream.events
    assert last["choices"] == []
    assert last["usage"] == whole.json["usage"]
    assert all(chunk["usage"] is None for chunk in chunks)
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in stream.events}) == 1


async def test_a_stream_begins_with_the_role_and_ends_with_the_reason(door: Door) -> None:
    events = (await door.chat("hi", "sandbox-echo", stream=True)).events
    deltas = [event["choices"][0]["delta"] for event in events]
    assert deltas == [{"role": "assistant", "content": "", "refusal": None}, {"content": "hi"}, {}]
    assert [event["choices"][0]["finish_reason"] for event in events] == [None, None, "stop"]
    assert "usage" not in events[0]


async def test_an_event_stream_is_not_to_be_gathered_by_proxies(door: Door) -> None:
    headers = (await door.chat("hi", stream=True)).headers
    assert headers["content-type"].startswith("text/event-stream")
    assert headers["x-accel-buffering"] == "no"
    assert "content-length" not in headers


async def test_several_choices_come_mixed_and_end_each_on_its_own(door: Door) -> None:
    whole = (await door.chat("hello", n=3)).json["choices"]
    assert [choice["index"] for choice in whole] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in whole}) == 3
    events = (await door.chat("hello", n=3, stream=True)).events
    order = [event["choices"][0]["index"] for event in events]
    assert order[:6] == [0, 1, 2, 0, 1, 2]
    assert [event["choices"][0]["finish_reason"] for event in events].count("stop") == 3
    for index, choice in enumerate(whole):
        deltas = [event["choices"][0] for event in events if event["choices"][0]["index"] == index]
        text = "".join(one["delta"].get("content") or "" for one in deltas)
        assert text == choice["message"]["content"]


async def test_stop_words_end_the_answer_and_are_not_part_of_it(door: Door) -> None:
    choice = (await door.chat("one two three four", "sandbox-echo", stop=[" four", " three"])).json["choices"][0]
    assert (choice["message"]["content"], choice["finish_reason"]) == ("one two", "stop")
    assert (await door.chat("one two", "sandbox-echo", stop="one", stream=True)).text == ""


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_the_limit_cuts_the_answer_and_says_length(door: Door, name: str) -> None:
    answer = (await door.chat("one two three", "sandbox-echo", **{name: 2})).json
    assert answer["choices"][0]["message"]["content"] == "one two"
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] == 2
    exact = (await door.chat("one two three", "sandbox-echo", **{name: 3})).json
    assert exact["choices"][0]["finish_reason"] == "stop"


async def test_reasoning_comes_first_is_counted_and_can_use_up_the_limit(door: Door) -> None:
    whole = (await door.chat("Where do I put my secret key?", "sandbox-thinks")).json
    message, usage = whole["choices"][0]["message"], whole["usage"]
    assert "README.md › Keys" in message["reasoning_content"]
    assert "README.md › Keys" in message["content"]
    thought = usage["completion_tokens_details"]["reasoning_tokens"]
    assert 0 < thought < usage["completion_tokens"]
    deltas = [
        event["choices"][0]["delta"] for event in (await door.chat("hello", "sandbox-thinks", stream=True)).events
    ]
    kinds = [next(iter(delta)) for delta in deltas[1:-1]]
    assert kinds == sorted(kinds, key=["reasoning_content", "content"].index)
    cut = (await door.chat("hello", "sandbox-thinks", max_completion_tokens=3)).json["choices"][0]
    assert (cut["message"]["content"], cut["finish_reason"]) == ("", "length")


async def test_without_effort_there_is_no_reasoning(door: Door) -> None:
    answer = (await door.chat("hello", "sandbox-thinks", reasoning_effort="none", temperature=0.3)).json
    assert "reasoning_content" not in answer["choices"][0]["message"]


@pytest.mark.parametrize("stream", [False, True])
async def test_log_probabilities_come_for_each_token_best_first(door: Door, stream: bool) -> None:
    answer = await door.chat("The balance is the sum", "sandbox-echo", logprobs=True, top_logprobs=3, stream=stream)
    rows: list[dict[str, Any]] = []
    for event in answer.events if stream else [answer.json]:
        logprobs = event["choices"][0]["logprobs"]
        rows += logprobs["content"] if logprobs else []
    assert "".join(row["token"] for row in rows) == "The balance is the sum"
    for row in rows:
        values = [top["logprob"] for top in row["top_logprobs"]]
        assert len(values) == 3
        assert values == sorted(values, reverse=True)
        assert sum(map(math.exp, values)) <= 1.0001
        assert row["logprob"] <= values[0] <= 0
        assert bytes(row["bytes"]).decode() == row["token"]


async def test_log_probabilities_are_those_of_the_documents(door: Door) -> None:
    answer = await door.chat("The balance is", "sandbox-echo", logprobs=True, top_logprobs=1)
    _, second, third = answer.json["choices"][0]["logprobs"]["content"]
    assert second["top_logprobs"][0]["token"] == " balance"  # "The balance" is what the documents say
    assert third["logprob"] > math.log(0.3)


async def test_a_full_context_is_refused_before_anything_is_said(door: Door) -> None:
    answer = await door.chat("word " * 2000, "sandbox-small", stream=True)
    assert (answer.status, answer.error["code"]) == (400, "context_length_exceeded")
    room = await door.chat("hi", "sandbox-small", max_tokens=1024)
    assert room.error["code"] == "context_length_exceeded"


async def test_surrogates_and_other_writing_systems_survive(door: Door) -> None:
    text = "日本語 עברית \U0001f600\u2028 e\u0301"
    assert (await door.chat(text, "sandbox-echo")).text == text
    assert (await door.chat(text, "sandbox-echo", stream=True)).text == text
    assert (await door.chat("a\ud800b", "sandbox-echo", stream=True)).text == "a?b"


async def test_a_broken_off_answer_ends_in_the_middle_of_an_event(door: Door) -> None:
    stream = await door.chat("hello", "sandbox-breaks-off", stream=True)
    assert stream.status == 200
    assert b"[DONE]" not in stream.body
    assert b'"finish_reason":"stop"' not in stream.body
    assert not stream.body.endswith(b"\n\n")
    whole = await door.chat("hello", "sandbox-breaks-off")
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        _ = whole.json
