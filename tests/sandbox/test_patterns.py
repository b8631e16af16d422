"""Texts for regular expressions: what is made fits, what is too clever is left alone, and nothing is ever run."""

import re
import time

import pytest

from sandbox import patterns, schema


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{3}-\d{4}$",
        r"^[A-Z]{2}[0-9]{6}$",
        r"^#[0-9a-f]{6}$",
        r"[a-z]+@[a-z]+\.com",
        r"^(?:ab)+c?$",
        r"^v(\d){2,}\.x*$".replace(r"(\d)", r"\d"),
        r"^\w+\s\w+$",
        "plain",
        "",
    ],
)
def test_what_is_made_fits(pattern: str) -> None:
    made = patterns.fitting(pattern)
    assert made is not None
    assert re.search(pattern, made)


@pytest.mark.parametrize("pattern", [r"^(a|b)$", r"^[^a]$", r"(?=x)", "[", "(", "a{", r"\bword", "a" * 2000])
def test_what_is_too_clever_is_left_alone(pattern: str) -> None:
    assert patterns.fitting(pattern) is None
    assert schema.instance({"type": "string", "pattern": pattern}, schema.Hints("x")) == "sandbox"


def test_an_expression_that_never_ends_is_not_run() -> None:
    start = time.monotonic()
    schema.instance({"type": "string", "pattern": "(a+)+$"}, schema.Hints("a" * 60 + "b"))
    assert time.monotonic() - start < 30
