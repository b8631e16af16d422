"""Invitations: one link lets one person in, within a week."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.models import Invitation, User


@pytest.fixture
def invite(capsys):
    """The path of a new invitation's link, as `manage.py invite` prints it."""

    def make() -> str:
        call_command("invite")
        return capsys.readouterr().out.strip().removeprefix("http://127.0.0.1:8000")

    return make


def test_the_owner_makes_a_link_that_lets_one_person_in(alice, charlie, invitations_only, path_in, person):
    link = path_in(alice.post("/settings/people/invite/").text)
    assert charlie.get(link)["Location"] == "/accounts/signup/"
    assert charlie.sign_up("charlie@example.org").status_code == 302
    assert charlie.is_signed_in()
    invitation = Invitation.objects.get()
    assert (invitation.created_by, invitation.used_by) == (person("alice"), person("charlie"))


def test_the_link_is_shown_once_and_stored_nowhere(alice, invitations_only, path_in):
    response = alice.post("/settings/people/invite/")
    token = path_in(response.text).split("/")[-2]
    assert "no-store" in response["Cache-Control"]
    assert token not in alice.get("/settings/people/").text
    assert token not in str(Invitation.objects.values())
    assert token not in str(dict(alice.session))


def test_the_very_first_person_of_a_public_site_comes_by_a_link_of_manage_py(db, charlie, invitations_only, invite):
    charlie.get(invite())
    charlie.sign_up("charlie@example.org")
    assert User.objects.get().is_owner


def test_manage_py_says_how_long_it_works(db, capsys, invitations_only):
    call_command("invite")
    assert "7 days" in capsys.readouterr().err


def test_a_mistake_on_the_page_does_not_use_it_up(alice, charlie, invitations_only, invite):
    charlie.get(invite())
    charlie.sign_up("charlie@example.org", "short")
    charlie.sign_up("charlie@example.org")
    assert charlie.is_signed_in()


def test_opening_the_link_alone_does_not_use_it_up(alice, browser, invitations_only, invite):
    link = invite()
    browser().get(link)  # as a messenger does for its preview
    charlie = browser()
    charlie.get(link)
    charlie.sign_up("charlie@example.org")
    assert charlie.is_signed_in()


def test_it_is_also_good_while_registration_is_open(alice, charlie, invite):
    charlie.get(invite())
    charlie.sign_up("charlie@example.org")
    assert charlie.is_signed_in()
    assert Invitation.objects.get().used_by.email == "charlie@example.org"


def test_without_one_nobody_signs_up_and_the_page_says_whom_to_ask(alice, charlie, invitations_only):
    for response in (charlie.get("/accounts/signup/"), charlie.sign_up("charlie@example.org")):
        assert response.status_code == 403
        assert "You need an invitation" in response.text
    assert User.objects.count() == 1


def test_on_an_empty_site_the_page_says_how_to_get_the_first_one(db, charlie, invitations_only):
    page = charlie.get("/accounts/signup/")
    assert page.status_code == 403
    assert "python manage.py invite" in page.text


def test_on_a_site_with_people_it_does_not(alice, charlie, invitations_only):
    assert "manage.py" not in charlie.get("/accounts/signup/").text


def test_a_used_link_lets_nobody_else_in(alice, browser, charlie, invitations_only, invite):
    link = invite()
    charlie.get(link)
    charlie.sign_up("charlie@example.org")
    dora = browser()
    response = dora.get(link)
    assert response.status_code == 403
    assert "This invitation has been used" in response.text
    assert dora.sign_up("dora@example.org").status_code == 403
    assert not User.objects.filter(email="dora@example.org").exists()


def test_a_used_link_stays_used_when_the_person_who_used_it_is_gone(alice, browser, charlie, invitations_only, invite):
    link = invite()
    charlie.get(link)
    charlie.sign_up("charlie@example.org")
    User.objects.get(email="charlie@example.org").delete()
    assert browser().get(link).status_code == 403


def test_after_a_week_it_lets_nobody_in(alice, charlie, invitations_only, invite):
    link = invite()
    charlie.get(link)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert charlie.get(link).status_code == 403
    assert charlie.sign_up("charlie@example.org").status_code == 403


def test_it_ends_seven_days_after_it_was_made(alice, invitations_only, invite):
    invite()
    invitation = Invitation.objects.get()
    assert abs(invitation.expires_at - invitation.created_at - timedelta(days=7)) < timedelta(seconds=5)


def test_a_withdrawn_one_lets_nobody_in(alice, charlie, invitations_only, invite):
    link = invite()
    charlie.get(link)
    alice.post(reverse("withdraw", args=[Invitation.objects.get().pk]))
    assert charlie.sign_up("charlie@example.org").status_code == 403


def test_a_made_up_link_lets_nobody_in(alice, charlie, invitations_only):
    assert charlie.get(reverse("invitation", args=["made-up"])).status_code == 403
    assert charlie.sign_up("charlie@example.org").status_code == 403


def test_who_has_an_account_already_leaves_it_unused(bob, invitations_only, invite):
    assert bob.get(invite())["Location"] == "/"
    assert Invitation.objects.open().count() == 1


def test_while_registration_is_closed_nobody_comes_in_even_with_one(alice, charlie, settings, invite):
    link = invite()
    settings.REGISTRATION = "closed"
    charlie.get(link)
    response = charlie.sign_up("charlie@example.org")
    assert response.status_code == 403
    assert "Sign-up is closed" in response.text
    assert User.objects.count() == 1


def test_while_registration_is_closed_manage_py_makes_none_and_says_what_to_change(db, settings):
    settings.REGISTRATION = "closed"
    with pytest.raises(CommandError, match="REGISTRATION=invitation"):
        call_command("invite")
    assert not Invitation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_several_who_use_one_link_at_the_same_moment_one_gets_in(alice, browser, invitations_only, invite):
    link, browsers = invite(), [browser() for _ in range(5)]
    for one in browsers:
        assert one.get(link).status_code == 302
    line = threading.Barrier(len(browsers))

    def sign_up(number: int) -> int:
        try:
            line.wait(timeout=20)
            return browsers[number].sign_up(f"person{number}@example.org").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(browsers)) as pool:
        codes = list(pool.map(sign_up, range(len(browsers))))
    assert sorted(codes) == [302, 403, 403, 403, 403]
    assert User.objects.count() == 2  # Alice and one of them
