"""What a call costs: an exact sum, rounded up once. Pure: integers in, integers out."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

Rates = Mapping[str, int]  # unit -> micro-units for PER of it; a picture's as "image:<size and quality>"
Estimate = Callable[[], tuple[int, int]]  # -> prompt tokens, completion tokens, by our own reckoning
MOST_TOKENS = 10**9  # what is above it is not a count
_TOKENS, _OTHERS = 1_000_000, 1_000
_SCALE = _TOKENS // _OTHERS
_PARTS = {"prompt": ("cached",), "completion": ("reasoning",)}
_FALLBACK = {"cached": "prompt", "reasoning": "completion"}


@dataclasses.dataclass(frozen=True)
class Counts:
    """What a call used. `cached` is part of `prompt`, `reasoning` of `completion`; `others` maps units to numbers."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    reasoning: int = 0
    others: Mapping[str, int] = dataclasses.field(default_factory=dict)


def cost(rates: Rates, counts: Counts) -> int | None:
    """Micro-units, rounded up; None when something was used that has no price. Without any price, nothing is known."""
    total = exact(rates, counts) if rates else None
    return None if total is None else -(-total // _TOKENS)


def for_pictures(rates: Rates) -> Rates:
    """The prices of a model that makes pictures: sold by the piece, its tokens cost nothing more, and the other way
    round; where both have a price, both count. Without any, nothing is known."""
    if not rates:
        return rates
    named = {unit.partition(":")[0] for unit in rates}
    if "image" in named:
        free = {unit: 0 for unit in ("prompt", "completion") if not named & {unit, *_PARTS[unit]}}
    else:
        free = {"image": 0} if named & {"prompt", "completion", "request"} else {}
    return {**free, **rates}


def exact(rates: Rates, counts: Counts) -> int | None:
    """The same before it is rounded, in millionths of a micro-unit."""
    cached, reasoning = min(counts.cached, counts.prompt), min(counts.reasoning, counts.completion)
    tokens = {
        "prompt": counts.prompt - cached,
        "cached": cached,
        "completion": counts.completion - reasoning,
        "reasoning": reasoning,
    }
    total = rates.get("request", 0) * _SCALE
    for unit, count in [*tokens.items(), *counts.others.items()]:
        rate = _rate(rates, unit)
        if count and rate is None:
            return None
        total += count * (rate or 0) * (1 if unit in tokens else _SCALE)
    return total


def _rate(rates: Rates, unit: str) -> int | None:
    """A unit's own price, or that of what it is a part of; a picture of unlisted size costs what pictures cost."""
    for name in (unit, _FALLBACK.get(unit, ""), unit.partition(":")[0]):
        if name in rates:
            return rates[name]
    return None


def most(rates: Rates, counts: Counts) -> int | None:
    """The most that a call with at most these counts can cost, however its tokens turn out to be counted."""
    if not rates:
        return None
    dearest = {
        unit: max(found)
        for unit, part in (("prompt", "cached"), ("completion", "reasoning"))
        if (found := [rates[name] for name in (unit, part) if name in rates])
    }
    others = {name: rate for name, rate in rates.items() if name not in ("cached", "reasoning")}
    return cost({**others, **dearest}, dataclasses.replace(counts, cached=0, reasoning=0))


def prompt_matters(rates: Rates) -> bool:
    """Whether the most that a call can cost depends on how long its prompt is."""
    found = [rates[unit] for unit in ("prompt", "cached") if unit in rates]
    return bool(rates) and (not found or max(found) > 0)


def affordable(rates: Rates, counts: Counts, budget: int) -> int:
    """How many completion tokens `budget` still pays for, `counts.completion` at most; -1 when not even none."""
    low, high = -1, counts.completion
    while low < high:
        middle = (low + high + 1) // 2
        price = most(rates, dataclasses.replace(counts, completion=middle))
        if price is not None and price <= budget:
            low = middle
        else:
            high = middle - 1
    return low


def of_pictures(
    rates: Rates, usage: Mapping[str, Any] | None, estimate: Estimate, pieces: Mapping[str, int]
) -> tuple[Counts, bool]:
    """`believed`, of a call that made these pictures: whoever sells them by the piece need not count tokens."""
    by_token = any(rates.get(unit) for unit in ("prompt", "cached", "completion", "reasoning"))
    counts, estimated = believed(usage, estimate if by_token else lambda: (0, 0))
    return dataclasses.replace(counts, others=pieces), estimated


def believed(usage: Mapping[str, Any] | None, estimate: Estimate) -> tuple[Counts, bool]:
    """Counts, and whether any is our estimate. What is negative, no number or absurd is not believed."""
    said = {name: _count((usage or {}).get(name)) for name in _COUNTED}
    prompt, completion = said["prompt_tokens"], said["completion_tokens"]
    estimated = not prompt or not completion
    if estimated:
        ours = estimate()
        estimated = bool((not prompt and ours[0]) or (not completion and ours[1]))
        prompt, completion = prompt or ours[0], completion or ours[1]
    prompt, completion = prompt or 0, completion or 0
    cached, reasoning = said["cached_tokens"] or 0, said["reasoning_tokens"] or 0
    return Counts(prompt, completion, min(cached, prompt), min(reasoning, completion)), estimated


_COUNTED = ("prompt_tokens", "completion_tokens", "cached_tokens", "reasoning_tokens")


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_TOKENS else None
