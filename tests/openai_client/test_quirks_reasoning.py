"""Reasoning in all its places: quirks section 4, row by row."""

from __future__ import annotations

from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import Answer
from tests.upstream import done, sse, text_chunk

STOP = text_chunk(finish="stop")


def delta(**fields: Any) -> bytes:
    return sse({"choices": [{"index": 0, "delta": fields}]})


@pytest.mark.parametrize(
    ("quirk", "body", "field"),
    [
        ("4.1", delta(reasoning_content="think") + delta(reasoning_content="ing"), "reasoning_content"),
        ("4.2", delta(reasoning="think") + delta(reasoning="ing", content=""), "reasoning"),
        ("4.3 both with the same text", delta(reasoning="thinking", reasoning_content="thinking"), "reasoning_content"),
        ("4.3 one of them empty", delta(reasoning="thinking", reasoning_content=""), "reasoning"),
        (
            "4.4 details beside the string",
            delta(reasoning="thinking", reasoning_details=[{"type": "reasoning.text", "text": "thinking"}]),
            "reasoning",
        ),
        (
            "4.4 only details",
            delta(reasoning_details=[{"type": "reasoning.text", "text": "thinking"}]),
            "reasoning_details",
        ),
        (
            "4.4 summary",
            delta(reasoning_details=[{"type": "reasoning.summary", "summary": "thinking"}]),
            "reasoning_details",
        ),
        (
            "2.6 thinking parts",
            delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "thinking"}]}]),
            "content",
        ),
        ("2.6 thinking as a string", delta(content=[{"type": "thinking", "thinking": "thinking"}]), "content"),
    ],
)
async def test_reasoning_fields(answer: Answer, quirk: str, body: bytes, field: str) -> None:
    outcome = await answer(body + text_chunk("yes") + STOP + done())
    assert outcome.choice.reasoning == "thinking", quirk
    assert outcome.choice.reasoning_field == field, quirk
    assert outcome.text == "yes", quirk
    assert "".join(d.text for d in outcome.deltas if isinstance(d, oc.ReasoningDelta)) == "thinking"


async def test_4_4_details_are_kept_for_resending(answer: Answer) -> None:
    first = {"type": "reasoning.encrypted", "data": "abc"}
    second = {"type": "reasoning.text", "text": "b"}
    body = delta(reasoning="a", reasoning_details=[first]) + delta(reasoning="b", reasoning_details=[second])
    assert (await answer(body + STOP + done())).choice.extra["reasoning_details"] == [first, second]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("quirk", "text", "reasoning", "rest"),
    [
        ("4.5", "<think>a < b</think>\n\nyes", "a < b", "yes"),
        ("4.5 thinking", "<thinking>hm</thinking>yes", "hm", "yes"),
        ("4.5 blanks first", "\n <think>\nhm\n</think>\nyes", "hm\n", "yes"),
        ("4.5 empty", "<think>\n\n</think>\n\nyes", "", "yes"),
        ("4.5 not at the start", "I say <think> here", "", "I say <think> here"),
        ("4.5 a quoted pair later", "Use <think>x</think> so", "", "Use <think>x</think> so"),
        ("4.5 another tag", "<thin>a</thin>", "", "<thin>a</thin>"),
        ("4.6", "hm hm\n</think>\n\nyes", "hm hm\n", "yes"),
        ("4.6 talked about", "Close with `</think>` please", "", "Close with `</think>` please"),
        ("4.7", "<think>cut by leng", "cut by leng", ""),
        ("4.7 cut in the tag", "<think>a</thi", "a</thi", ""),
        ("cut in the opening tag", "<thin", "", "<thin"),
        ("only blanks", "  ", "", "  "),
    ],
)
async def test_tags(answer: Answer, quirk: str, text: str, reasoning: str, rest: str, size: int) -> None:
    pieces = [text_chunk(text[at : at + size]) for at in range(0, len(text), size)]
    outcome = await answer(b"".join(pieces) + STOP + done())
    assert (outcome.choice.reasoning, outcome.text) == (reasoning, rest), quirk
    assert replayed(outcome.deltas) == (reasoning, rest), quirk


def replayed(deltas: list[oc.Delta]) -> tuple[str, str]:
    """What a reader of the deltas ends up with."""
    text = reasoning = ""
    for item in deltas:
        match item:
            case oc.TextDelta(_, piece):
                text += piece
            case oc.ReasoningDelta(_, piece):
                reasoning += piece
            case oc.TextWasReasoning():
                reasoning, text = reasoning + text, ""
    return reasoning, text


async def test_4_6_text_already_given_is_moved(answer: Answer) -> None:
    outcome = await answer(text_chunk("hm ") + text_chunk("so</think>") + text_chunk("\nyes") + STOP + done())
    assert outcome.deltas[:4] == [
        oc.TextDelta(0, "hm "),
        oc.TextWasReasoning(0),
        oc.ReasoningDelta(0, "so"),
        oc.TextDelta(0, "yes"),
    ]
    assert outcome.choice.reasoning_field == "think"


async def test_4_5_tags_stay_when_switched_off(answer: Answer) -> None:
    outcome = await answer(text_chunk("<think>a</think>b") + STOP + done(), dialect=oc.Dialect(think_tags=False))
    assert (outcome.choice.reasoning, outcome.text) == ("", "<think>a</think>b")


async def test_4_8_only_reasoning_is_an_answer_without_text(answer: Answer) -> None:
    outcome = await answer(delta(reasoning="hm") + text_chunk(finish="length") + done())
    assert (outcome.text, outcome.choice.reasoning, outcome.choice.ending) == ("", "hm", "length")
    assert outcome.completion.complete


async def test_halves_of_characters_in_reasoning_are_joined(answer: Answer) -> None:
    halves = [sse(b'{"choices":[{"index":0,"delta":{"reasoning":"%b"}}]}' % half) for half in (rb"\ud83d", rb"\ude42")]
    assert (await answer(b"".join(halves) + STOP + done())).choice.reasoning == "🙂"


async def test_what_was_held_back_comes_out_when_the_stream_breaks(answer: Answer) -> None:
    outcome = await answer(text_chunk("a") + text_chunk("b</th"))
    assert isinstance(outcome.error, oc.BrokenOff)
    assert outcome.text == "ab</th"
    assert replayed(outcome.deltas) == ("", "ab</th")
