"""The owner's pages: rules, grants, corrections, prices. To everyone else they are not there."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from billing import access
from billing.models import Price
from tests.billing.conftest import Purse

pytestmark = pytest.mark.django_db
PAGES = ("/settings/money/", "/settings/prices/", "/settings/prices/prices.csv")
COMMANDS = (
    *("/settings/money/rules/", "/settings/money/grants/", "/settings/money/corrections/"),
    *("/settings/prices/set/", "/settings/prices/import/"),
)
RULES = {"mode": "prepaid", "unknown_price": "refuse", "ceiling": "2000"}
PRICE = {"provider": "sandbox", "model_id": "luna", "unit": "prompt", "price": "0.25"}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.backends.Backend")
    return client


@pytest.fixture
def owner(purse: Purse) -> Client:
    return signed_in(get_user_model().objects.create_user("owner@example.org", is_owner=True))


@pytest.mark.parametrize("address", PAGES)
def test_only_the_owner_sees_them(owner: Client, purse: Purse, address: str) -> None:
    assert owner.get(address).status_code == 200
    assert signed_in(purse.user).get(address).status_code == 404


@pytest.mark.parametrize("address", COMMANDS)
def test_only_the_owner_can_command(purse: Purse, address: str) -> None:
    assert signed_in(purse.user).post(address, {**RULES, **PRICE}).status_code == 404
    assert access.policy().mode == "metered" and not Price.objects.filter(model_id="luna").exists()


def test_rules_are_kept(owner: Client) -> None:
    assert owner.post("/settings/money/rules/", RULES).status_code == 303
    found = access.policy()
    assert (found.mode, found.unknown_price, found.ceiling) == ("prepaid", "refuse", 2_000)


@pytest.mark.parametrize(
    "bad", [{"mode": "free"}, {"unknown_price": ""}, {"ceiling": "0"}, {"ceiling": "1.5"}, {"ceiling": "x"}]
)
def test_rules_that_make_no_sense_are_refused(owner: Client, bad: dict[str, str]) -> None:
    assert owner.post("/settings/money/rules/", {**RULES, **bad}).status_code == 400
    assert access.policy().mode == "metered"


def grant(owner: Client, **fields: str) -> int:
    named = {f"grant-{name}": value for name, value in fields.items()}
    return owner.post("/settings/money/grants/", named).status_code


def test_a_grant_reaches_one_person(owner: Client, purse: Purse) -> None:
    day = (timezone.localdate() + timedelta(days=30)).isoformat()
    assert grant(owner, email="Alice@example.org", amount="2.5", label="Welcome", ends_on=day) == 303
    found = purse.account.grants.get()
    assert (found.amount, found.label, purse.account.balance) == (2_500_000, "Welcome", 2_500_000)
    assert found.expires_at.date() == timezone.localdate() + timedelta(days=31)


def test_a_grant_reaches_everybody(owner: Client, purse: Purse) -> None:
    assert grant(owner, amount="1") == 303
    assert all(access.account(user.pk).balance == 1_000_000 for user in get_user_model().objects.all())


@pytest.mark.parametrize("amount", ["", "-1", "0", "1e9", "NaN", "0.0000001", "9999999999", "x"])
def test_an_amount_that_is_none_is_refused(owner: Client, purse: Purse, amount: str) -> None:
    assert grant(owner, email="alice@example.org", amount=amount) == 400
    assert purse.account.balance == 0


def test_a_grant_that_ends_before_it_starts_or_is_for_nobody_is_refused(owner: Client) -> None:
    assert grant(owner, email="alice@example.org", amount="1", ends_on="2020-01-01") == 400
    assert grant(owner, email="nobody@example.org", amount="1") == 400


def correct(owner: Client, amount: str) -> int:
    fields = {"correction-email": "alice@example.org", "correction-amount": amount, "correction-label": "A slip"}
    return owner.post("/settings/money/corrections/", fields).status_code


def test_a_correction_goes_up_and_down_and_never_below_zero(owner: Client, purse: Purse) -> None:
    assert correct(owner, "2") == 303
    assert correct(owner, "-0.5") == 303
    assert purse.account.balance == 1_500_000
    assert correct(owner, "-1.6") == 400
    assert correct(owner, "0") == 400
    assert purse.account.balance == 1_500_000 and purse.agrees()


def test_a_price_is_set_and_listed(owner: Client) -> None:
    assert owner.post("/settings/prices/set/", PRICE).status_code == 303
    assert access.rates("sandbox", "luna") == {"prompt": 250_000}
    page = owner.get("/settings/prices/").text
    assert "US$0.25" in page and "in force" in page


def test_a_price_for_one_picture_is_stored_exactly(owner: Client) -> None:
    owner.post("/settings/prices/set/", {**PRICE, "unit": "image", "price": "0.02", "variant": "1024x1024"})
    assert access.rates("sandbox", "luna") == {"image:1024x1024": 20_000_000}


@pytest.mark.parametrize(
    "bad",
    [{"price": "-1"}, {"price": "x"}, {"price": "1e3"}, {"unit": "word"}, {"provider": "nobody"}, {"model_id": ""}],
)
def test_a_price_that_is_none_is_refused(owner: Client, bad: dict[str, str]) -> None:
    assert owner.post("/settings/prices/set/", {**PRICE, **bad}).status_code == 400
    assert not Price.objects.filter(model_id="luna").exists()


def test_an_empty_price_makes_it_unknown(owner: Client) -> None:
    owner.post("/settings/prices/set/", PRICE)
    owner.post("/settings/prices/set/", {**PRICE, "price": ""})
    assert access.rates("sandbox", "luna") == {"prompt": 0} | access.rates("sandbox", "other")


def test_the_list_goes_out_and_comes_in_again(owner: Client) -> None:
    owner.post("/settings/prices/set/", PRICE)
    table = owner.get("/settings/prices/prices.csv").text
    before = Price.objects.count()
    assert owner.post("/settings/prices/import/", {"table": table}).status_code == 303
    assert Price.objects.count() == before
    assert "sandbox,luna,prompt,,0.250000,USD,1000000," in table


def test_a_list_in_another_currency_needs_a_rate_which_is_kept(owner: Client) -> None:
    table = "provider,model,unit,price,currency\nopenai,luna,prompt,2,CNY\n"
    assert owner.post("/settings/prices/import/", {"table": table}).status_code == 400
    assert owner.post("/settings/prices/import/", {"table": table, "rate": "0.14"}).status_code == 303
    row = Price.objects.get(model_id="luna")
    assert (row.amount, row.list_currency, str(row.rate.normalize())) == (280_000, "CNY", "0.14")


@pytest.mark.parametrize(
    "table",
    [
        *(
            "",
            "x",
            "provider,model\na,b",
            "provider,model,unit,price\n,b,prompt,1",
            "provider,model,unit,price\na,b,word,1",
        ),
        *("provider,model,unit,price\na,b,prompt,-1", "provider,model,unit,price\na,b,prompt,NaN"),
        *("provider,model,unit,price,per\na,b,prompt,1,0", "provider,model,unit,price,starts_at\na,b,prompt,1,never"),
        "provider,model,unit,price,starts_at\na,b,prompt,1,2026-01-01T00:00Z\na,b,prompt,2,2026-01-01T00:00Z",
    ],
)
def test_a_table_that_makes_no_sense_is_refused_whole(owner: Client, table: str) -> None:
    good = "\nopenai,good,prompt,1" if "\n" in table and table.startswith("provider,model,unit,price\n") else ""
    assert owner.post("/settings/prices/import/", {"table": table + good}).status_code == 400
    assert not Price.objects.exclude(provider="sandbox").exists()
