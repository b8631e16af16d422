"""A model that an old conversation used and that is gone: said, with what can take its place."""

import datetime
from typing import Any

import pytest

from accounts.models import User
from providers import lists, registry, retirement
from providers.models import KnownModel, StoredProvider

TODAY = datetime.date.today()
pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> User:
    return User.objects.create_user("alice@example.org")


def provider(alice: User, *rows: dict[str, Any], failure: str = "", left_out: int = 0) -> str:
    """A provider of Alice's that has listed these."""
    made = StoredProvider.objects.create(owner=alice, name="Relay", base_url="https://relay.example.org/v1")
    found = registry.get(alice, str(made.pk))
    lists.store(found, list(rows), failure=failure, left_out=left_out)
    return found.id


def found(alice: User, provider_id: str, model_id: str) -> tuple[str, str, str] | None:
    said = retirement.of(alice, provider_id, model_id)
    return None if said is None else (said.reason, said.on, (said.replacement or ("", ""))[1])


def day(days: int) -> str:
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def test_a_model_that_is_there_needs_no_word(alice: User) -> None:
    assert found(alice, provider(alice, {"id": "m-1"}), "m-1") is None


def test_a_model_whose_day_has_come_names_the_newest_of_its_family(alice: User) -> None:
    rows = (
        {"id": "mega-1", "shutdown_date": day(-3)},
        {"id": "mega-2", "created": 5},
        {"id": "mega-3", "created": 9},
        {"id": "other", "created": 99},
    )
    assert found(alice, provider(alice, *rows), "mega-1") == ("shut_down", day(-3), "mega-3")


def test_a_day_that_is_near_is_announced_and_one_that_is_far_is_not(alice: User) -> None:
    rows = ({"id": "near", "shutdown_date": day(20)}, {"id": "far", "shutdown_date": day(200)}, {"id": "x"})
    made = provider(alice, *rows)
    assert found(alice, made, "near") == ("shuts_down", day(20), "x")
    assert found(alice, made, "far") is None


def test_the_tables_successor_is_named_first(alice: User) -> None:
    facts = {"shutdown_date": day(-1), "successor": "chosen-one"}
    KnownModel.objects.create(pattern="mega-1", host="relay.example.org", facts=facts)
    made = provider(alice, {"id": "mega-2", "created": 9}, {"id": "chosen-one"})
    assert found(alice, made, "mega-1") == ("shut_down", day(-1), "chosen-one")


def test_the_table_does_not_bury_what_the_server_still_lists(alice: User) -> None:
    KnownModel.objects.create(pattern="mega-1", facts={"shutdown_date": day(-1)})
    assert found(alice, provider(alice, {"id": "mega-1"}), "mega-1") is None


def test_a_model_that_is_not_listed_any_more_is_said_not_to_be(alice: User) -> None:
    said = found(alice, provider(alice, {"id": "mega-2"}), "mega-1")
    assert said is not None
    assert said[0] == "not_listed"


@pytest.mark.parametrize(
    ("rows", "options", "model_id"),
    [
        ((), {}, "m"),
        (({"id": "x"},), {"failure": "not_found"}, "m"),
        (({"id": "x"},), {"left_out": 7}, "m"),
        (({"id": "llama3:latest"},), {}, "llama3"),
        (({"id": "m-2024-08-06"},), {}, "m"),
    ],
    ids=["no list", "failed", "cut", "a tag", "a dated name"],
)
def test_nothing_is_said_where_nothing_is_known(alice: User, rows: Any, options: Any, model_id: str) -> None:
    assert found(alice, provider(alice, *rows, **options), model_id) is None


def test_a_provider_that_is_gone_is_said_to_be(alice: User) -> None:
    bob = User.objects.create_user("bob@example.org")
    said = found(bob, provider(alice, {"id": "m"}), "m")  # somebody else's looks the same
    assert said is not None
    assert said[0] == "provider_gone"
    assert found(bob, "nonsense", "m") == said
