"""A call's cost: exact, rounded up once, unknown where a price is missing."""

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.pricing import Counts, affordable, cost, for_pictures, most, of_pictures

LUNA = {"prompt": 100_000, "cached": 10_000, "completion": 500_000}
counts = st.integers(0, 10**9)
prices = st.integers(0, 10**12)


@pytest.mark.parametrize(
    ("rates", "used", "expected"),
    [
        (LUNA, Counts(6_604, 1_018), 1_170),  # 660.4 + 509: a fraction of a micro-unit costs a whole one
        (LUNA, Counts(1_000_000, 0, cached=400_000), 64_000),
        (LUNA, Counts(0, 0), 0),
        (LUNA, Counts(10, 10, cached=99), 6),  # more cached than there was: all of it
        ({"prompt": 0, "completion": 0}, Counts(5, 5), 0),  # a price of nothing is a price
        ({}, Counts(0, 0), None),
        ({"prompt": 1}, Counts(5, 5), None),
        ({"prompt": 1}, Counts(5, 0), 1),
        ({"request": 10_000_000}, Counts(), 10_000),
        ({"request": 10_000_000}, Counts(1, 0), None),
        ({"prompt": 0, "completion": 2_000_000, "reasoning": 6_000_000}, Counts(9, 10, reasoning=4), 36),
        ({"image": 20_000_000}, Counts(others={"image": 4}), 80_000),
        ({"image": 20_000_000, "image:1024x1024 high": 40_000_000}, Counts(others={"image:1024x1024 high": 2}), 80_000),
        ({"image": 20_000_000}, Counts(others={"image:512x512": 2}), 40_000),
        ({"prompt": 1}, Counts(others={"image": 1}), None),
        ({"minute": 6_000_000, "character": 15_000}, Counts(others={"minute": 2, "character": 1_001}), 27_015),
    ],
)
def test_the_sum(rates: dict[str, int], used: Counts, expected: int | None) -> None:
    assert cost(rates, used) == expected


@given(counts, counts, prices, prices)
def test_it_is_the_exact_sum_rounded_up_once(prompt: int, completion: int, inward: int, outward: int) -> None:
    exact = Fraction(prompt * inward + completion * outward, 1_000_000)
    assert cost({"prompt": inward, "completion": outward}, Counts(prompt, completion)) == ceil(exact)


@given(counts, counts, counts, counts, st.tuples(prices, prices, prices, prices))
def test_no_way_of_counting_costs_more_than_the_most(
    prompt: int, completion: int, cached: int, reasoning: int, rates: tuple[int, ...]
) -> None:
    table = dict(zip(("prompt", "completion", "cached", "reasoning"), rates, strict=True))
    actual = cost(table, Counts(prompt, completion, cached, reasoning))
    ceiling = most(table, Counts(prompt, completion))
    assert actual is not None and ceiling is not None
    assert actual <= ceiling


@given(st.integers(0, 10**6), st.integers(0, 10**6), prices, prices, st.integers(0, 10**12))
def test_what_is_affordable_fits_and_one_more_does_not(
    prompt: int, wanted: int, inward: int, outward: int, budget: int
) -> None:
    rates = {"prompt": inward, "completion": outward}
    tokens = affordable(rates, Counts(prompt, wanted), budget)
    assert -1 <= tokens <= wanted
    if tokens >= 0:
        assert (most(rates, Counts(prompt, tokens)) or 0) <= budget
    if tokens < wanted:
        assert (most(rates, Counts(prompt, tokens + 1)) or 0) > budget


PIECE = {"image": 40_000_000}  # four cents each


@pytest.mark.parametrize(
    ("rates", "usage", "expected", "estimated"),
    [
        (PIECE, None, 80_000, False),  # sold by the piece: nobody need count tokens
        (PIECE, {"prompt_tokens": 9, "completion_tokens": 900}, 80_000, False),
        (LUNA, {"prompt_tokens": 10, "completion_tokens": 100}, 51, False),
        (LUNA, None, 16, True),  # 15 prompt tokens and 29 of completion, by our reckoning
        ({**LUNA, **PIECE}, {"prompt_tokens": 10, "completion_tokens": 100}, 80_051, False),
        ({"prompt": 100_000, **PIECE}, {"prompt_tokens": 10, "completion_tokens": 100}, 80_001, False),
        ({"request": 1_000_000}, None, 1_000, False),
        ({"minute": 5}, {"prompt_tokens": 10, "completion_tokens": 100}, None, False),
        ({}, {"prompt_tokens": 10, "completion_tokens": 100}, None, False),
    ],
)
def test_pictures_cost_by_the_piece_by_tokens_or_nobody_knows_what(
    rates: dict[str, int], usage: dict[str, int] | None, expected: int | None, estimated: bool
) -> None:
    known = for_pictures(rates)
    used, guessed = of_pictures(known, usage, lambda: (15, 29), {"image": 2})
    assert (cost(known, used), guessed) == (expected, estimated)
