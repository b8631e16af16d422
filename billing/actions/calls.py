"""Hold: before every call to an upstream, in the transaction of whoever makes it."""

import dataclasses
import uuid
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from billing import access, pricing, tokens
from billing.actions import ledger
from billing.errors import InsufficientFunds, PriceUnknown
from billing.models import Account, Hold, Mode, UnknownPrice
from billing.models.ledger import MAX_AMOUNT
from billing.pricing import Counts, Rates
from providers import registry

FEWEST_TOKENS = 16  # an answer that may not even have these is not worth its prompt


@dataclasses.dataclass(frozen=True)
class Call:
    """One upstream request, before it is made. `source_kind` and `source_id` name what it is for, once and for all.

    `prompt_tokens` is asked only where it matters. `wanted` is the ceiling that the person set, `model_limit` the
    model's own; `answers` is how many the one request asks for.
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


@dataclasses.dataclass(frozen=True)
class Held:
    """`ceiling`: the completion tokens that the request must be limited to; None: the person's own wishes stand."""

    amount: int
    ceiling: int | None


@transaction.atomic
def hold(call: Call) -> Held | None:
    """Hold the most that a call can cost; None when the site counts no money.

    Prepaid: raises InsufficientFunds. Metered, or with the person's own key: nothing is held, and the row only says
    that a call is on its way. Any: raises PriceUnknown where the owner wants no such calls with the site's keys.
    """
    rules = access.policy()
    if not access.counts_money(rules):
        return None
    rates = access.rates(call.provider, call.model_id)
    theirs = registry.is_private(call.provider)
    if not (rates or theirs) and rules.unknown_price == UnknownPrice.REFUSE:
        raise PriceUnknown(model=call.model_id)
    if rules.mode == Mode.METERED or theirs:
        _open(access.account(call.user_id), call, rates, billed=False, held=Held(0, None))
        return Held(0, None)
    _refuse_early(call, rates, rules.ceiling)
    account = ledger.locked(call.user_id)
    held = _affordable(account, call, rates, rules.ceiling)
    _open(account, call, rates, billed=True, held=held)
    if held.amount:
        account.held += held.amount
        ledger.save(account)
    return held


def _refuse_early(call: Call, rates: Rates, default: int) -> None:
    """Who has nothing left need not wait for the lock: 200 in line would wait longer than the database lets them."""
    account = access.account(call.user_id)
    if account.due_at is None or account.due_at > timezone.now():
        _affordable(account, call, rates, default)


def _affordable(account: Account, call: Call, rates: Rates, default: int) -> Held:
    """The most this call can cost within its ceiling, lowered to what the balance affords."""
    wishes = [wish for wish in (call.wanted, call.model_limit) if wish is not None]
    ceiling = min([*wishes, default])
    prompt = tokens.most(call.prompt_tokens())
    full = Counts(prompt, ceiling * call.answers)
    price = pricing.most(rates, full)
    if price is None:
        return Held(0, ceiling)  # unknown, and allowed
    if price > max(0, account.available):
        least = min(ceiling, FEWEST_TOKENS)
        ceiling = pricing.affordable(rates, full, max(0, account.available)) // call.answers
        if ceiling < least or account.available <= 0:
            needed = pricing.most(rates, Counts(prompt, least * call.answers)) or price
            raise InsufficientFunds(needed=needed, available=account.available, contact=access.contact())
        price = pricing.most(rates, Counts(prompt, ceiling * call.answers)) or 0
    return Held(min(price, MAX_AMOUNT), ceiling)


def _open(account: Account, call: Call, rates: Rates, *, billed: bool, held: Held) -> Hold:
    return Hold.objects.create(
        account=account,
        process_id=call.process_id,
        source_kind=call.source_kind,
        source_id=call.source_id,
        provider=call.provider,
        model_id=call.model_id,
        rates=dict(rates),
        billed=billed,
        amount=held.amount,
        ceiling=held.ceiling,
    )
