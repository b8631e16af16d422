"""Chunk shapes and finish reasons: quirks sections 2 and 3, row by row."""

from __future__ import annotations

import json
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import Answer
from tests.upstream import Close, Reset, done, sse, text_chunk

STOP = text_chunk(finish="stop")


def choice(**fields: Any) -> bytes:
    return sse({"choices": [{"index": 0, **fields}]})


@pytest.mark.parametrize(
    ("quirk", "body"),
    [
        ("2.1 empty choices first", sse({"choices": [], "prompt_filter_results": []}) + text_chunk("Hi") + STOP),
        ("2.1 empty choices between", text_chunk("H") + sse({"choices": []}) + text_chunk("i") + STOP),
        ("2.2 null choices", sse({"choices": None}) + text_chunk("Hi") + STOP),
        ("2.2 no choices", sse({"id": "x"}) + text_chunk("Hi") + STOP),
        ("2.3 null delta", choice(delta=None) + text_chunk("Hi") + STOP),
        ("2.3 no delta", choice(content_filter_offsets={}) + text_chunk("Hi") + STOP),
        ("2.4 null content", choice(delta={"role": "assistant", "content": None}) + text_chunk("Hi") + STOP),
        ("2.5 role in every chunk", choice(delta={"role": "assistant", "content": "Hi"}) + STOP),
        ("2.6 parts", choice(delta={"content": [{"type": "text", "text": "Hi"}]}) + STOP),
        ("2.6 several parts", choice(delta={"content": [{"type": "text", "text": "H"}, {"text": "i"}]}) + STOP),
        ("2.6 one part", choice(delta={"content": {"type": "text", "text": "Hi"}}) + STOP),
        ("2.6 nested parts", choice(delta={"content": [{"text": [{"text": "H"}, "i", 5]}]}) + STOP),
        ("2.6 numbers and nothing as parts", choice(delta={"content": ["Hi", None, True]}) + STOP),
        ("2.6 strings as parts", choice(delta={"content": ["H", "i"]}) + STOP),
        ("2.8 message repeats the text", text_chunk("Hi") + choice(message={"content": "Hi"}, finish_reason="stop")),
        ("2.8 only a message", choice(message={"content": "Hi"}, finish_reason="stop")),
        ("2.10 extra keys", text_chunk("Hi", obfuscation="xx", provider="p", x_groq={"id": "1"}, timings={}) + STOP),
        ("2.11 text with the reason", text_chunk("Hi", finish="stop")),
        ("2.11 text after the reason", text_chunk("H", finish="stop") + text_chunk("i")),
        ("3.1 empty reason while running", choice(delta={"content": "Hi"}, finish_reason="") + STOP),
        ("3.2 Gemini's spelling", choice(delta={"content": "Hi"}) + choice(delta={}, finishReason="stop")),
        ("index as a string", sse({"choices": [{"index": "0", "delta": {"content": "Hi"}}]}) + STOP),
        ("index missing", sse({"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}]})),
        ("choices as an object", sse({"choices": {"delta": {"content": "Hi"}, "finish_reason": "stop"}})),
        ("a choice that is none", sse({"choices": [None, 3]}) + text_chunk("Hi") + STOP),
    ],
)
async def test_odd_chunks_give_the_text(answer: Answer, quirk: str, body: bytes) -> None:
    outcome = await answer(body + done())
    assert outcome.error is None, quirk
    assert outcome.text == "Hi", quirk
    assert "".join(d.text for d in outcome.deltas if isinstance(d, oc.TextDelta)) == "Hi", quirk
    assert outcome.choice.finish_reason == "stop", quirk
    assert len(outcome.completion.choices) == 1


async def test_2_4_a_single_blank_is_a_token(answer: Answer) -> None:
    outcome = await answer(text_chunk("a") + text_chunk(" ") + text_chunk("b") + STOP + done())
    assert outcome.text == "a b"


async def test_2_6_a_reference_is_no_text_and_is_kept(answer: Answer) -> None:
    parts = [{"type": "text", "text": "see"}, {"type": "reference", "reference_ids": [1]}]
    outcome = await answer(choice(delta={"content": parts}) + STOP + done())
    assert outcome.text == "see"
    assert outcome.choice.extra["content_parts"] == [{"type": "reference", "reference_ids": [1]}]


async def test_2_7_cumulative_text_is_cut_when_switched_on(answer: Answer) -> None:
    body = text_chunk("He") + text_chunk("Hell") + text_chunk("Hello") + text_chunk("Hello") + STOP + done()
    assert (await answer(body, dialect=oc.Dialect(cumulative_text=True))).text == "Hello"


async def test_2_7_increments_are_not_taken_for_cumulative(answer: Answer) -> None:
    body = text_chunk("ha") + text_chunk("haha") + STOP + done()
    assert (await answer(body)).text == "hahaha"


async def test_2_9_identity_may_be_empty_or_change(answer: Answer) -> None:
    def named(ident: str, model: str, created: int, text: str) -> bytes:
        return sse(
            {"id": ident, "model": model, "created": created, "choices": [{"index": 0, "delta": {"content": text}}]}
        )

    body = named("", "", 0, "a") + named("one", "m1", 5, "b") + named("two", "m2", 6, "c") + STOP + done()
    completion = (await answer(body)).completion
    assert completion.choices[0].text == "abc"
    assert (completion.id, completion.model, completion.created) == ("one", "m1", 5)


async def test_2_10_unknown_fields_are_kept(answer: Answer) -> None:
    body = text_chunk("a", citations=["u"], service_tier="flex") + choice(
        delta={}, native_finish_reason="end", finish_reason="stop"
    )
    completion = (await answer(body + done())).completion
    assert completion.extra == {"citations": ["u"], "service_tier": "flex"}
    assert completion.choices[0].extra == {"native_finish_reason": "end"}


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("stop", "stop"), ("STOP", "stop"), ("end_turn", "stop"), ("eos", "stop"), ("length", "length"),
        ("model_length", "length"), ("MAX_TOKENS", "length"), ("tool_calls", "tool_calls"), ("tool_call", "tool_calls"),
        ("function_call", "tool_calls"), ("content_filter", "content_filter"), ("sensitive", "content_filter"),
        ("insufficient_system_resource", "insufficient_system_resource"), ("abort", "abort"), ("Odd", "Odd"),
    ],
)  # fmt: skip
async def test_3_5_words_are_stored_as_they_came_and_mapped(answer: Answer, word: str, meaning: str) -> None:
    outcome = await answer(text_chunk("a") + text_chunk(finish=word) + done())
    assert outcome.choice.finish_reason == word
    assert outcome.choice.ending == meaning
    assert oc.Choice().ending is None
    assert outcome.deltas[-1] == oc.ChoiceFinished(0, word)


async def test_3_2_done_alone_counts_as_stop(answer: Answer) -> None:
    outcome = await answer(text_chunk("a") + done())
    assert (outcome.error, outcome.completion.complete) == (None, True)
    assert outcome.deltas[-1] == oc.ChoiceFinished(0, "stop")


@pytest.mark.parametrize("end", [(), (Close(),), (Reset(),)])
async def test_3_3_neither_reason_nor_done_is_broken_off(answer: Answer, end: tuple[Close | Reset, ...]) -> None:
    outcome = await answer(text_chunk("half"), *end)
    assert isinstance(outcome.error, oc.BrokenOff)
    assert outcome.text == "half"
    assert not outcome.completion.complete
    assert outcome.completion.incomplete_reason == "broken_off"
    assert outcome.choice.finish_reason is None


async def test_3_3_one_of_two_choices_without_an_end_is_broken_off(answer: Answer) -> None:
    outcome = await answer(text_chunk("a", finish="stop") + text_chunk("b", index=1))
    assert isinstance(outcome.error, oc.BrokenOff)
    assert [choice.text for choice in outcome.completion.choices] == ["a", "b"]


async def test_a_reset_after_the_finish_reason_does_no_harm(answer: Answer) -> None:
    outcome = await answer(text_chunk("a", finish="stop"), Reset())
    assert (outcome.error, outcome.completion.complete) == (None, True)


async def test_3_4_stop_beside_tool_calls_is_a_tool_turn(answer: Answer) -> None:
    call = {"index": 0, "id": "c", "function": {"name": "f", "arguments": "{}"}}
    outcome = await answer(choice(delta={"tool_calls": [call]}) + STOP + done())
    assert (outcome.choice.finish_reason, outcome.choice.ending) == ("stop", "tool_calls")


async def test_several_choices_come_mixed_and_end_apart(answer: Answer) -> None:
    body = text_chunk("a", index=0) + text_chunk("x", index=1) + text_chunk("b", index=0, finish="stop")
    outcome = await answer(body + text_chunk("y", index=1, finish="length") + done())
    assert [(c.index, c.text, c.finish_reason) for c in outcome.completion.choices] == [
        (0, "ab", "stop"),
        (1, "xy", "length"),
    ]
    assert outcome.deltas == [
        oc.TextDelta(0, "a"),
        oc.TextDelta(1, "x"),
        oc.TextDelta(0, "b"),
        oc.ChoiceFinished(0, "stop"),
        oc.TextDelta(1, "y"),
        oc.ChoiceFinished(1, "length"),
    ]


async def test_refusals_log_probabilities_and_annotations_are_gathered(answer: Answer) -> None:
    note = {"type": "url_citation", "url_citation": {"url": "https://example.org", "title": "t"}}

    def piece(token: str, **delta: Any) -> bytes:
        return choice(delta=delta, logprobs={"content": [{"token": token, "logprob": -0.1}], "refusal": None})

    body = piece("a", content="a") + piece("b", content="b", annotations=[note]) + choice(delta={"refusal": "I can"})
    outcome = await answer(body + choice(delta={"refusal": "not"}) + STOP + done())
    assert outcome.choice.refusal == "I cannot"
    assert oc.RefusalDelta(0, "not") in outcome.deltas
    assert outcome.choice.annotations == (note,)
    assert outcome.choice.logprobs is not None
    assert [row["token"] for row in outcome.choice.logprobs["content"]] == ["a", "b"]  # type: ignore[attr-defined, index]


async def test_odd_log_probabilities_and_annotations_do_no_harm(answer: Answer) -> None:
    rows = [
        choice(delta={"content": "a", "annotations": [1, None]}, logprobs=[1]),
        choice(delta={}, logprobs={"content": None}),
    ]
    outcome = await answer(b"".join(rows) + choice(delta={}, logprobs={"content": [1]}) + STOP + done())
    assert (outcome.text, outcome.choice.annotations, outcome.choice.logprobs) == ("a", (), {"content": [1]})


async def test_infinite_log_probabilities_become_null(answer: Answer) -> None:
    raw = (
        b'{"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-Infinity}]}}]}'
    )
    logprobs = (await answer(sse(raw) + STOP + done())).choice.logprobs
    assert logprobs == {"content": [{"token": "a", "logprob": None}]}


@pytest.mark.parametrize(
    "text", ["done<|im_end|>", "done<|eot_id|>\n", "done</s>", "done<|im_end|></s>", "done\n<|endoftext|> "]
)
@pytest.mark.parametrize("size", [1, 3, 100])
async def test_e11_stray_end_markers_are_taken_off(answer: Answer, text: str, size: int) -> None:
    pieces = [text_chunk(text[at : at + size]) for at in range(0, len(text), size)]
    outcome = await answer(b"".join(pieces) + STOP + done())
    assert outcome.text.rstrip() == "done"


@pytest.mark.parametrize("text", ["a <|im_end|> b", "<s>old</s>", "x < y", "ends with <", "a<|im", "<b>", "a </s> b"])
@pytest.mark.parametrize("size", [1, 100])
async def test_e11_what_is_no_end_marker_stays(answer: Answer, text: str, size: int) -> None:
    pieces = [text_chunk(text[at : at + size]) for at in range(0, len(text), size)]
    assert (await answer(b"".join(pieces) + STOP + done())).text == text


async def test_e11_markers_stay_when_switched_off(answer: Answer) -> None:
    outcome = await answer(text_chunk("a</s>") + STOP + done(), dialect=oc.Dialect(end_markers=False))
    assert outcome.text == "a</s>"


async def test_a_whole_answer_keeps_everything(answer: Answer) -> None:
    message = {"role": "assistant", "content": "text", "refusal": "no", "reasoning_content": "hm", "tool_calls": None}
    whole = {
        "id": "i",
        "created": 7,
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": "length"}],
    }
    completion = (await answer(json.dumps(whole).encode(), content_type="application/json")).completion
    choice = completion.choices[0]
    assert (choice.text, choice.refusal, choice.reasoning, choice.ending) == ("text", "no", "hm", "length")
    assert (completion.id, completion.created, completion.complete) == ("i", 7, True)
