"""One call's tokens and its cost, shared among the answers that it brought: exactly, nothing lost or added. Pure."""

from collections.abc import Sequence

from billing.pricing import Counts, Rates, exact


def divided(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole numbers, in proportion to the weights; evenly where none weighs anything.

    What is left over by rounding goes to those who lack most, among equals to the first.
    """
    weights = weights if sum(weights) else [1] * len(weights)
    whole = sum(weights)
    shares = [total * each // whole for each in weights]
    lacking = sorted(range(len(weights)), key=lambda place: -(total * weights[place] % whole))
    for place in lacking[: total - sum(shares)]:
        shares[place] += 1
    return shares


def cost(amount: int, rates: Rates, parts: Sequence[Counts]) -> list[int]:
    """What each part of a call has cost of `amount` micro-units, by its tokens; a fee for the call is shared evenly."""
    request = exact(rates, Counts()) or 0
    return divided(amount, [((exact(rates, part) or request) - request) * len(parts) + request for part in parts])
