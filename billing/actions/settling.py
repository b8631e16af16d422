"""Settle and release: after every call, in the transaction that stores its end; and the sweep for calls nobody ends."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from billing import pricing
from billing.actions import ledger
from billing.models import Account, EntryKind, Hold, HoldStatus, Tally
from billing.models.ledger import LABEL_LENGTH, MAX_AMOUNT
from billing.pricing import Counts, Estimate
from live import process
from live.models import Process

ORPHANED_AFTER = timedelta(seconds=60)


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a call cost, in micro-units; None when its price is unknown.

    `marks`: any of estimate, overrun, unknown, unbilled.
    """

    amount: int | None
    marks: tuple[str, ...] = ()


@transaction.atomic
def settle(
    source_kind: str, source_id: str, *, usage: Mapping[str, Any] | None, estimate: Estimate, label: str = ""
) -> Cost | None:
    """Charge what the call used, by the prices that it began with, and give back the rest of its hold.

    `usage` is what the upstream said; `estimate` is asked where it said nothing that can be believed. None when nothing
    is counted, or when the call was settled before. A hold that a sweep has released meanwhile is charged all the same.
    """
    found = _hold_of(source_kind, source_id)
    if found is None or found.status == HoldStatus.SETTLED:
        return None
    counts, estimated = pricing.believed(usage, estimate)
    price = pricing.cost(found.rates, counts)
    if price is not None:
        price = min(price, MAX_AMOUNT)
    cost = Cost(price, _marks(found, price, estimated))
    _charge(found, counts, cost, label[:LABEL_LENGTH])
    if found.billed:
        account = found.account
        ledger.spend(account, price or 0)
        _close(found, HoldStatus.SETTLED)
        _after(account)
    else:
        _close(found, HoldStatus.SETTLED)
        ledger.announce(found.account)
    return cost


def _hold_of(source_kind: str, source_id: str) -> Hold | None:
    """The call's hold; a billed one with its account locked, so that nobody changes either before we commit."""
    found = Hold.objects.select_related("account").filter(source_kind=source_kind, source_id=source_id).first()
    if found is not None and found.billed:
        account = ledger.locked_by_id(found.account_id)
        found = Hold.objects.get(pk=found.pk)
        found.account = account
    elif found is not None and connection.features.has_select_for_update:
        found = Hold.objects.select_for_update(of=("self",)).select_related("account").get(pk=found.pk)
    return found


def _marks(found: Hold, price: int | None, estimated: bool) -> tuple[str, ...]:
    said = {
        "estimate": estimated,
        "overrun": found.billed and (price or 0) > found.amount,
        "unknown": price is None,
        "unbilled": not found.billed,
    }
    return tuple(mark for mark, holds in said.items() if holds)


def _charge(found: Hold, counts: Counts, cost: Cost, label: str) -> None:
    """The charge, its counterpart in metered mode, and the hour's tally."""
    now = timezone.now()
    facts: dict[str, Any] = {
        "source_kind": found.source_kind,
        "source_id": found.source_id,
        "label": label,
        "hold": found,
        "provider": found.provider,
        "model_id": found.model_id,
        "billed": found.billed,
        "priced": cost.amount is not None,
        "created_at": now,
    }
    used: dict[str, Any] = {
        "prompt_tokens": counts.prompt,
        "cached_tokens": counts.cached,
        "completion_tokens": counts.completion,
        "reasoning_tokens": counts.reasoning,
    }
    amount = cost.amount or 0
    marks = {"estimated": "estimate" in cost.marks, "overrun": "overrun" in cost.marks, "others": dict(counts.others)}
    ledger.post(found.account, EntryKind.CHARGE, -amount, **facts, **used, **marks)
    if not found.billed and amount:
        ledger.post(found.account, EntryKind.UNBILLED, amount, **facts)
    _tally(found, now, {**used, "cost": amount, "unpriced": int(cost.amount is None), **_one(marks["estimated"])})


def _one(estimated: Any) -> dict[str, int]:
    return {"calls": 1, "estimated": int(bool(estimated))}


def _tally(found: Hold, now: datetime, numbers: Mapping[str, int]) -> None:
    """Add to the hour's row, or begin it: one statement, so that two at once both count."""
    meta = Tally._meta
    hour = meta.get_field("hour").get_db_prep_save(now.replace(minute=0, second=0, microsecond=0), connection)
    key = {
        "account_id": found.account_id,
        "hour": hour,
        "provider": found.provider,
        "model_id": found.model_id,
        "kind": found.source_kind,
    }
    row = {**key, **numbers}
    more = ", ".join(f"{name} = {meta.db_table}.{name} + excluded.{name}" for name in numbers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {meta.db_table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))}) "  # noqa: S608
            f"ON CONFLICT ({', '.join(key)}) DO UPDATE SET {more}",
            list(row.values()),
        )


@transaction.atomic
def release(source_kind: str, source_id: str) -> bool:
    """Give a hold back whole: the call was never made, or brought nothing. False when there is none that is open."""
    found = _hold_of(source_kind, source_id)
    if found is None or found.status != HoldStatus.OPEN:
        return False
    account = found.account
    _close(found, HoldStatus.RELEASED)
    if found.billed:
        _after(account)
    return True


def _close(found: Hold, status: HoldStatus) -> None:
    if found.status == HoldStatus.OPEN:
        found.account.held -= found.amount
    found.status, found.closed_at = status, timezone.now()
    found.save(update_fields=["status", "closed_at"])


def _after(account: Account) -> None:
    """Store the totals; a grant that had ended may have been kept for this hold alone."""
    ledger.save(account)
    ledger.due(account)


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
