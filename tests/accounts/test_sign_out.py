"""Signing out."""

from django.contrib.sessions.models import Session


def test_signing_out_leads_to_the_sign_in_page_and_ends_the_session(bob):
    key = bob.cookies["sessionid"].value
    response = bob.sign_out()
    assert (response.status_code, response["Location"]) == (302, "/accounts/login/")
    assert not bob.is_signed_in()
    assert not Session.objects.filter(session_key=key).exists()


def test_the_sign_in_page_confirms_it(bob):
    assert "You are signed out." in bob.post("/accounts/logout/", follow=True).text


def test_other_sessions_stay(bob, browser):
    other = browser()
    other.sign_in("bob@example.org")
    bob.sign_out()
    assert other.is_signed_in()


def test_an_old_cookie_does_not_bring_the_session_back(bob, browser):
    key = bob.cookies["sessionid"].value
    bob.sign_out()
    thief = browser()
    thief.cookies["sessionid"] = key
    assert not thief.is_signed_in()


def test_opening_the_address_asks_first(bob):
    assert "Sign out" in bob.get("/accounts/logout/").text
    assert bob.is_signed_in()


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db, charlie):
    assert charlie.get("/accounts/logout/")["Location"] == "/accounts/login/"
    assert charlie.sign_out()["Location"] == "/accounts/login/"


def test_without_the_csrf_token_one_stays_signed_in(bob, browser):
    strict = browser(enforce_csrf_checks=True)
    strict.cookies = bob.cookies
    assert strict.sign_out().status_code == 403
    assert bob.is_signed_in()
