"""Prices: dated, never overwritten, the owner's before the server's, unknown where nobody has set any."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from billing import access, actions
from billing.actions.prices import published
from billing.errors import PriceTaken
from billing.models import Price
from providers.models import ModelList

pytestmark = pytest.mark.django_db


def rates(model_id: str = "luna") -> dict[str, int]:
    return dict(access.rates("openai", model_id))


def test_what_nobody_has_set_is_unknown() -> None:
    assert rates() == {}


def test_the_sandbox_costs_nothing_which_is_not_unknown() -> None:
    assert access.rates("sandbox", "anything")["prompt"] == 0


def test_a_later_row_counts_from_its_start_on() -> None:
    now = timezone.now()
    for amount, start in ((1, now - timedelta(days=2)), (2, now - timedelta(days=1)), (3, now + timedelta(days=1))):
        actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=amount, starts_at=start)
    assert rates() == {"prompt": 2}
    assert access.rates("openai", "luna", now - timedelta(hours=30)) == {"prompt": 1}


def test_a_row_without_an_amount_makes_it_unknown_again() -> None:
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=5)
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=None)
    assert rates() == {}


def test_two_rows_from_the_same_moment_are_refused() -> None:
    facts = {"provider": "openai", "model_id": "luna", "unit": "prompt", "starts_at": timezone.now()}
    actions.set_price(**facts, amount=1)
    with pytest.raises(PriceTaken):
        actions.set_price(**facts, amount=2)
    assert rates() == {"prompt": 1}


@pytest.mark.parametrize("amount", [-1, 10**12 + 1])
def test_the_database_refuses_what_is_no_price(amount: int) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Price.objects.create(provider="openai", model_id="luna", unit="prompt", amount=amount)


def test_every_model_of_a_provider_can_have_one_price_and_one_model_its_own() -> None:
    actions.set_price(provider="openai", model_id="*", unit="prompt", amount=7)
    actions.set_price(provider="openai", model_id="sol", unit="prompt", amount=9)
    assert (rates("luna"), rates("sol")) == ({"prompt": 7}, {"prompt": 9})


def test_the_owner_is_believed_before_the_server() -> None:
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=5)
    actions.take_published("openai", [("luna", {"prompt": "0.000001", "completion": "0.000002"})])
    assert rates() == {"prompt": 5, "completion": 2_000_000}


def test_published_prices_are_marked_and_kept_only_when_they_change() -> None:
    models = [("luna", {"prompt": "0.0000025", "completion": "0.00001", "input_cache_read": "0.00000125"})]
    assert actions.take_published("openai", models) == 3
    assert actions.take_published("openai", models) == 0
    assert actions.take_published("openai", [("luna", {"prompt": "0.000003", "completion": "0.00001"})]) == 1
    assert set(Price.objects.filter(provider="openai").values_list("source", flat=True)) == {"server"}
    assert rates() == {"prompt": 3_000_000, "completion": 10_000_000, "cached": 1_250_000}


def test_a_list_that_a_provider_sends_is_taken() -> None:
    rows = [{"id": "luna", "pricing": {"prompt": "0.000001", "completion": "0.000002"}}, {"id": "sol"}]
    ModelList.objects.create(provider="openai", rows=rows, asked_at=timezone.now(), base_url="http://x")
    assert rates() == {"prompt": 1_000_000, "completion": 2_000_000} and rates("sol") == {}


def test_prices_are_remembered_until_there_are_others(django_assert_num_queries) -> None:
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=5)
    assert rates() == {"prompt": 5}
    with django_assert_num_queries(1):  # the rules alone
        assert rates() == {"prompt": 5}
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=6)
    assert rates() == {"prompt": 6}
    actions.take_published("openai", [("luna", {"prompt": "1", "completion": "0.000002"})])
    assert rates() == {"prompt": 6, "completion": 2_000_000}


def test_a_price_that_was_taken_back_is_forgotten() -> None:
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=5)
    assert rates() == {"prompt": 5}
    with transaction.atomic():
        actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=6)
        assert rates() == {"prompt": 6}
        transaction.set_rollback(True)
    assert rates() == {"prompt": 5}


def test_a_remembered_price_begins_at_its_time() -> None:
    start = timezone.now() + timedelta(hours=1)
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=5)
    actions.set_price(provider="openai", model_id="luna", unit="prompt", amount=6, starts_at=start)
    assert rates() == {"prompt": 5}
    assert access.rates("openai", "luna", start) == {"prompt": 6}


def test_a_site_in_another_currency_takes_none(settings) -> None:
    settings.CURRENCY = "CNY"
    assert actions.take_published("openai", [("luna", {"prompt": "1", "completion": "1"})]) == 0


@pytest.mark.parametrize("bad", ["-1", "NaN", "x", None, True, [], "1e99", "Infinity"])
def test_what_is_no_price_is_not_taken(bad: object) -> None:
    assert published({"prompt": bad, "completion": "0.1"}) == {}
