"""Making an account, while registration is open."""

import smtplib

from django.contrib.messages import get_messages

from accounts.models import User


def test_signing_up_signs_in_and_leads_to_the_start_page(db, charlie):
    response = charlie.sign_up("charlie@example.org")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert charlie.is_signed_in()


def test_signing_up_leads_back_to_where_one_came_from(db, charlie):
    form = {"email": "charlie@example.org", "password1": charlie.password, "next": "/settings/"}
    assert charlie.post("/accounts/signup/", form)["Location"] == "/settings/"


def test_it_never_leads_to_another_site(db, charlie):
    form = {"email": "charlie@example.org", "password1": charlie.password, "next": "https://evil.example/"}
    assert charlie.post("/accounts/signup/", form)["Location"] == "/"


def test_the_address_is_kept_in_lower_case(db, charlie):
    charlie.sign_up("Charlie@Example.ORG")
    assert User.objects.get().email == "charlie@example.org"


def test_the_password_is_stored_hashed(db, charlie):
    charlie.sign_up("charlie@example.org")
    stored = User.objects.get().password
    assert charlie.password not in stored
    assert stored.count("$") >= 2


def test_the_first_page_says_that_the_first_one_runs_the_site(db, charlie):
    assert "The first one runs the site" in charlie.get("/accounts/signup/").text


def test_later_it_does_not_say_so(alice, charlie):
    assert "The first one runs the site" not in charlie.get("/accounts/signup/").text


def test_an_address_that_has_an_account_is_refused(alice, charlie):
    response = charlie.sign_up("ALICE@example.org")
    assert response.status_code == 200
    assert "Somebody already has an account with this address." in response.text
    assert User.objects.count() == 1
    assert not charlie.is_signed_in()


def test_a_short_password_is_refused(db, charlie):
    response = charlie.sign_up("charlie@example.org", "short")
    assert "at least 8 characters" in response.text
    assert not User.objects.exists()


def test_a_common_password_is_refused(db, charlie):
    assert "too common" in charlie.sign_up("charlie@example.org", "password123").text
    assert not User.objects.exists()


def test_a_password_like_the_address_is_refused(db, charlie):
    assert "too similar" in charlie.sign_up("charlie@example.org", "charlie@example").text
    assert not User.objects.exists()


def test_something_that_is_no_address_is_refused_and_what_was_typed_stays(db, charlie):
    response = charlie.sign_up("charlie at home")
    assert 'value="charlie at home"' in response.text
    assert 'aria-invalid="true"' in response.text
    assert not User.objects.exists()


def test_an_address_that_is_too_long_is_refused(db, charlie):
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example.org"
    assert len(long) > 254
    assert "at most 254 characters" in charlie.sign_up(long).text
    assert not User.objects.exists()


def test_the_twenty_first_attempt_in_a_minute_is_refused(db, charlie):
    for _ in range(20):
        assert charlie.sign_up("nobody").status_code == 200
    response = charlie.sign_up("charlie@example.org")
    assert response.status_code == 429
    assert "Too many attempts" in response.text
    assert not User.objects.exists()


def test_who_is_signed_in_is_led_on(bob):
    assert bob.get("/accounts/signup/")["Location"] == "/"


def test_without_the_csrf_token_nothing_is_made(db, browser):
    strict = browser(enforce_csrf_checks=True)
    assert strict.sign_up("charlie@example.org").status_code == 403
    assert not User.objects.exists()


def test_without_a_mail_server_nothing_is_mailed(alice, mailoutbox):
    assert mailoutbox == []


def test_with_a_mail_server_the_address_is_confirmed_before_one_gets_in(db, mail_server, charlie, mailoutbox, path_in):
    assert charlie.sign_up("charlie@example.org")["Location"] == "/accounts/confirm-email/"
    assert not charlie.is_signed_in()
    assert mailoutbox[0].to == ["charlie@example.org"]
    assert mailoutbox[0].subject == "[Chatsite] Confirm your address"
    link = path_in(mailoutbox[0].body)
    assert "charlie@example.org" in charlie.get(link).text
    assert charlie.post(link)["Location"] == "/accounts/login/"
    charlie.sign_in("charlie@example.org")
    assert charlie.is_signed_in()


def test_opening_the_link_alone_confirms_nothing(db, mail_server, charlie, mailoutbox, path_in):
    charlie.sign_up("charlie@example.org")
    charlie.get(path_in(mailoutbox[0].body))  # as a mail scanner does
    charlie.sign_in("charlie@example.org")
    assert not charlie.is_signed_in()


def test_a_confirmation_link_works_once(db, mail_server, charlie, mailoutbox, path_in):
    charlie.sign_up("charlie@example.org")
    link = path_in(mailoutbox[0].body)
    charlie.post(link)
    assert "This link does not work any more" in charlie.get(link).text


def test_with_a_mail_server_nobody_learns_who_has_an_account(alice, mail_server, charlie, mailoutbox):
    known, unknown = charlie.sign_up("alice@example.org"), charlie.sign_up("new@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert mailoutbox[0].subject == "[Chatsite] You have an account already"
    assert "http://127.0.0.1:8000/accounts/password/reset/" in mailoutbox[0].body


def test_a_mail_server_that_is_away_is_said_and_the_account_is_kept(db, mail_server, charlie, monkeypatch):
    def refuse(self, messages):
        raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    response = charlie.sign_up("charlie@example.org")
    assert response["Location"] == "/accounts/confirm-email/"
    assert "The e-mail could not be sent" in next(str(m) for m in get_messages(response.wsgi_request))
    assert User.objects.filter(email="charlie@example.org").exists()
