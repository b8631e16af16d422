"""Changing the address one signs in with."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from accounts.models import User


def change(browser, email: str, password: str | None = None):
    form = {"action_add": "", "email": email, "password": browser.password if password is None else password}
    return browser.post("/accounts/email/", form)


@pytest.fixture
def confirmed_bob(bob, mail_server, mailoutbox):
    """Bob, who has confirmed his address, on a site that sends mail."""
    EmailAddress.objects.filter(email="bob@example.org").update(verified=True)
    return bob


def test_without_a_mail_server_it_counts_at_once(bob, browser):
    assert change(bob, "Robert@example.org")["Location"] == "/accounts/email/"
    assert "You sign in as robert@example.org" in bob.get("/settings/").text
    new, old = browser(), browser()
    new.sign_in("robert@example.org")
    old.sign_in("bob@example.org")
    assert new.is_signed_in()
    assert not old.is_signed_in()


def test_the_old_address_is_free_again(bob, browser):
    change(bob, "robert@example.org")
    other = browser()
    assert other.sign_up("bob@example.org").status_code == 302


def test_the_session_stays(bob):
    change(bob, "robert@example.org")
    assert bob.is_signed_in()


def test_without_the_password_nothing_changes(bob, person):
    for guess in ("", "a guess"):
        assert 'id="id_password_error"' in change(bob, "robert@example.org", guess).text
    assert person("bob")


def test_somebody_elses_address_is_refused(bob, person):
    assert "Somebody already has an account" in change(bob, "ALICE@example.org").text
    assert person("bob")


def test_ones_own_address_is_refused(bob):
    assert "This is already your address." in change(bob, "bob@example.org").text


def test_something_that_is_no_address_is_refused(bob, person):
    assert 'id="id_email_error"' in change(bob, "bob at home").text
    assert person("bob")


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db, charlie):
    assert change(charlie, "robert@example.org")["Location"].startswith("/accounts/login/")


def test_after_ten_attempts_in_a_minute_the_next_has_to_wait(bob):
    codes = [change(bob, "robert@example.org", "a guess").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]


def test_with_a_mail_server_it_counts_once_the_new_address_is_confirmed(confirmed_bob, mailoutbox, path_in, person):
    change(confirmed_bob, "robert@example.org")
    assert mailoutbox[-1].to == ["robert@example.org"]
    assert "robert@example.org waits to be confirmed" in confirmed_bob.get("/accounts/email/").text
    assert person("bob")
    confirmed_bob.post(path_in(mailoutbox[-1].body))
    assert person("robert")
    assert mailoutbox[-1].to == ["bob@example.org"]
    assert mailoutbox[-1].subject == "[Chatsite] Your address was changed"


def test_the_change_can_be_called_off(confirmed_bob, mailoutbox, path_in, person):
    change(confirmed_bob, "robert@example.org")
    link = path_in(mailoutbox[-1].body)
    confirmed_bob.post("/accounts/email/", {"action_remove": "", "email": "robert@example.org"})
    assert "waits to be confirmed" not in confirmed_bob.get("/accounts/email/").text
    assert "This link does not work any more" in confirmed_bob.get(link).text
    assert person("bob")


def test_the_mail_can_be_sent_again_after_a_while(confirmed_bob, mailoutbox):
    change(confirmed_bob, "robert@example.org")
    sent = len(mailoutbox)
    confirmed_bob.post("/accounts/email/", {"action_send": "", "email": "robert@example.org"})
    assert len(mailoutbox) == sent  # not within three minutes: allauth's own limit


def test_an_unconfirmed_address_cannot_be_made_the_main_one(confirmed_bob, person):
    change(confirmed_bob, "robert@example.org")
    confirmed_bob.post("/accounts/email/", {"action_primary": "", "email": "robert@example.org"})
    assert person("bob")


def test_the_address_in_use_cannot_be_removed(confirmed_bob, person):
    confirmed_bob.post("/accounts/email/", {"action_remove": "", "email": "bob@example.org"})
    assert person("bob")
    assert EmailAddress.objects.filter(email="bob@example.org").exists()


def test_with_a_mail_server_an_address_that_was_never_confirmed_is_replaced_at_once(bob, mail_server, person):
    """It was given before there was a mail server; allauth alone would leave the account without any address."""
    change(bob, "robert@example.org")
    assert person("robert")
    assert bob.sign_out()
    assert bob.sign_in("robert@example.org")["Location"] == "/accounts/confirm-email/"


def test_an_address_that_somebody_took_meanwhile_stays_theirs(confirmed_bob, mailoutbox, path_in, person):
    change(confirmed_bob, "robert@example.org")
    link = path_in(mailoutbox[-1].body)
    User.objects.create_user("robert@example.org", "somebody else's secret")
    assert confirmed_bob.post(link).status_code == 302
    assert "robert@example.org belongs to another account meanwhile" in confirmed_bob.get("/settings/").text
    assert person("bob")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_one_address_at_the_same_moment_one_gets_it(alice, bob):
    line = threading.Barrier(2)

    def take(browser):
        try:
            line.wait(timeout=20)
            return change(browser, "wanted@example.org").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(take, [alice, bob])) == [200, 302]
    assert User.objects.filter(email="wanted@example.org").count() == 1
