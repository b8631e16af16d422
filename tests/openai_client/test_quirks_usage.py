"""Token counts: quirks section 9, row by row."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

import json
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import Answer
from tests.upstream import done, sse, text_chunk

STOP = text_chunk(finish="stop")
COUNTS = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
FIVE = {**COUNTS, "cached_tokens": 0, "reasoning_tokens": 0}


def own(usage: Any) -> bytes:
    return sse({"choices": [], "usage": usage})


@pytest.mark.parametrize(
    ("quirk", "body", "expected"),
    [
        ("9.1 none", text_chunk("a") + STOP, None),
        ("1.3 own chunk", text_chunk("a", usage=None) + STOP + own(COUNTS), FIVE),
        ("9.2 in the last ordinary chunk", text_chunk("a") + text_chunk(finish="stop", usage=COUNTS), FIVE),
        ("9.3 on every chunk", text_chunk("a", usage={**COUNTS, "total_tokens": 6, "completion_tokens": 1}) + text_chunk(finish="stop", usage=COUNTS), FIVE),
        ("9.3 empty while running", text_chunk("a", usage={}) + STOP + own(COUNTS), FIVE),
        ("9.3 empty at the end", text_chunk("a", usage=COUNTS) + STOP + own({}), FIVE),
        ("9.4 not in the last chunk", text_chunk("a") + own(COUNTS) + STOP, FIVE),
        ("9.5 in the choice", sse({"choices": [{"index": 0, "delta": {"content": "a"}, "finish_reason": "stop", "usage": COUNTS}]}), FIVE),
        ("9.6 Groq", text_chunk("a") + text_chunk(finish="stop", x_groq={"id": "r", "usage": COUNTS}), FIVE),
        ("9.7 zeros on a fault", text_chunk("a") + text_chunk(finish="stop", usage=dict.fromkeys(COUNTS, 0)), None),
        ("9.7 timings", text_chunk("a") + text_chunk(finish="stop", timings={"cache_n": 2, "prompt_n": 3, "predicted_n": 7}), {**FIVE, "cached_tokens": 2}),
        ("9.8 cache hits", STOP + own({**COUNTS, "prompt_cache_hit_tokens": 4}), {**FIVE, "cached_tokens": 4}),
        ("9.8 cached at the top", STOP + own({**COUNTS, "cached_tokens": 3}), {**FIVE, "cached_tokens": 3}),
        ("9.8 details", STOP + own({**COUNTS, "prompt_tokens_details": {"cached_tokens": 2}, "completion_tokens_details": {"reasoning_tokens": 1}}), {**FIVE, "cached_tokens": 2, "reasoning_tokens": 1}),
        ("numbers as strings", STOP + own({"prompt_tokens": "5", "completion_tokens": "7.0", "total_tokens": "12"}), FIVE),
        ("newer names", STOP + own({"input_tokens": 5, "output_tokens": 7}), FIVE),
        ("no total", STOP + own({"prompt_tokens": 5, "completion_tokens": 7}), FIVE),
        ("nonsense", STOP + own("many") + own([1]) + own({"prompt_tokens": "many", "total_tokens": -3}), None),
        ("after [DONE] nothing is read", STOP + own(COUNTS) + done() + own({**COUNTS, "total_tokens": 99}), FIVE),
    ],
)  # fmt: skip
async def test_usage(answer: Answer, quirk: str, body: bytes, expected: dict[str, int] | None) -> None:
    outcome = await answer(body + done())
    assert outcome.error is None
    usage = outcome.completion.usage
    assert (usage.as_dict() if usage else None) == expected, quirk


async def test_usage_keeps_what_came(answer: Answer) -> None:
    usage = (await answer(STOP + own({**COUNTS, "cost": 0.25}) + done())).completion.usage
    assert usage is not None
    assert usage.raw["cost"] == 0.25


async def test_usage_of_whole_answers(answer: Answer) -> None:
    whole = {"choices": [{"index": 0, "message": {"content": "a"}, "finish_reason": "stop"}], "usage": COUNTS}
    usage = (await answer(json.dumps(whole).encode(), content_type="application/json")).completion.usage
    assert usage is not None
    assert usage.as_dict() == FIVE


async def test_usage_survives_a_stream_that_breaks(answer: Answer) -> None:
    outcome = await answer(text_chunk("a", usage=COUNTS))
    assert isinstance(outcome.error, oc.BrokenOff)
    assert outcome.completion.usage is not None
