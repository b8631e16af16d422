"""The short cut for like chunks: what it learns, what it does not, when it gives up (see also test_any_bytes.py)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openai_client._repeats import ATTEMPTS, KEPT, Repeats


def take(text: str, out: list[Any]) -> None:
    raise AssertionError("only handed on")


def line(text: str, **fields: Any) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": {"content": text}}], **fields})


def test_a_like_line_gives_its_text() -> None:
    repeats = Repeats()
    repeats.learn(line("one"), "one", take)
    for text in ("two", "", '"\\', "\u4f60\n", "\ud83d"):
        assert repeats.text_of(line(text)) == (text, take)


@pytest.mark.parametrize(
    "other",
    [
        line("two", id="x"),
        line("two") + " ",
        line("two")[:-1],
        line("two").split("two")[0] + "two",
        line("two").split("two")[0] + 'tw\\x"}}]}',
        '{"choices": []}',
        "",
    ],
)
def test_another_shape_is_left_to_the_full_parse(other: str) -> None:
    repeats = Repeats()
    repeats.learn(line("one"), "one", take)
    assert repeats.text_of(other) is None


@pytest.mark.parametrize(
    ("learned", "text"),
    [
        (line("one", note={"content": "one"}), "one"),  # two such keys: which one was it
        ('{"choices": [{"delta": {"conten\\u0074": "one"}}]}', "one"),  # none that can be seen
        (line("one"), "two"),
    ],
)
def test_what_cannot_be_told_is_not_learned(learned: str, text: str) -> None:
    repeats = Repeats()
    repeats.learn(learned, text, take)
    assert repeats.text_of(learned) is None


def test_a_few_shapes_are_kept() -> None:
    repeats = Repeats()
    for number in range(KEPT + 1):
        repeats.learn(line("one", id=number), "one", take)
    assert [repeats.text_of(line("two", id=number)) is None for number in range(KEPT + 1)] == [True] + [False] * KEPT


def test_padding_that_always_changes_is_given_up_on() -> None:
    repeats = Repeats()
    for number in range(ATTEMPTS + 1):
        repeats.learn(line("one", obfuscation=number), "one", take)
    assert repeats.text_of(line("two", obfuscation=ATTEMPTS)) is None
