"""Hold: before every call to an upstream, in the transaction of whoever makes it."""

import dataclasses
import functools
import uuid
from collections.abc import Callable, Mapping

from django.db import transaction

from billing import access, pricing, tokens
from billing.actions import totals
from billing.actions.grants import up_to_date
from billing.errors import InsufficientFunds, PriceUnknown
from billing.models import Hold, Mode, UnknownPrice
from billing.models.ledger import MAX_AMOUNT
from billing.pricing import Counts, Rates
from live import rows
from providers import registry

FEWEST_TOKENS = 16  # an answer that may not even have these is not worth its prompt


@dataclasses.dataclass(frozen=True)
class Call:
    """One upstream request, before it is made. `source_kind` and `source_id` name what it is for, once and for all.

    `prompt_tokens` is asked only where it matters. `wanted` is the ceiling that the person set, `model_limit` the
    model's own; `answers` is how many the one request asks for. `pieces`, of a call that makes pictures: the units that
    they count as at these prices; such a call has no ceiling, so it is affordable or not, and `wanted` is the tokens
    that the pictures will probably have.
    """

    user_id: int
    process_id: uuid.UUID | None
    source_kind: str
    source_id: str
    provider: str
    model_id: str
    prompt_tokens: Callable[[], int]
    wanted: int | None = None
    model_limit: int | None = None
    answers: int = 1
    pieces: Callable[[Rates], Mapping[str, int]] | None = None


@dataclasses.dataclass(frozen=True)
class Held:
    """`ceiling`: the completion tokens that the request must be limited to; None: the person's own wishes stand."""

    amount: int
    ceiling: int | None


def hold(call: Call) -> Held | None:
    """Hold the most that a call can cost; None when the site counts no money.

    Prepaid: raises InsufficientFunds. Metered, or with the person's own key: nothing is held, and the row only says
    that a call is on its way. Any: raises PriceUnknown where the owner wants no such calls with the site's keys.
    """
    now = _standing(call.user_id)
    if not access.counts_money(now.rules):
        return None
    rates = access.rates(call.provider, call.model_id, now.at, now.rules)
    if call.pieces is not None:
        rates = pricing.for_pictures(rates)
    theirs = _has_a_key_of_its_own(call.provider)
    if not (rates or theirs) and now.rules.unknown_price == UnknownPrice.REFUSE:
        raise PriceUnknown(model=call.model_id)
    if now.rules.mode == Mode.METERED or theirs:
        _open(now, call, rates, Held(0, None), billed=False)
        return Held(0, None)
    return _hold(now, call, rates)


def _standing(user_id: int) -> access.Standing:
    """The rules, and an account that is there and up to date."""
    found = access.standing(user_id)
    if not access.counts_money(found.rules) or (found.account_id and not found.due):
        return found
    up_to_date(user_id)
    return access.standing(user_id)


@functools.lru_cache(maxsize=1_024)
def _has_a_key_of_its_own(provider: str) -> bool:
    """Remembered, since whose a provider is never changes."""
    return registry.is_private(provider)


def _hold(now: access.Standing, call: Call, rates: Rates) -> Held:
    """Prepaid: take from what is available, in the statement that asks whether it still is.

    Who finds nothing is refused without waiting for the account's lock: 200 in line would wait longer than the
    database lets them. When others were quicker, what they left is looked at again.
    """
    prompt = tokens.most(call.prompt_tokens()) if pricing.prompt_matters(rates) else 0
    while True:
        held = _affordable(now, call, rates, prompt)
        with transaction.atomic(savepoint=False):
            if not held.amount or totals.reserve(now.account_id, held.amount):
                _open(now, call, rates, held, billed=True)
                return held
        now = _standing(call.user_id)


def _affordable(now: access.Standing, call: Call, rates: Rates, prompt: int) -> Held:
    """The most this call can cost within its ceiling, lowered to what the balance affords."""
    if call.pieces is not None:
        return _whole(now, rates, Counts(prompt, call.wanted or 0, others=call.pieces(rates)))
    wishes = [wish for wish in (call.wanted, call.model_limit) if wish is not None]
    ceiling = min([*wishes, now.rules.ceiling])
    full = Counts(prompt, ceiling * call.answers)
    price = pricing.most(rates, full)
    if price is None:
        return Held(0, ceiling)  # unknown, and allowed
    budget = max(0, now.available)
    if price > budget:
        least = min(ceiling, FEWEST_TOKENS)
        ceiling = pricing.affordable(rates, full, budget) // call.answers
        if ceiling < least or not budget:
            needed = pricing.most(rates, Counts(prompt, least * call.answers)) or price
            raise InsufficientFunds(needed=needed, available=now.available, contact=access.contact())
        price = pricing.most(rates, Counts(prompt, ceiling * call.answers)) or 0
    return Held(min(price, MAX_AMOUNT), ceiling)


def _whole(now: access.Standing, rates: Rates, counts: Counts) -> Held:
    """All of it, or nothing."""
    price = pricing.most(rates, counts)
    if price is None:
        return Held(0, None)  # unknown, and allowed
    if price > max(0, now.available):
        raise InsufficientFunds(needed=price, available=now.available, contact=access.contact())
    return Held(min(price, MAX_AMOUNT), None)


def _open(now: access.Standing, call: Call, rates: Rates, held: Held, *, billed: bool) -> None:
    """The row that says that a call is on its way. It began when the account was looked at: no grant had ended then."""
    rows.insert(
        Hold,
        {
            "account_id": now.account_id,
            "process_id": call.process_id,
            "source_kind": call.source_kind,
            "source_id": call.source_id,
            "provider": call.provider,
            "model_id": call.model_id,
            "rates": dict(rates),
            "billed": billed,
            "amount": held.amount,
            "ceiling": held.ceiling,
            "created_at": now.at,
        },
    )
