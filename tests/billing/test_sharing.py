"""One call's tokens and cost, shared among its answers: whatever was counted, the parts add up to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing import sharing as costs
from billing.pricing import Counts, cost
from conversations import sharing

TOKENS = st.integers(0, 10**9)
WRITTEN = st.lists(st.tuples(st.text(max_size=80), st.text(max_size=40)), min_size=1, max_size=8)
USAGE = st.fixed_dictionaries(
    {"prompt_tokens": TOKENS, "completion_tokens": TOKENS},
    optional={"total_tokens": TOKENS, "cached_tokens": TOKENS, "reasoning_tokens": TOKENS},
)
RATES = st.dictionaries(st.sampled_from(["prompt", "cached", "completion", "reasoning", "request"]), TOKENS)


@given(st.integers(0, 10**15), st.lists(TOKENS, min_size=1, max_size=8))
def test_a_whole_number_is_divided_without_remainder(total: int, weights: list[int]) -> None:
    shares = costs.divided(total, weights)
    assert sum(shares) == total and min(shares) >= 0
    whole = sum(weights)
    if whole:
        exact = [(share * whole, total * each) for share, each in zip(shares, weights, strict=True)]
        assert all(abs(ours - theirs) < whole for ours, theirs in exact)


@given(USAGE, WRITTEN)
def test_the_parts_of_a_usage_add_up_to_it(told: dict[str, int], written: list[sharing.Written]) -> None:
    parts = sharing.usage(told, written)
    for name, count in told.items():
        assert sum((part or {})[name] for part in parts) == count
    assert all(part and part.keys() == told.keys() for part in parts)


@given(USAGE, WRITTEN, RATES)
def test_the_parts_of_a_charge_add_up_to_it(
    told: dict[str, int], written: list[sharing.Written], rates: dict[str, int]
) -> None:
    whole = Counts(told["prompt_tokens"], told["completion_tokens"])
    amount = cost(rates, whole)
    parts = sharing.counts(sharing.usage(told, written), written, 0)
    if amount is not None:
        assert sum(costs.cost(amount, rates, parts)) == amount


@pytest.mark.parametrize(
    ("told", "written", "expected"),
    [
        # a prompt of 10, one answer twice as long as the other
        ({"prompt_tokens": 10, "completion_tokens": 6}, [("a" * 16, ""), ("a" * 8, "")], [(5, 4), (5, 2)]),
        ({"prompt_tokens": 3, "completion_tokens": 2}, [("", ""), ("", "")], [(2, 1), (1, 1)]),
        ({"prompt_tokens": 0, "completion_tokens": 5}, [("a" * 40, ""), ("", "")], [(0, 5), (0, 0)]),
    ],
)
def test_the_prompt_is_shared_evenly_and_the_rest_by_length(
    told: dict[str, int], written: list[sharing.Written], expected: list[tuple[int, int]]
) -> None:
    parts = sharing.usage(told, written)
    assert [((part or {})["prompt_tokens"], (part or {})["completion_tokens"]) for part in parts] == expected


def test_reasoning_goes_to_whom_it_belongs() -> None:
    told = {"prompt_tokens": 2, "completion_tokens": 30, "reasoning_tokens": 20}
    one, other = sharing.usage(told, [("a" * 20, "b" * 40), ("a" * 20, "")])
    assert one and other
    assert (one["reasoning_tokens"], one["completion_tokens"]) == (20, 25)
    assert (other["reasoning_tokens"], other["completion_tokens"]) == (0, 5)


def test_without_a_count_nothing_is_made_up() -> None:
    assert sharing.usage(None, [("a", ""), ("b", "")]) == [None, None]


def test_a_dearer_part_costs_more_and_a_fee_is_shared_evenly() -> None:
    rates = {"prompt": 100_000_000, "completion": 500_000_000, "request": 2_000}
    parts = [Counts(1, 2), Counts(1, 0)]
    amount = cost(rates, Counts(2, 2))
    assert amount == 2 * 100 + 2 * 500 + 2
    assert costs.cost(amount, rates, parts) == [1 + 100 + 1_000, 1 + 100]
