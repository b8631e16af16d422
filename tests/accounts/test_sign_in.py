"""Signing in by e-mail address."""

import pytest
from django.urls import reverse


def test_address_and_password_let_one_in(bob, browser):
    other = browser()
    response = other.sign_in("bob@example.org")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert other.is_signed_in()


def test_a_program_that_accepts_json_gets_the_same_answer(bob, browser):
    form = {"login": "bob@example.org", "password": browser.password}
    response = browser().post("/accounts/login/", form, headers={"accept": "application/json"})
    assert (response.status_code, response["Location"]) == (302, "/")


def test_the_case_of_the_address_does_not_matter(bob, browser):
    other = browser()
    other.sign_in("BOB@Example.org")
    assert other.is_signed_in()


def test_one_gets_to_the_page_one_wanted(bob, browser):
    other = browser()
    page = other.get("/settings/")
    assert page["Location"] == "/accounts/login/?next=/settings/"
    form = {"login": "bob@example.org", "password": other.password, "next": "/settings/"}
    assert other.post("/accounts/login/", form)["Location"] == "/settings/"


def test_another_site_is_never_the_page_one_wanted(bob, browser):
    form = {"login": "bob@example.org", "password": browser().password, "next": "https://evil.example/"}
    assert browser().post("/accounts/login/", form)["Location"] == "/"


def test_a_wrong_password_and_an_unknown_address_are_refused_with_the_same_sentence(bob, browser):
    wrong = browser().sign_in("bob@example.org", "not the password")
    unknown = browser().sign_in("nobody@example.org", "not the password")
    sentence = "This address and this password do not belong together."
    assert sentence in wrong.text
    assert sentence in unknown.text


def test_the_password_is_never_shown_again(bob, browser):
    assert "not the password" not in browser().sign_in("bob@example.org", "not the password").text


def test_after_five_wrong_passwords_the_right_one_has_to_wait(bob, browser):
    other = browser()
    for _ in range(5):
        other.sign_in("bob@example.org", "not the password")
    response = other.sign_in("bob@example.org")
    assert "Too many attempts" in response.text
    assert not other.is_signed_in()


def test_right_passwords_do_not_count_as_attempts(bob, browser):
    for _ in range(8):
        other = browser()
        other.sign_in("bob@example.org")
        assert other.is_signed_in()


def test_the_thirty_first_sign_in_from_one_network_address_in_a_minute_is_refused(bob, browser):
    codes = [browser().sign_in("bob@example.org").status_code for _ in range(31)]
    assert codes == [302] * 30 + [429]


def test_an_account_that_is_switched_off_is_not_let_in_and_says_so(alice, bob, browser, person):
    alice.post(reverse("deactivate", args=[person("bob").pk]))
    other = browser()
    assert other.sign_in("bob@example.org")["Location"] == "/accounts/inactive/"
    assert "This account is switched off" in other.get("/accounts/inactive/").text
    assert not other.is_signed_in()


def test_signing_in_changes_the_session_key(bob, browser):
    other = browser()
    other.get("/accounts/login/")
    session = other.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    other.cookies["sessionid"] = planted
    other.sign_in("bob@example.org")
    assert other.cookies["sessionid"].value != planted


def test_the_page_offers_to_make_an_account_only_while_registration_is_open(db, charlie, settings):
    assert '<a href="/accounts/signup/">Make an account</a>' in charlie.get("/accounts/login/").text
    settings.REGISTRATION = "invitation"
    assert '<a href="/accounts/signup/">How to get an account</a>' in charlie.get("/accounts/login/").text


def test_who_is_signed_in_is_led_on(bob):
    assert bob.get("/accounts/login/")["Location"] == "/"


@pytest.mark.parametrize("field", ["login", "password"])
def test_an_empty_field_is_named(db, charlie, field):
    form = {"login": "bob@example.org", "password": "something"} | {field: ""}
    response = charlie.post("/accounts/login/", form)
    assert f'id="id_{field}_error"' in response.text
