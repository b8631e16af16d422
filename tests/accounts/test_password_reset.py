"""Setting a new password with a link: by mail, from the owner, or from manage.py."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse

NEW = "an even longer secret"


def reset(browser, link: str, password: str = NEW):
    """Open a reset link and set a password with it; the answer to the form."""
    form = browser.get(link)["Location"]
    return browser.post(form, {"password1": password, "password2": password})


def ask(browser, email: str):
    return browser.post("/accounts/password/reset/", {"email": email})


def test_the_mailed_link_sets_a_new_password(bob, charlie, mail_server, last_mail, path_in):
    assert ask(charlie, "bob@example.org")["Location"] == "/accounts/password/reset/done/"
    assert last_mail().to == ["bob@example.org"]
    assert last_mail().subject == "[Chatsite] Set a new password"
    response = reset(charlie, path_in(last_mail().body))
    assert response["Location"] == "/accounts/password/reset/key/done/"
    charlie.sign_in("bob@example.org", NEW)
    assert charlie.is_signed_in()


def test_the_old_password_and_the_open_sessions_end(bob, charlie, mail_server, last_mail, path_in, browser):
    ask(charlie, "bob@example.org")
    reset(charlie, path_in(last_mail().body))
    assert not bob.is_signed_in()
    other = browser()
    other.sign_in("bob@example.org")
    assert not other.is_signed_in()


def test_the_address_is_told(bob, charlie, mail_server, last_mail, path_in):
    ask(charlie, "bob@example.org")
    reset(charlie, path_in(last_mail().body))
    assert last_mail().subject == "[Chatsite] Your password was reset"


def test_a_reset_link_confirms_the_address_too(bob, charlie, mail_server, last_mail, path_in):
    """Bob signed up before there was a mail server: without this he could never confirm and never sign in."""
    bob.sign_out()
    assert bob.sign_in("bob@example.org")["Location"] == "/accounts/confirm-email/"
    ask(charlie, "bob@example.org")
    reset(charlie, path_in(last_mail().body))
    assert EmailAddress.objects.get(email="bob@example.org").verified


def test_a_link_works_once(bob, charlie, mail_server, last_mail, path_in):
    ask(charlie, "bob@example.org")
    link = path_in(last_mail().body)
    reset(charlie, link)
    assert "This link does not work any more" in charlie.get(link).text


def test_a_link_ends_after_three_days(bob, charlie, mail_server, last_mail, path_in, settings):
    ask(charlie, "bob@example.org")
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "This link does not work any more" in charlie.get(path_in(last_mail().body)).text


def test_a_made_up_link_does_nothing(bob, charlie):
    assert "This link does not work any more" in charlie.get("/accounts/password/reset/key/1-made-up/").text


def test_a_weak_or_mistyped_password_is_refused_and_the_link_still_works(bob, charlie, mail_server, last_mail, path_in):
    ask(charlie, "bob@example.org")
    form = charlie.get(path_in(last_mail().body))["Location"]
    assert "at least 8 characters" in charlie.post(form, {"password1": "short", "password2": "short"}).text
    assert "same password" in charlie.post(form, {"password1": NEW, "password2": NEW + "!"}).text
    assert charlie.post(form, {"password1": NEW, "password2": NEW}).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_a_mail_that_says_so(alice, charlie, mail_server, last_mail):
    assert ask(charlie, "nobody@example.org")["Location"] == "/accounts/password/reset/done/"
    assert last_mail().subject == "[Chatsite] There is no account with this address"


def test_after_five_requests_for_one_address_the_next_has_to_wait(bob, charlie, mail_server, mailoutbox):
    codes = [ask(charlie, "bob@example.org").status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(mailoutbox) == 5


def test_a_request_under_another_host_name_still_mails_the_sites_own_address(bob, charlie, mail_server, last_mail):
    charlie.post("/accounts/password/reset/", {"email": "bob@example.org"}, headers={"host": "localhost"})
    assert "http://127.0.0.1:8000/accounts/password/reset/key/" in last_mail().body
    assert "localhost" not in last_mail().body


def test_without_a_mail_server_the_page_says_whom_to_ask_and_the_mail_becomes_a_file(
    bob, charlie, mail_folder, path_in
):
    assert "Ask the person who runs it for a reset link" in charlie.get("/accounts/password/reset/").text
    done = charlie.get(ask(charlie, "bob@example.org")["Location"])
    assert "This site sends no e-mail" in done.text
    [file] = mail_folder.iterdir()
    assert "To: bob@example.org" in file.read_text()
    reset(charlie, path_in(file.read_text()))
    charlie.sign_in("bob@example.org", NEW)
    assert charlie.is_signed_in()


def test_the_owner_copies_a_link_for_a_person(alice, bob, charlie, path_in, person):
    response = alice.post(reverse("reset_link", args=[person("bob").pk]))
    assert "Reset link for bob@example.org" in response.text
    assert "no-store" in response["Cache-Control"]
    reset(charlie, path_in(response.text))
    charlie.sign_in("bob@example.org", NEW)
    assert charlie.is_signed_in()


def test_nobody_else_can_make_one(bob, charlie, person):
    address = reverse("reset_link", args=[person("alice").pk])
    bobs, charlies = bob.post(address, headers={"accept": "application/json"}), charlie.post(address)
    assert bobs.status_code == 404
    assert charlies["Location"].startswith("/accounts/login/")


def test_manage_py_prints_one(bob, charlie, capsys):
    call_command("reset_link", "Bob@Example.org")
    reset(charlie, capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000"))
    charlie.sign_in("bob@example.org", NEW)
    assert charlie.is_signed_in()


def test_manage_py_says_when_there_is_no_such_person(db):
    with pytest.raises(CommandError, match=r"Nobody has an account with the address nobody@example\.org"):
        call_command("reset_link", "nobody@example.org")


def test_without_site_url_manage_py_says_what_is_missing(bob, capsys, settings):
    settings.SITE_URL = ""
    call_command("reset_link", "bob@example.org")
    printed = capsys.readouterr()
    assert printed.out.startswith("/accounts/password/reset/key/")
    assert "SITE_URL is not set" in printed.err


def test_whoever_is_signed_in_as_somebody_else_is_signed_out_by_the_link(alice, bob, path_in, person):
    link = path_in(alice.post(reverse("reset_link", args=[person("bob").pk])).text)
    reset(alice, link)
    assert not alice.is_signed_in()
