"""The balance page: what is left, what was spent on what, every entry and its cause; nobody sees another's."""

import csv
import io
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import AsyncClient, Client
from django.utils import timezone

from billing import actions
from tests.billing.conftest import DOLLAR, Purse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("luna")]


@pytest.fixture
def browser(purse: Purse) -> Client:
    client = Client()
    client.force_login(purse.user, backend="accounts.backends.Backend")
    return client


def spend(purse: Purse, count: int = 1, label: str = "Rail and rooms") -> None:
    for _ in range(count):
        call = purse.call()
        actions.settle(
            "run", call, usage={"prompt_tokens": 100, "completion_tokens": 10}, estimate=lambda: (0, 0), label=label
        )


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db: None) -> None:
    assert Client().get("/balance/")["Location"] == "/accounts/login/?next=/balance/"


def test_an_empty_account_says_so(browser: Client) -> None:
    page = browser.get("/balance/").text
    assert "Nothing spent in these days." in page and "No entries." in page


def test_metered_it_shows_what_calls_cost(browser: Client, purse: Purse) -> None:
    spend(purse, 3)
    page = browser.get("/balance/").text
    assert "Answer in “Rail and rooms”" in page and "\u2212US$0.000015" in page and "not billed" in page
    assert '<rect class="series-1"' in page and "100 in · 10 out" in page


@pytest.mark.usefixtures("prepaid")
def test_prepaid_it_shows_what_is_left_and_the_grants_as_one_bar(browser: Client, purse: Purse) -> None:
    actions.grant(purse.user.pk, DOLLAR, label="Welcome", expires_at=timezone.now() + timedelta(days=3))
    spend(purse)
    page = browser.get("/balance/").text
    for words in ("Left to spend", "Unused", "Used", "Expired", "expires soon:", "Grant: Welcome"):
        assert words in page


@pytest.mark.usefixtures("prepaid")
def test_when_nothing_is_left_it_says_whom_to_ask(browser: Client, purse: Purse) -> None:
    get_user_model().objects.create_user("owner@example.org", is_owner=True)
    page = browser.get("/balance/").text
    assert "Nothing is left to spend." in page and "Ask owner@example.org." in page


def test_what_has_come_due_is_posted_before_it_is_shown(browser: Client, purse: Purse) -> None:
    now = timezone.now()
    actions.grant(purse.user.pk, DOLLAR, starts_at=now - timedelta(hours=2), expires_at=now - timedelta(hours=1))
    assert "Expired grant" in browser.get("/balance/").text


def test_as_json_it_is_the_balance_and_its_grants(browser: Client, purse: Purse) -> None:
    actions.grant(purse.user.pk, DOLLAR, label="Welcome")
    found = browser.get("/balance/", headers={"Accept": "application/json"}).json()
    assert found["balance"]["balance"] == DOLLAR and found["balance"]["mode"] == "metered"
    assert found["grants"][0]["amount"] == DOLLAR and found["grants"][0]["expires_at"] is None


def test_nobody_sees_the_entries_of_another(browser: Client, purse: Purse) -> None:
    spend(purse, label="A secret title")
    bob = Client()
    bob.force_login(
        get_user_model().objects.create_user("bob@example.org"),
        backend="accounts.backends.Backend",
    )
    for address in ("/balance/", "/balance/?kind=charge"):
        assert "A secret title" not in bob.get(address).text


def test_entries_come_in_pages_and_are_filtered(browser: Client, purse: Purse) -> None:
    spend(purse, 55)
    first = browser.get("/balance/").context["page"]
    assert len(first.entries) == 50 and first.newer is None
    second = browser.get(f"/balance/?before={first.older}").context["page"]
    assert len(second.entries) == 5 and second.older is None
    back = browser.get(f"/balance/?after={second.newer}").context["page"]
    assert [entry.pk for entry in back.entries] == [entry.pk for entry in first.entries]
    assert len(browser.get("/balance/?kind=unbilled").context["page"].entries) == 50
    assert browser.get("/balance/?model=sol").context["page"].entries == []


@pytest.mark.parametrize(
    "address",
    [
        *("?days=0", "?days=x", "?days=99999", "?days=0001234567", "?from=2026-99-01&to=x", "?by=x", "?model=%00"),
        *("?from=9999-12-31&to=9999-12-31", "?before=x", "?before=99999999999999999999", "?after=-1", "?model=%F0%9F"),
        *("price/?model_id=%00&provider=%00", "?kind=%00"),
    ],
)
def test_an_address_that_makes_no_sense_shows_the_page(browser: Client, purse: Purse, address: str) -> None:
    spend(purse)
    assert browser.get(f"/balance/{address}").status_code == 200


def test_a_range_is_compared_with_the_one_before(browser: Client, purse: Purse) -> None:
    spend(purse)
    line = browser.get("/balance/?days=7").context["lines"][0]
    assert (line.name, line.calls, line.cost, line.change) == ("luna", 1, 15, "new")
    assert browser.get("/balance/?days=1&by=kind").context["lines"][0].name == "run"


def test_many_entries_take_no_more_queries(browser: Client, purse: Purse, django_assert_max_num_queries) -> None:
    spend(purse, 60)
    with django_assert_max_num_queries(20):
        browser.get("/balance/")


def test_money_can_be_hidden_elsewhere(browser: Client, purse: Purse) -> None:
    assert browser.post("/balance/show/", {})["Location"] == "/balance/"
    assert not purse.account.show_money
    browser.post("/balance/show/", {"show": "on"})
    assert purse.account.show_money


def test_a_price_is_told_for_an_estimate(browser: Client) -> None:
    known = browser.get("/balance/price/?provider=openai&model_id=luna").json()
    assert known["rates"]["completion"] == 500_000 and known["ceiling"] is None
    assert browser.get("/balance/price/?provider=openai&model_id=sol").json()["rates"] is None
    at_whom_a_send_would_ask = browser.get(
        "/balance/price/?model_id=anything"
    ).json()  # the sandbox, where there is no other
    assert at_whom_a_send_would_ask["rates"]["prompt"] == 0


@pytest.mark.django_db(transaction=True)
async def test_both_tables_can_be_had_as_csv(purse: Purse) -> None:
    client = AsyncClient()
    await client.aforce_login(purse.user, backend="accounts.backends.Backend")
    entries = await table(client, "/balance/entries.csv")
    usage = await table(client, "/balance/usage.csv")
    assert entries[0][:4] == ["id", "time", "kind", "amount"] and usage[0][3] == "requests"


async def table(client: AsyncClient, address: str) -> list[list[str]]:
    response = await client.get(address)
    assert response["Content-Type"] == "text/csv; charset=utf-8" and "attachment" in response["Content-Disposition"]
    text = "".join([part.decode() async for part in response.streaming_content])
    return list(csv.reader(io.StringIO(text)))
