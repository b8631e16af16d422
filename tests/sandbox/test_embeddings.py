"""Embeddings: vectors of length 1 in which texts with the same words lie near (K1 to K3)."""

import base64
import math
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import embeddings
from tests.sandbox.calling import Answer, Door


async def embed(door: Door, text: Any, **fields: Any) -> Answer:
    """Ask for vectors."""
    return await door.post("/v1/embeddings", {"model": "sandbox-embed", "input": text, **fields})


async def test_a_text_gets_a_vector_and_several_texts_one_each(door: Door) -> None:
    one = (await embed(door, "keys and prices")).json
    assert (one["object"], one["data"][0]["object"], one["data"][0]["index"]) == ("list", "embedding", 0)
    assert len(one["data"][0]["embedding"]) == 1536
    assert one["usage"] == {"prompt_tokens": 3, "total_tokens": 3}
    several = (await embed(door, ["a", "b", "keys and prices"], dimensions=64)).json["data"]
    assert [len(item["embedding"]) for item in several] == [64] * 3


async def test_base64_holds_the_same_numbers(door: Door) -> None:
    floats = (await embed(door, "price")).json["data"][0]["embedding"]
    coded = (await embed(door, "price", encoding_format="base64")).json["data"][0]["embedding"]
    assert struct.unpack("<1536f", base64.b64decode(coded)) == pytest.approx(floats)


def nearness(one: str, other: str) -> float:
    """Return the cosine of two texts."""
    return sum(a * b for a, b in zip(embeddings.vector(one, 1536), embeddings.vector(other, 1536), strict=True))


def test_texts_with_the_same_words_are_near_and_others_are_not() -> None:
    assert nearness("Where do I put my key?", "the keys are put here") > 0.6
    assert abs(nearness("Where do I put my key?", "a boat sails at sunset")) < 0.3
    assert nearness("余额是多少", "balance") > 0.3


@given(st.text(min_size=1), st.integers(1, 100))
def test_every_vector_has_length_one(text: str, size: int) -> None:
    assert math.isclose(sum(value * value for value in embeddings.vector(text, size)), 1.0)


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"input": ""}, "input"),
        ({"input": []}, "input"),
        ({"input": ["a", ""]}, "input"),
        ({"input": ["a"] * 2049}, "input"),
        ({"input": "word " * 9000}, "input"),
        ({"input": [1, 2]}, "input"),
        ({"input": None}, "input"),
        ({"input": "x", "dimensions": 0}, "dimensions"),
        ({"input": "x", "encoding_format": "hex"}, "encoding_format"),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_what_is_out_of_range_is_refused(door: Door, fields: dict[str, Any], param: str) -> None:
    answer = await door.post("/v1/embeddings", {"model": "sandbox-embed", **fields})
    assert (answer.status, answer.error["param"]) == (400, param)
