"""Bars as percentages of their frame, for an SVG that the server draws. Pure."""

import dataclasses
import datetime
from collections.abc import Sequence

from billing.amounts import sign

TICKS = 4
_NICE = (1, 2, 4, 6, 8, 10)
GAP = 0.3  # of a day's width


@dataclasses.dataclass(frozen=True)
class Bar:
    """A part of one day's bar. The figures are SVG percentages."""

    series: int
    x: str
    y: str
    width: str
    height: str


@dataclasses.dataclass(frozen=True)
class Day:
    """One day's bar, and what stands under it, if anything does."""

    day: datetime.date
    total: int
    bars: list[Bar]
    x: str  # of its whole column, for the pointer
    width: str
    middle: str
    named: bool


@dataclasses.dataclass(frozen=True)
class Tick:
    y: str
    label: str


@dataclasses.dataclass(frozen=True)
class Chart:
    days: list[Day]
    ticks: list[Tick]


def stacked(days: Sequence[datetime.date], series: Sequence[dict[datetime.date, int]]) -> Chart:
    """Series stacked from the base upwards."""
    totals = [sum(amounts.get(day, 0) for amounts in series) for day in days]
    top = nice(max(totals, default=0))
    every = max(1, -(-len(days) // 5))
    columns = [
        _day(day, totals[n], [amounts.get(day, 0) for amounts in series], n, len(days), top, named=n % every == 0)
        for n, day in enumerate(days)
    ]
    ticks = [Tick(_percent(TICKS - n, TICKS), _label(top * n // TICKS, top)) for n in range(TICKS + 1)]
    return Chart(columns, ticks)


def _day(day: datetime.date, total: int, parts: list[int], n: int, count: int, top: int, *, named: bool) -> Day:
    bars, base = [], 0
    for number, amount in enumerate(parts, start=1):
        base += amount
        if amount:
            x, width = _percent(n + GAP / 2, count), _percent(1 - GAP, count)
            bars.append(Bar(number, x, _percent(top - base, top), width, _percent(amount, top)))
    return Day(day, total, bars, _percent(n, count), _percent(1, count), _percent(n + 0.5, count), named)


def nice(most: int) -> int:
    """The next round number that divides by TICKS, so that the lines of a chart stand at round amounts."""
    power = 1
    while power * 10 <= most:
        power *= 10
    found = next(power * step for step in _NICE if power * step >= most)
    return max(TICKS, -(-found // TICKS) * TICKS)


def _percent(part: float, whole: int) -> str:
    return f"{100 * part / whole:.3f}%"


def _label(micro: int, top: int) -> str:
    """As many decimals as the steps need."""
    places = next((n for n in range(2, 7) if top // TICKS % 10 ** (6 - n) == 0), 6)
    return f"{sign()}{micro / 1_000_000:.{places}f}"


def shares(*parts: int) -> list[tuple[str, str]]:
    """(start, width) of the parts of one bar."""
    whole, start, found = sum(parts), 0, []
    for part in parts:
        found.append((_percent(start, whole), _percent(part, whole)) if whole else ("0%", "0%"))
        start += part
    return found
