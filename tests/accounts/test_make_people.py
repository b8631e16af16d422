"""manage.py make_people: people for benchmarks."""

import pytest
from django.core.management import call_command

from accounts.models import User


@pytest.fixture
def make_people(db, capsys):
    """Run the command; what it printed on both channels."""

    def run(*arguments: str):
        call_command("make_people", *arguments)
        return capsys.readouterr()

    return run


def test_it_makes_so_many_who_can_sign_in(make_people, browser):
    make_people("3", "--prefix", "bench", "--password", "a known secret")
    assert sorted(User.objects.values_list("email", flat=True)) == [f"bench{n}@example.org" for n in (1, 2, 3)]
    one = browser()
    one.sign_in("bench2@example.org", "a known secret")
    assert one.is_signed_in()


def test_with_sessions_it_prints_a_session_key_each(make_people, browser):
    keys = make_people("2", "--sessions").out.split()
    pages = []
    for key in keys:
        one = browser()
        one.cookies["sessionid"] = key
        pages.append(one.get("/settings/").text)
    assert "person1@example.org" in pages[0]
    assert "person2@example.org" in pages[1]


def test_several_prefixes_give_people_for_each_in_their_order(make_people, browser):
    keys = make_people("1", "--prefix", "zoe", "adam", "--sessions").out.split()
    one = browser()
    one.cookies["sessionid"] = keys[0]
    assert "zoe1@example.org" in one.get("/settings/").text
    assert len(keys) == 2


def test_without_a_password_it_makes_one_up_and_says_it(make_people, browser):
    made_up = make_people("1").err.strip().rpartition(" ")[2]
    one = browser()
    one.sign_in("person1@example.org", made_up)
    assert one.is_signed_in()


def test_running_it_again_gives_the_same_people(make_people):
    make_people("2")
    before = sorted(User.objects.values_list("pk", flat=True))
    make_people("3")
    assert sorted(User.objects.values_list("pk", flat=True))[:2] == before
    assert User.objects.count() == 3


def test_running_it_again_with_the_same_password_keeps_their_sessions(make_people, browser):
    one = browser()
    one.cookies["sessionid"] = make_people("1", "--password", "a known secret", "--sessions").out.strip()
    make_people("2", "--password", "a known secret")
    assert one.is_signed_in()
    make_people("2", "--password", "another secret")
    assert not one.is_signed_in()


def test_none_of_them_is_the_owner(make_people, browser):
    make_people("2")
    browser().sign_up("alice@example.org")
    assert User.objects.get(is_owner=True).email == "alice@example.org"


def test_they_get_in_where_addresses_must_be_confirmed(make_people, mail_server, browser):
    make_people("1", "--password", "a known secret")
    one = browser()
    one.sign_in("person1@example.org", "a known secret")
    assert one.is_signed_in()


def test_the_sign_in_limits_stay_on(make_people, browser):
    make_people("1", "--password", "a known secret")
    codes = [browser().sign_in("person1@example.org", "a known secret").status_code for _ in range(31)]
    assert codes[-1] == 429
