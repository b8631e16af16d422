"""Exactly one owner: whoever signs up first, also when several do at the same moment."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from accounts import actions
from accounts.models import User

AT_ONCE = 6


def _all_at_once(work, arguments):
    """Run `work(argument)` in a thread each, from one starting line; every thread has its own connection."""
    line = threading.Barrier(len(arguments))

    def run(argument):
        try:
            line.wait(timeout=20)
            return work(argument)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(arguments)) as pool:
        return list(pool.map(run, arguments))


def test_the_first_one_is_the_owner_and_the_second_is_not(bob, person):
    assert person("alice").is_owner
    assert not person("bob").is_owner


def test_the_database_holds_no_second_owner(bob, person):
    bob_ = person("bob")
    bob_.is_owner = True
    with pytest.raises(IntegrityError), transaction.atomic():
        bob_.save()


@pytest.mark.django_db(transaction=True)
def test_of_several_who_sign_up_first_at_the_same_moment_one_is_the_owner_and_all_get_in(browser):
    browsers = [browser() for _ in range(AT_ONCE)]
    responses = _all_at_once(lambda n: browsers[n].sign_up(f"person{n}@example.org"), range(AT_ONCE))
    assert [response.status_code for response in responses] == [302] * AT_ONCE
    assert User.objects.count() == AT_ONCE
    assert User.objects.filter(is_owner=True).count() == 1
    assert all(one.is_signed_in() for one in browsers)


@pytest.mark.django_db(transaction=True)
def test_whoever_loses_the_race_is_saved_as_an_ordinary_person(browser, monkeypatch):
    """The race made certain: both have seen a site without an owner before either is saved."""
    both_looked = threading.Barrier(2)
    save_new = actions._save_new

    def wait_then_save(user, invitation_id, as_owner):
        if as_owner:
            both_looked.wait(timeout=20)
        return save_new(user, invitation_id, as_owner)

    monkeypatch.setattr(actions, "_save_new", wait_then_save)
    browsers = [browser(), browser()]
    responses = _all_at_once(lambda n: browsers[n].sign_up(f"person{n}@example.org"), range(2))
    assert [response.status_code for response in responses] == [302, 302]
    assert sorted(User.objects.values_list("is_owner", flat=True)) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_several_who_use_one_address_at_the_same_moment_one_gets_it(browser):
    browsers = [browser() for _ in range(AT_ONCE)]
    responses = _all_at_once(lambda n: browsers[n].sign_up("same@example.org"), range(AT_ONCE))
    assert sorted(response.status_code for response in responses) == [200] * (AT_ONCE - 1) + [302]
    assert User.objects.count() == 1
    assert sum(one.is_signed_in() for one in browsers) == 1


@pytest.mark.django_db(transaction=True)
def test_with_a_mail_server_none_of_them_learns_who_got_it(browser, mail_server, mailoutbox):
    browsers = [browser() for _ in range(AT_ONCE)]
    responses = _all_at_once(lambda n: browsers[n].sign_up("same@example.org"), range(AT_ONCE))
    assert {(response.status_code, response["Location"]) for response in responses} == {
        (302, "/accounts/confirm-email/")
    }
    assert User.objects.count() == 1
