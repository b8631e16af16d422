"""Grants: spent oldest expiry first, expired by an entry, kept while a hold needs them, corrected by an entry."""

from datetime import timedelta
from unittest import mock

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import actions
from billing.errors import CorrectionTooLarge, InsufficientFunds
from billing.models import Grant
from tests.billing.conftest import DOLLAR, Purse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prepaid", "per_request")]
CENT = 10_000


def pay(purse: Purse) -> None:
    purse.settle(purse.call(), prompt_tokens=1, completion_tokens=1)


def at(moment):
    """The clock says `moment`."""
    return mock.patch.object(timezone, "now", return_value=moment)


def test_the_grant_that_ends_first_is_spent_first(purse: Purse) -> None:
    now = timezone.now()
    for_ever = actions.grant(purse.user.pk, 5 * CENT)
    later = actions.grant(purse.user.pk, 5 * CENT, expires_at=now + timedelta(days=9))
    sooner = actions.grant(purse.user.pk, CENT, expires_at=now + timedelta(days=2))
    for _ in range(3):
        pay(purse)
    used = [Grant.objects.get(pk=found.pk).used for found in (sooner, later, for_ever)]
    assert used == [CENT, 2 * CENT, 0] and purse.agrees()


def test_one_that_ends_is_an_entry_before_anything_is_read(purse: Purse) -> None:
    actions.grant(purse.user.pk, 5 * CENT, expires_at=timezone.now() + timedelta(hours=1))
    with at(timezone.now() + timedelta(hours=2)), pytest.raises(InsufficientFunds):
        purse.call()
    actions.grant(purse.user.pk, CENT)
    with at(timezone.now() + timedelta(hours=2)):
        actions.post_due()
    assert (purse.account.balance, purse.account.expired) == (CENT, 5 * CENT)
    assert purse.agrees()


def test_one_that_starts_later_is_nothing_yet(purse: Purse) -> None:
    actions.grant(purse.user.pk, CENT, starts_at=timezone.now() + timedelta(hours=1))
    assert purse.account.balance == 0
    with at(timezone.now() + timedelta(hours=2)):
        pay(purse)
    assert purse.account.used == CENT and purse.agrees()


def test_what_is_held_outlives_its_grant_and_the_rest_does_not(purse: Purse) -> None:
    actions.grant(purse.user.pk, 5 * CENT, expires_at=timezone.now() + timedelta(hours=1))
    call = purse.call()
    with at(timezone.now() + timedelta(hours=2)):
        actions.post_due()
        assert (purse.account.balance, purse.account.expired) == (CENT, 4 * CENT)
        with pytest.raises(InsufficientFunds):
            purse.call()
        purse.settle(call, prompt_tokens=1, completion_tokens=1)
    assert (purse.account.balance, purse.account.used) == (0, CENT) and purse.agrees()


def test_what_was_held_expires_when_the_hold_is_released(purse: Purse) -> None:
    actions.grant(purse.user.pk, 5 * CENT, expires_at=timezone.now() + timedelta(hours=1))
    call = purse.call()
    with at(timezone.now() + timedelta(hours=2)):
        actions.post_due()
        actions.release("run", call)
    assert (purse.account.balance, purse.account.expired) == (0, 5 * CENT) and purse.agrees()


def test_two_grants_that_ended_keep_what_their_own_calls_hold(purse: Purse) -> None:
    now = timezone.now()
    actions.grant(purse.user.pk, CENT, expires_at=now + timedelta(hours=1))
    first = purse.call()
    actions.grant(purse.user.pk, 3 * CENT, expires_at=now + timedelta(hours=2))
    second = purse.call()
    with at(now + timedelta(hours=3)):
        actions.post_due()
        assert purse.account.balance == 2 * CENT
        for call in (first, second):
            purse.settle(call, prompt_tokens=1, completion_tokens=1)
    assert (purse.account.balance, purse.account.expired) == (0, 2 * CENT) and purse.agrees()


def test_a_clock_that_jumps_back_gives_nothing_twice(purse: Purse) -> None:
    actions.grant(purse.user.pk, 5 * CENT, expires_at=timezone.now() + timedelta(hours=1))
    with at(timezone.now() + timedelta(hours=2)):
        actions.post_due()
    with pytest.raises(InsufficientFunds):
        purse.call()
    actions.post_due()
    assert purse.account.expired == 5 * CENT and purse.agrees()


def test_everybody_gets_one(purse: Purse) -> None:
    assert actions.grant_all(DOLLAR, label="Welcome") == 1
    assert purse.account.balance == DOLLAR


def test_a_correction_upwards_is_money_that_does_not_expire(purse: Purse) -> None:
    entry = actions.correct(purse.user.pk, CENT, label="Charged twice")
    assert (entry.kind, entry.amount, purse.account.balance) == ("correction", CENT, CENT)
    assert purse.agrees()


def test_a_correction_downwards_takes_what_is_left_and_no_more(purse: Purse) -> None:
    actions.grant(purse.user.pk, 3 * CENT)
    actions.correct(purse.user.pk, -CENT, label="A slip")
    assert purse.account.balance == 2 * CENT and purse.agrees()
    purse.call()
    with pytest.raises(CorrectionTooLarge):
        actions.correct(purse.user.pk, -2 * CENT, label="Too much")


@pytest.mark.parametrize("amount", [0, -1, 10**15 + 1])
def test_the_database_refuses_amounts_that_cannot_be(purse: Purse, amount: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.grant(purse.user.pk, amount)


def test_the_database_refuses_a_grant_that_ends_before_it_starts(purse: Purse) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.grant(purse.user.pk, 1, expires_at=timezone.now() - timedelta(days=1))
