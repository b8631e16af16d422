"""Legacy completions: text that goes on as the documents do, with all the old parameters (G1 to G4)."""

import json
import math
from typing import Any

import pytest

from tests.sandbox.calling import Answer, Door


async def complete(door: Door, **fields: Any) -> Answer:
    """Ask for a completion."""
    return await door.post("/v1/completions", {"model": "sandbox-complete", **fields})


async def test_a_text_goes_on_as_the_documents_do(door: Door) -> None:
    answer = (await complete(door, prompt="The balance", temperature=0)).json
    assert (answer["object"], answer["id"][:13]) == ("text_completion", "cmpl-sandbox-")
    (choice,) = answer["choices"]
    assert choice["text"].startswith(" is ")
    assert (choice["finish_reason"], choice["logprobs"]) == ("length", None)
    assert answer["usage"] == {"prompt_tokens": 2, "completion_tokens": 16, "total_tokens": 18}


async def test_a_seed_repeats_and_chance_varies(door: Door) -> None:
    texts = [(await complete(door, prompt="The", seed=7, max_tokens=30)).json["choices"][0]["text"] for _ in range(2)]
    assert texts[0] == texts[1]
    many = (await complete(door, prompt="The", n=20, max_tokens=30)).json["choices"]
    assert len({choice["text"] for choice in many}) > 1


async def test_several_prompts_get_n_answers_each(door: Door) -> None:
    choices = (await complete(door, prompt=["The", "A"], n=2)).json["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2, 3]


async def test_an_echo_repeats_the_prompt_and_stop_words_cut(door: Door) -> None:
    echoed = (await complete(door, prompt="The balance", echo=True, temperature=0, stop=" sum")).json["choices"][0]
    assert echoed["text"].startswith("The balance is")
    assert " sum" not in echoed["text"]
    scored = (await complete(door, prompt="The balance", echo=True, max_tokens=0, logprobs=0)).json["choices"][0]
    assert scored["text"] == "The balance"
    assert scored["logprobs"]["tokens"] == ["The", " balance"]


async def test_a_suffix_is_where_the_text_ends(door: Door) -> None:
    choice = (await complete(door, prompt="The balance", temperature=0, suffix=" sum of all")).json["choices"][0]
    assert choice["finish_reason"] == "stop"
    assert " sum" not in choice["text"]


async def test_log_probabilities_have_the_old_shape(door: Door) -> None:
    (choice,) = (await complete(door, prompt="The balance", temperature=0, logprobs=2, max_tokens=4)).json["choices"]
    logprobs = choice["logprobs"]
    assert "".join(logprobs["tokens"]) == choice["text"]
    assert logprobs["text_offset"] == [
        sum(map(len, logprobs["tokens"][:place])) for place in range(len(logprobs["tokens"]))
    ]
    for own, top, token in zip(logprobs["token_logprobs"], logprobs["top_logprobs"], logprobs["tokens"], strict=True):
        assert len(top) == 2
        assert top[token] == own == max(top.values())
        assert math.exp(own) <= 1


async def test_the_best_of_several_is_likelier_than_one(door: Door) -> None:
    async def score(**fields: Any) -> float:
        answer = await complete(door, prompt="The", seed=3, max_tokens=20, logprobs=0, **fields)
        values = answer.json["choices"][0]["logprobs"]["token_logprobs"]
        return sum(values) / len(values)

    assert await score(best_of=20) >= await score()


async def test_a_stream_says_the_same(door: Door) -> None:
    fields: dict[str, Any] = {"prompt": "The", "seed": 5, "n": 2, "logprobs": 1}
    whole = (await complete(door, **fields)).json
    stream = await complete(door, **fields, stream=True, stream_options={"include_usage": True})
    for choice in whole["choices"]:
        pieces = [one for event in stream.events for one in event["choices"] if one["index"] == choice["index"]]
        assert "".join(piece["text"] for piece in pieces) == choice["text"]
        assert [piece["finish_reason"] for piece in pieces[:-1]] == [None] * (len(pieces) - 1)
        assert pieces[-1]["finish_reason"] == choice["finish_reason"]
        offsets = [offset for piece in pieces if piece["logprobs"] for offset in piece["logprobs"]["text_offset"]]
        assert offsets == choice["logprobs"]["text_offset"]
    assert stream.events[-1]["usage"] == whole["usage"]


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"logprobs": 6}, "logprobs"),
        ({"best_of": 21}, "best_of"),
        ({"n": 3, "best_of": 2}, "best_of"),
        ({"best_of": 2, "stream": True}, "best_of"),
        ({"n": 129}, "n"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"max_tokens": 5000}, "messages"),
        ({"stop": ["1", "2", "3", "4", "5"]}, "stop"),
        ({"temperature": 3}, "temperature"),
        ({"prompt": [1, 2, 3]}, "prompt"),
        ({"prompt": 5}, "prompt"),
        ({"prompt": []}, "prompt"),
        ({"echo": True, "suffix": "x"}, "suffix"),
        ({"prompt": ["x"] * 65, "n": 2}, "n"),
        ({"stream_options": {}}, "stream_options"),
        ({"messages": []}, "messages"),
    ],
    ids=str,
)
async def test_what_is_out_of_range_is_refused(door: Door, fields: dict[str, Any], param: str) -> None:
    answer = await complete(door, **{"prompt": "x", **fields})
    assert (answer.status, answer.error["param"]) == (400, param)


async def test_a_chat_model_is_not_for_completions(door: Door) -> None:
    answer = await complete(door, model="sandbox-guide", prompt="x")
    assert (answer.status, "v1/completions" in json.dumps(answer.error)) == (404, True)
