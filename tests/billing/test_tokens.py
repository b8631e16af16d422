"""Estimates where nobody has counted: near enough, never below what a hold needs, and quick for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import tokens


@pytest.mark.parametrize(
    ("text", "about"),
    [("", 0), ("hello world", 3), ("量化是什么", 5), ("Zürich", 2), ("a" * 4_000, 1_000), ("😀😀", 1)],
)
def test_an_estimate(text: str, about: int) -> None:
    assert tokens.estimate(text) == about


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert tokens.estimate(text + more) >= tokens.estimate(text)


@given(st.integers(0, 10**9))
def test_a_ceiling_is_above_its_estimate(number: int) -> None:
    assert tokens.most(number) > number
