"""Tables for spreadsheets: nothing is lost, and nothing in them is a formula."""

import csv
import io

import pytest

from billing import actions, csvs
from billing.forms import date_range
from tests.billing.conftest import Purse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("luna")]


def test_every_entry_is_a_row_with_its_exact_amount(purse: Purse) -> None:
    for label in ("=1+1", "Plain"):
        call = purse.call()
        usage = {"prompt_tokens": 100, "completion_tokens": 10}
        actions.settle("run", call, usage=usage, estimate=lambda: (0, 0), label=label)
    text, below = csvs.entries(purse.account, {"kind": "", "model_id": ""}, None) or ("", 0)
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[3] for row in rows] == ["-0.000015", "-0.000015"]
    assert rows[0][5] == "Answer in “Plain”"
    assert csvs.entries(purse.account, {"kind": "", "model_id": ""}, below) is None


@pytest.mark.parametrize("value", ["=1+1", "+x", "-x", "@x", "\tx"])
def test_what_a_spreadsheet_would_calculate_is_quoted(value: str) -> None:
    assert list(csv.reader(io.StringIO(csvs.text([[value]])))) == [["'" + value]]


def test_usage_adds_up(purse: Purse) -> None:
    for _ in range(3):
        purse.settle(purse.call(), prompt_tokens=100, completion_tokens=10)
    rows = list(csv.DictReader(io.StringIO(csvs.usage(purse.account, date_range({})))))
    assert sum(int(row["requests"]) for row in rows) == 3
    assert sum(float(row["cost"]) for row in rows) == pytest.approx(0.000045)
