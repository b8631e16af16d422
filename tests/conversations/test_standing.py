"""What holds for all conversations of a person: nobody who has set nothing pays a query for it."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model

from conversations import actions, standing
from conversations.models import Preset


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch, settings: Any, transactional_db: None) -> tuple[Any, Any]:
    settings.REDIS_URL = ""  # the only process
    monkeypatch.setattr(standing, "_who", None)  # as when the process began
    make = get_user_model().objects.create_user
    return make(email="sets@example.org"), make(email="plain@example.org")


def test_who_has_set_something_is_looked_up_once_and_nothing_for_all_others(
    people: tuple[Any, Any], django_assert_num_queries: Any
) -> None:
    sets, plain = people
    with django_assert_num_queries(1):
        assert standing.layers(plain.pk, {"seed": 1}).effective == {"seed": 1}
    with django_assert_num_queries(0):
        assert standing.layers(plain.pk, {}).effective == standing.layers(sets.pk, {}).effective == {}
    actions.set_standing(sets, {"temperature": 0.5}, ())
    with django_assert_num_queries(0):
        assert standing.layers(plain.pk, {}).effective == {}
    with django_assert_num_queries(1):
        assert standing.layers(sets.pk, {}).effective == {"temperature": 0.5}
    actions.set_standing(None, {"temperature": 0.7, "seed": 3}, ())
    assert standing.layers(plain.pk, {}).effective == {"temperature": 0.7, "seed": 3}
    assert standing.layers(sets.pk, {}).sources == {"temperature": "personal", "seed": "site"}


def test_what_was_set_before_the_process_began_is_found(people: tuple[Any, Any]) -> None:
    Preset.objects.create(owner=people[0], parameters={"seed": 1})
    Preset.objects.create(owner=people[1], name="Kept", parameters={"seed": 2})
    assert standing.layers(people[0].pk, {}).effective == {"seed": 1}
    assert standing.layers(people[1].pk, {}).effective == {}


def test_one_process_of_several_looks_each_time(
    people: tuple[Any, Any], settings: Any, django_assert_num_queries: Any
) -> None:
    settings.REDIS_URL = "redis://elsewhere"
    assert standing.layers(people[0].pk, {}).effective == {}
    Preset.objects.create(owner=people[0], parameters={"seed": 1})  # as another process would
    with django_assert_num_queries(1):
        assert standing.layers(people[0].pk, {}).effective == {"seed": 1}
