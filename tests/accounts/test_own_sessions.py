"""The list of one's own sessions, and ending them."""

import re

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from accounts.hooks import clear_expired_sessions

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def row_of(browser) -> UserSession:
    return UserSession.objects.get(session_key=browser.cookies["sessionid"].value)


def test_the_list_names_browser_network_address_and_which_one_this_is(bob, browser):
    other = browser(headers={"user-agent": FIREFOX})
    other.sign_in("bob@example.org")
    page = bob.get("/accounts/sessions/").text
    assert "Firefox on Linux" in page
    assert "127.0.0.1" in page
    assert page.count("this one") == 1
    assert page.count("End this session") == 1


def test_it_shows_nobody_elses(alice, bob):
    assert len(re.findall(r'id="session-\d+"', bob.get("/accounts/sessions/").text)) == 1


def test_ending_another_session_signs_that_browser_out(bob, browser):
    other = browser()
    other.sign_in("bob@example.org")
    response = bob.post(reverse("end_session", args=[row_of(other).pk]))
    assert (response.status_code, response["Location"]) == (303, "/accounts/sessions/")
    assert not other.is_signed_in()
    assert bob.is_signed_in()
    assert not Session.objects.filter(session_key=other.cookies["sessionid"].value).exists()


def test_ending_this_one_signs_out(bob):
    response = bob.post(reverse("end_session", args=[row_of(bob).pk]))
    assert response["Location"] == "/accounts/login/"
    assert not bob.is_signed_in()


def test_ending_all_others_leaves_this_one(bob, browser):
    others = [browser(), browser()]
    for other in others:
        other.sign_in("bob@example.org")
    bob.post("/accounts/sessions/")
    assert bob.is_signed_in()
    assert not any(other.is_signed_in() for other in others)


def test_a_session_that_ended_elsewhere_is_gone_from_the_list(bob, browser):
    other = browser()
    other.sign_in("bob@example.org")
    other.sign_out()
    assert "End this session" not in bob.get("/accounts/sessions/").text


def test_somebody_elses_session_looks_as_if_it_were_not_there(alice, bob):
    as_json = {"accept": "application/json"}
    theirs = bob.post(reverse("end_session", args=[row_of(alice).pk]), headers=as_json)
    nobodys = bob.post(reverse("end_session", args=[999_999]), headers=as_json)
    assert theirs.status_code == nobodys.status_code == 404
    assert theirs.json() == nobodys.json()
    assert alice.is_signed_in()


def test_a_link_cannot_end_one(bob, browser):
    other = browser()
    other.sign_in("bob@example.org")
    response = bob.get(reverse("end_session", args=[row_of(other).pk]), headers={"accept": "application/json"})
    assert response.status_code == 405
    assert other.is_signed_in()


def test_whoever_is_not_signed_in_is_led_to_the_sign_in_page(db, charlie):
    assert charlie.get("/accounts/sessions/")["Location"].startswith("/accounts/login/")
    assert charlie.post(reverse("end_session", args=[1]))["Location"].startswith("/accounts/login/")


def test_expired_sessions_are_cleared(bob):
    Session.objects.update(expire_date=timezone.now())
    clear_expired_sessions()
    assert not Session.objects.exists()
