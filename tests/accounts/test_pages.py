"""Every page that allauth can lead to is ours: our frame, our words, nothing that a strict policy forbids."""

import re
from pathlib import Path

import allauth
import pytest
from django.contrib.auth import get_user_model
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

PASSWORDLESS = "/accounts/password/set/"


def account_addresses(patterns, prefix: str = "/") -> set[str]:
    """Every address under /accounts/ that takes no argument."""
    found = set()
    for pattern in patterns:
        address = prefix + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLResolver):
            found |= account_addresses(pattern.url_patterns, address)
        elif isinstance(pattern, URLPattern) and address.startswith("/accounts/") and not re.search(r"[<(\\]", address):
            found.add(address)
    return found


def assert_ours(response) -> None:
    """Our base page, only our templates, and no inline script, style or handler."""
    names = {template.origin.name for template in response.templates if template.origin}
    assert any(name.endswith("templates/base.html") for name in names)
    assert not [name for name in names if name.startswith(str(Path(allauth.__file__).parent))]
    page = response.content.decode()
    assert "<h1" in page
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    for script in re.findall(r"<script\b[^>]*>", page):
        assert "nonce=" in script or 'type="application/json"' in script
    policy = response["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_there_are_as_many_addresses_as_we_know(db):
    assert account_addresses(get_resolver().url_patterns) == {
        f"/accounts/{name}/"
        for name in (
            *("login", "logout", "signup", "inactive", "reauthenticate", "email", "confirm-email", "sessions"),
            *("password/change", "password/set", "password/reset", "password/reset/done", "password/reset/key/done"),
            "login/code/confirm",
        )
    }


@pytest.mark.parametrize("address", sorted(account_addresses(get_resolver().url_patterns)))
def test_every_page_is_ours_for_who_is_in_and_for_who_is_not(bob, charlie, address):
    if address == PASSWORDLESS:
        person = get_user_model().objects.create_user("without@example.org")
        bob.force_login(person)
    shown = 0
    for browser in (bob, charlie):
        response = browser.get(address)
        if response.status_code == 200:
            assert_ours(response)
            shown += 1
        else:
            assert response.status_code == 302
    assert shown or address == "/accounts/login/code/confirm/"  # signing in by a mailed code is off


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/accounts/confirm-email/made-up/", 200),
        ("/accounts/password/reset/key/1-made-up/", 200),
        ("/accounts/invitation/made-up/", 403),
    ],
)
def test_so_are_the_pages_behind_links_that_do_not_work(alice, charlie, address, status):
    response = charlie.get(address)
    assert response.status_code == status
    assert_ours(response)


def test_so_are_the_pages_behind_links_that_work(bob, charlie, mail_server, mailoutbox, path_in):
    charlie.sign_up("charlie@example.org")
    assert_ours(charlie.get(path_in(mailoutbox[-1].body)))
    charlie.post("/accounts/password/reset/", {"email": "bob@example.org"})
    assert_ours(charlie.get(path_in(mailoutbox[-1].body), follow=True))


def test_so_are_refused_forms_and_spent_limits(db, charlie):
    for _ in range(21):
        response = charlie.sign_up("nobody")
        assert_ours(response)
    assert response.status_code == 429


def test_so_is_a_closed_sign_up(db, charlie, settings):
    for registration in ("invitation", "closed"):
        settings.REGISTRATION = registration
        assert_ours(charlie.get("/accounts/signup/"))


def test_the_bare_address_leads_somewhere(bob, charlie):
    assert charlie.get("/accounts/")["Location"] == "/accounts/login/"
    assert bob.get("/accounts/")["Location"] == "/accounts/email/"


@pytest.mark.parametrize("address", ["/settings/", "/settings/people/", "/accounts/sessions/"])
def test_so_are_the_settings(alice, address):
    assert_ours(alice.get(address))


def test_every_field_is_named_by_its_label_and_not_by_a_placeholder(alice, charlie):
    addresses = account_addresses(get_resolver().url_patterns) | {"/settings/", "/settings/people/"}
    for browser in (alice, charlie):
        for address in sorted(addresses):
            page = browser.get(address).content.decode()
            assert "placeholder=" not in page, address
            for field in re.findall(r"<input\b[^>]*>", page):
                if 'type="hidden"' not in field:
                    identity = re.search(r'\bid="([^"]+)"', field)
                    assert identity, (address, field)
                    assert f'<label for="{identity[1]}"' in page, (address, field)


def test_every_mail_has_our_words():
    folder = Path(allauth.__file__).parent / "templates" / "account"
    ours = Path(get_template("account/login.html").origin.name).parent
    for kind in ("email", "messages"):
        for theirs in (folder / kind).glob("*.txt"):
            by_code_or_phone = re.search("login_code|password_reset_code|phone", theirs.name)
            assert by_code_or_phone or (ours / kind / theirs.name).exists(), theirs.name
