"""verify_ledger: silent about what is true, and a sentence for every way in which it could be false."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from billing import actions
from billing.models import Account, Grant, Hold, Tally
from live.models import Process
from tests.billing.conftest import DOLLAR, Purse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("prepaid", "luna")]


@pytest.fixture
def paid(purse: Purse) -> Purse:
    """A grant, a settled call and a released one."""
    actions.grant(purse.user.pk, DOLLAR)
    purse.settle(purse.call(), prompt_tokens=100, completion_tokens=10)
    actions.release("run", purse.call())
    return purse


def complaint() -> str:
    with pytest.raises(CommandError) as error:
        call_command("verify_ledger")
    return str(error.value)


def test_a_true_ledger_is_said_to_be_true(paid: Purse, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_ledger")
    said = capsys.readouterr().out
    assert "1 accounts, 2 entries, 2 calls, 0 of them open." in said
    assert "Balances less entries: US$0.000000" in said and "The ledger is true." in said


@pytest.mark.parametrize(
    ("model", "change", "said"),
    [
        (Account, {"balance": 5}, "US$0.000005 and the entries add up to US$0.999985"),
        (Account, {"held": 7}, "US$0.000007 counts as held"),
        (Account, {"used": 0}, "used is US$0.000000, and its grants say US$0.000015"),
        (Grant, {"used": 0}, "its grants have US$1.000000 left"),
        (Grant, {"expired": 3}, "its entries say otherwise"),
        (Hold, {"status": "settled", "closed_at": timezone.now()}, "no entry charges it"),
        (Hold, {"status": "released", "closed_at": timezone.now()}, "charges a call that is not settled"),
        (Hold, {"billed": False, "amount": 0}, "do not cancel out"),
        (Tally, {"completion_tokens": 11}, "the tallies say 11 completion_tokens, and the entries 10"),
        (Tally, {"calls": 0}, "the tallies say 0 calls, and the entries 1"),
    ],
)
def test_what_is_false_is_explained(paid: Purse, model: type, change: dict, said: str) -> None:
    model.objects.all().update(**change)
    assert said in complaint()


def test_a_hold_whose_process_is_dead_is_named(paid: Purse) -> None:
    call = paid.call()
    Process.objects.update(ended_at=timezone.now())
    assert f"The hold for run {call} is open since" in complaint()


def test_a_ledger_that_can_be_changed_is_not_trusted(paid: Purse) -> None:
    on = " ON billing_entry" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER billing_entry_no_update{on}")
    assert "triggers" in complaint()
