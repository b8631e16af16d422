"""Hold, settle, release: what a call leaves behind in each mode, and with every kind of usage."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from billing import actions
from billing.errors import InsufficientFunds, PriceUnknown
from billing.models import Entry, Hold, Tally
from providers.models import StoredProvider
from tests.billing.conftest import DOLLAR, Purse

pytestmark = pytest.mark.django_db


def kinds(purse: Purse) -> list[tuple[str, int]]:
    return list(purse.account.entries.order_by("pk").values_list("kind", "amount"))


def test_metered_records_the_call_and_takes_the_charge_back(purse: Purse, luna: None) -> None:
    cost = purse.settle(purse.call(), prompt_tokens=6_604, completion_tokens=1_018)
    assert cost is not None and (cost.amount, cost.marks) == (1_170, ("unbilled",))
    assert kinds(purse) == [("charge", -1_170), ("unbilled", 1_170)]
    assert purse.account.balance == 0 and purse.agrees()


def test_off_records_nothing(purse: Purse, luna: None, mode: Callable[..., None]) -> None:
    mode("off")
    assert purse.settle(purse.call(), prompt_tokens=5, completion_tokens=5) is None
    assert not Hold.objects.exists() and not Entry.objects.exists()


def test_prepaid_holds_the_most_and_gives_the_rest_back(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, DOLLAR)
    held = purse.hold(call := str(uuid.uuid4()), prompt=100, wanted=1_000)
    assert held == actions.Held(amount=513, ceiling=1_000)  # 129 of a prompt of about 100, and 1,000
    assert purse.account.available == DOLLAR - 513
    cost = purse.settle(call, prompt_tokens=100, completion_tokens=10)
    assert cost == actions.Cost(15)
    assert (purse.account.balance, purse.account.held, purse.account.used) == (DOLLAR - 15, 0, 15)
    assert purse.agrees()


def test_the_ceiling_is_the_least_of_all(purse: Purse, luna: None, mode: Callable[..., None]) -> None:
    mode("prepaid", ceiling=2_000)
    actions.grant(purse.user.pk, DOLLAR)
    ceilings = [
        purse.hold(str(uuid.uuid4()), wanted=wanted, model_limit=limit)
        for wanted, limit in ((None, None), (9_000, None), (1_500, 700), (300, 700))
    ]
    assert [held.ceiling for held in ceilings if held] == [2_000, 2_000, 700, 300]


def test_a_small_balance_lowers_the_ceiling(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, 100)
    held = purse.hold(str(uuid.uuid4()), prompt=100)
    assert held is not None and held.amount <= 100 and held.ceiling == 174
    with pytest.raises(InsufficientFunds):
        purse.call()
    assert purse.agrees()


def test_without_enough_there_is_no_call(purse: Purse, luna: None, prepaid: None) -> None:
    with pytest.raises(InsufficientFunds) as refusal:
        purse.call()
    assert refusal.value.data == {"needed": 21, "available": 0, "contact": ""}
    assert not Hold.objects.exists()


def test_more_than_was_held_is_charged_in_full_and_blocks_the_next(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, 600)
    cost = purse.settle(purse.call(wanted=1_000), prompt_tokens=100, completion_tokens=5_000)
    assert cost == actions.Cost(2_510, ("overrun",))
    assert purse.account.balance == 600 - 2_510 and purse.agrees()
    with pytest.raises(InsufficientFunds):
        purse.call(wanted=20)
    actions.grant(purse.user.pk, 5_000)
    assert purse.account.balance == 5_600 - 2_510 and purse.agrees()


def test_a_free_call_is_made_even_with_debt(purse: Purse, luna: None, prepaid: None) -> None:
    for unit in ("prompt", "completion"):
        actions.set_price(provider="openai", model_id="free", unit=unit, amount=0)
    assert purse.settle(purse.call(model_id="free"), prompt_tokens=9, completion_tokens=9) == actions.Cost(0)
    assert kinds(purse) == [("charge", 0)]


@pytest.mark.parametrize("name", ["metered", "prepaid"])
def test_an_unknown_price_is_recorded_as_unknown(purse: Purse, mode: Callable[..., None], name: str) -> None:
    mode(name)
    cost = purse.settle(purse.call(model_id="new"), prompt_tokens=9, completion_tokens=9)
    assert cost is not None and cost.amount is None and "unknown" in cost.marks
    entry = Entry.objects.get()
    assert (entry.amount, entry.priced, entry.prompt_tokens) == (0, False, 9)
    assert [tally.unpriced for tally in Tally.objects.all()] == [1, 1]


@pytest.mark.parametrize(("name", "before", "after"), [("off", 1, 2), ("metered", 2, 4), ("prepaid", 3, 5)])
def test_a_call_takes_few_statements(
    purse: Purse, luna: None, mode: Callable[..., None], django_assert_num_queries, name: str, before: int, after: int
) -> None:
    mode(name)
    actions.grant(purse.user.pk, DOLLAR)
    purse.settle(purse.call(), prompt_tokens=100, completion_tokens=10)  # prices are remembered from the first one on
    with transaction.atomic():  # as in the transaction of who makes the call
        with django_assert_num_queries(before):
            call = purse.call()
        with django_assert_num_queries(after):
            purse.settle(call, prompt_tokens=100, completion_tokens=10)
    assert purse.agrees()


def test_who_was_slower_gets_what_others_left(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, 1_000)

    def meanwhile() -> int:
        purse.call(wanted=1_900)
        return 100

    held = purse.hold("late", prompt=meanwhile, wanted=1_900)
    assert held is not None and held.amount <= 37 and held.ceiling == 48
    assert purse.account.available >= 0 and purse.agrees()


def test_a_prompt_is_counted_only_where_its_length_costs(purse: Purse, per_request: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, DOLLAR)

    def count() -> int:
        raise AssertionError("nobody needs to know")

    assert purse.hold("one", prompt=count) == actions.Held(10_000, 4_096)


def test_what_two_grants_pay_for_comes_from_the_one_that_ends_first(purse: Purse, luna: None, prepaid: None) -> None:
    soon = actions.grant(purse.user.pk, 10, expires_at=timezone.now() + timedelta(days=1))
    later = actions.grant(purse.user.pk, 1_000)
    purse.settle(purse.call(wanted=20), prompt_tokens=100, completion_tokens=10)
    for grant in (soon, later):
        grant.refresh_from_db()
    assert (soon.used, soon.open, later.used, later.open) == (10, False, 5, True)
    assert purse.account.used == 15 and purse.agrees()


def test_an_unknown_price_is_refused_where_the_owner_says_so(purse: Purse, mode: Callable[..., None]) -> None:
    mode("metered", unknown_price="refuse")
    with pytest.raises(PriceUnknown):
        purse.call(model_id="new")


def test_a_call_with_a_key_of_ones_own_costs_the_site_nothing(purse: Purse, mode: Callable[..., None]) -> None:
    mode("prepaid", unknown_price="refuse")
    own = StoredProvider.objects.create(owner=purse.user, name="Mine", base_url="http://127.0.0.1/v1")
    cost = purse.settle(purse.call(provider=str(own.pk)), prompt_tokens=9, completion_tokens=9)
    assert cost is not None and set(cost.marks) == {"unknown", "unbilled"}


BAD = [None, -5, "many", 3.5, True, 10**9 + 1, 10**30, [], {}]


@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_a_count_that_cannot_be_believed_is_estimated_and_marked(
    purse: Purse, luna: None, prepaid: None, bad: object
) -> None:
    actions.grant(purse.user.pk, DOLLAR)
    usage = {"prompt_tokens": bad, "completion_tokens": bad, "cached_tokens": bad, "reasoning_tokens": bad}
    cost = purse.settle(purse.call(), estimate=(100, 10), **usage)
    assert cost == actions.Cost(15, ("estimate",))
    assert Entry.objects.get(kind="charge").estimated and purse.agrees()


def test_no_tokens_for_a_text_that_is_there_is_not_believed(purse: Purse, luna: None) -> None:
    cost = purse.settle(purse.call(), estimate=(100, 10), prompt_tokens=100, completion_tokens=0)
    assert cost is not None and cost.amount == 15 and "estimate" in cost.marks


def test_the_prices_of_its_beginning_count(purse: Purse, luna: None) -> None:
    call = purse.call()
    actions.set_price(provider="openai", model_id="luna", unit="completion", amount=10**9)
    cost = purse.settle(call, prompt_tokens=100, completion_tokens=10)
    assert cost is not None and cost.amount == 15


def test_a_call_is_settled_once(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, DOLLAR)
    call = purse.call()
    assert purse.settle(call, prompt_tokens=100, completion_tokens=10) is not None
    assert purse.settle(call, prompt_tokens=100, completion_tokens=10) is None
    assert not actions.release("run", call)
    assert purse.account.balance == DOLLAR - 15


def test_a_released_hold_is_whole_again(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, DOLLAR)
    call = purse.call()
    assert actions.release("run", call) and not actions.release("run", call)
    assert purse.account.available == DOLLAR and purse.agrees()


def test_usage_that_comes_after_a_release_is_charged_all_the_same(purse: Purse, luna: None, prepaid: None) -> None:
    actions.grant(purse.user.pk, DOLLAR)
    call = purse.call()
    actions.release("run", call)
    assert purse.settle(call, prompt_tokens=100, completion_tokens=10) == actions.Cost(15)
    assert purse.account.held == 0 and purse.agrees()


def test_what_was_held_stays_billed_when_the_mode_changes(purse: Purse, luna: None, mode: Callable[..., None]) -> None:
    mode("prepaid")
    actions.grant(purse.user.pk, DOLLAR)
    call = purse.call()
    mode("off")
    assert purse.settle(call, prompt_tokens=100, completion_tokens=10) == actions.Cost(15)
    assert purse.agrees()


@pytest.mark.parametrize("span", ["hour", "day"])
def test_calls_are_added_up_by_hour_and_by_day(purse: Purse, luna: None, span: str) -> None:
    for _ in range(3):
        purse.settle(purse.call(), prompt_tokens=100, completion_tokens=10, cached_tokens=0, reasoning_tokens=4)
    tallies = Tally.objects.filter(span=span)
    assert sum(tally.calls for tally in tallies) == 3 and sum(tally.cost for tally in tallies) == 45
    assert sum(tally.reasoning_tokens for tally in tallies) == 12


@pytest.mark.parametrize(
    ("verb", "changes"),
    [
        ("delete", {}),
        ("update", {"amount": -1}),
        ("update", {"label": "", "amount": -7}),
        ("update", {"label": "", "others": {"image": 1}}),
        ("update", {"label": "Something else"}),
    ],
)
def test_the_database_itself_keeps_entries_as_they_were_written(
    purse: Purse, luna: None, verb: str, changes: dict[str, Any]
) -> None:
    purse.settle(purse.call(), prompt_tokens=1, completion_tokens=1)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        getattr(Entry.objects.filter(kind="charge"), verb)(**changes)
    assert Entry.objects.filter(kind="charge", amount=-1, label="About").exists()


def test_only_the_words_in_them_can_be_forgotten(purse: Purse, luna: None) -> None:
    purse.settle(purse.call(), prompt_tokens=1, completion_tokens=1)
    actions.forget(purse.user)
    assert Entry.objects.filter(kind="charge", amount=-1, label="").exists() and purse.agrees()
