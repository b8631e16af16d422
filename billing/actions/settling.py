"""Settle and release: after every call, in the transaction that stores its end; and the sweep for calls nobody ends."""

import dataclasses
import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from billing import pricing
from billing.actions import statements, totals
from billing.models import Entry, EntryKind, Hold, HoldStatus, Span, Tally
from billing.models.ledger import LABEL_LENGTH, MAX_AMOUNT
from billing.pricing import Counts, Estimate, Rates
from live import process, rows
from live.models import Process

ORPHANED_AFTER = timedelta(seconds=60)


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a call cost, in micro-units; None when its price is unknown.

    `marks`: any of estimate, overrun, unknown, unbilled. `rates` are the prices that it was reckoned with.
    """

    amount: int | None
    marks: tuple[str, ...] = ()
    rates: Rates = dataclasses.field(default_factory=dict, compare=False)


_CLOSE = """
    UPDATE billing_hold SET status = %s, closed_at = %s WHERE source_kind = %s AND source_id = %s AND status = %s
    RETURNING id, account_id, provider, model_id, rates, billed, amount
"""


@dataclasses.dataclass(frozen=True)
class _Closed:
    """A hold that has just been closed. `held`: what that gave back; nothing when it had been released before."""

    id: Any
    account_id: int
    provider: str
    model_id: str
    rates: Rates
    billed: bool
    amount: int
    held: int
    at: datetime


@transaction.atomic(savepoint=False)
def settle(
    source_kind: str,
    source_id: str,
    *,
    usage: Mapping[str, Any] | None,
    estimate: Estimate,
    label: str = "",
    pieces: Callable[[Rates], Mapping[str, int]] | None = None,
) -> Cost | None:
    """Charge what the call used, by the prices that it began with, and give back the rest of its hold.

    `usage` is what the upstream said; `estimate` is asked where it said nothing that can be believed. None when nothing
    is counted, or when the call was settled before. A hold that a sweep has released meanwhile is charged all the same.
    `pieces`: the units that the pictures of a call count as, at these prices.
    """
    source = (source_kind, source_id)
    found = _close(source, HoldStatus.OPEN, HoldStatus.SETTLED) or _close(
        source, HoldStatus.RELEASED, HoldStatus.SETTLED
    )
    if found is None:
        return None
    if pieces is None:
        counts, estimated = pricing.believed(usage, estimate)
    else:
        counts, estimated = pricing.of_pictures(found.rates, usage, estimate, pieces(found.rates))
    price = pricing.cost(found.rates, counts)
    if price is not None:
        price = min(price, MAX_AMOUNT)
    cost = Cost(price, _marks(found, price, estimated), found.rates)
    _charge(source, found, counts, cost, label[:LABEL_LENGTH])
    if found.billed and (price or found.held):
        totals.close(found.account_id, held=found.held, cost=price or 0)
    else:
        totals.recorded(found.account_id)
    return cost


def _close(source: tuple[str, str], before: HoldStatus, status: HoldStatus) -> _Closed | None:
    """Close a call's hold, if it is as `before` says; whoever comes second waits, and then finds that it is not."""
    now = timezone.now()
    found = statements.row(_CLOSE, [status.value, now, *source, before.value])
    if found is None:
        return None
    id_, account_id, provider, model_id, rates, billed, amount = found
    held = amount if before == HoldStatus.OPEN else 0
    return _Closed(id_, account_id, provider, model_id, json.loads(rates), bool(billed), amount, held, now)


def _marks(found: _Closed, price: int | None, estimated: bool) -> tuple[str, ...]:
    said = {
        "estimate": estimated,
        "overrun": found.billed and (price or 0) > found.amount,
        "unknown": price is None,
        "unbilled": not found.billed,
    }
    return tuple(mark for mark, holds in said.items() if holds)


def _charge(source: tuple[str, str], found: _Closed, counts: Counts, cost: Cost, label: str) -> None:
    """The charge, its counterpart in metered mode, and the tallies of its hour and its day."""
    amount = cost.amount or 0
    call = {"account_id": found.account_id, "provider": found.provider, "model_id": found.model_id}
    facts: dict[str, Any] = {
        **call,
        "source_kind": source[0],
        "source_id": source[1],
        "label": label,
        "hold_id": found.id,
        "billed": found.billed,
        "priced": cost.amount is not None,
        "created_at": found.at,
    }
    used: dict[str, int] = {
        "prompt_tokens": counts.prompt,
        "cached_tokens": counts.cached,
        "completion_tokens": counts.completion,
        "reasoning_tokens": counts.reasoning,
    }
    estimated, overrun = "estimate" in cost.marks, "overrun" in cost.marks
    marks = {"estimated": estimated, "overrun": overrun, "others": dict(counts.others)}
    entries = [{**facts, **used, **marks, "kind": EntryKind.CHARGE.value, "amount": -amount}]
    if amount and not found.billed:
        entries.append({**facts, "kind": EntryKind.UNBILLED.value, "amount": amount})
    rows.insert(Entry, *entries)
    more = {"calls": 1, "estimated": int(estimated), "unpriced": int(cost.amount is None), "cost": amount}
    statements.add(Tally, [{**call, "kind": source[0], **time} for time in _times(found.at)], {**used, **more})


def _times(moment: datetime) -> list[dict[str, Any]]:
    """The hour and the day that a call is counted in, always in this order: two at once do not wait for each other."""
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return [{"span": Span.HOUR.value, "hour": hour}, {"span": Span.DAY.value, "hour": hour.replace(hour=0)}]


@transaction.atomic(savepoint=False)
def release(source_kind: str, source_id: str) -> bool:
    """Give a hold back whole: the call was never made, or brought nothing. False when there is none that is open."""
    found = _close((source_kind, source_id), HoldStatus.OPEN, HoldStatus.RELEASED)
    if found is not None and found.held:
        totals.close(found.account_id, held=found.held)
    return found is not None


def release_orphans() -> int:
    """Release the holds of processes that are dead for a minute; by then whoever made them has settled what it could.

    A process that is alone sees no heartbeats: it waits until it has been up for that long itself.
    """
    limit = timezone.now() - ORPHANED_AFTER
    if not Process.objects.filter(pk=process.current_id(), started_at__lt=limit).exists():
        return 0
    gone = process.dead().filter(Q(ended_at__lt=limit) | Q(ended_at=None, heartbeat_at__lt=limit))
    orphans = Hold.objects.filter(Q(process__in=gone) | Q(process=None), status=HoldStatus.OPEN)
    sources = list(orphans.values_list("source_kind", "source_id"))
    return sum(release(*source) for source in sources)
