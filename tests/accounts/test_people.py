"""The owner's page: who has an account, and switching accounts off and on."""

import pytest
from django.urls import reverse

from accounts.models import User

AS_JSON = {"accept": "application/json"}
OWNER_ONLY = ["/settings/people/invite/", "/settings/people/2/deactivate/", "/settings/people/2/reactivate/"]


def test_it_lists_everybody_with_owner_and_last_sign_in(alice, bob):
    page = alice.get("/settings/people/").text
    assert "alice@example.org" in page
    assert "bob@example.org" in page
    assert page.count(">Owner<") == 1
    assert "last signed in" in page


def test_the_settings_lead_there(alice, bob):
    assert "/settings/people/" in alice.get("/settings/").text
    assert "/settings/people/" not in bob.get("/settings/").text


def test_it_shows_fifty_at_a_time_the_newest_first(alice):
    for number in range(60):
        User.objects.create_user(f"person{number}@example.org")
    first, second = alice.get("/settings/people/").text, alice.get("/settings/people/?page=2").text
    assert "person59@example.org" in first
    assert "person0@example.org" not in first
    assert "Page 1 of 2" in first
    assert "person0@example.org" in second
    assert "alice@example.org" in second.split("<main")[1]


@pytest.mark.parametrize("page", ["0", "99", "x"])
def test_a_page_that_does_not_exist_shows_one_that_does(alice, page):
    assert alice.get(f"/settings/people/?page={page}").status_code == 200


def test_a_person_who_is_switched_off_is_out_at_once_and_can_come_back(alice, bob, person):
    response = alice.post(reverse("deactivate", args=[person("bob").pk]))
    assert (response.status_code, response["Location"]) == (303, "/settings/people/")
    assert not bob.is_signed_in()
    page = alice.get("/settings/people/").text
    assert "bob@example.org is switched off." in page
    assert "Switch on" in page
    alice.post(reverse("reactivate", args=[person("bob").pk]))
    bob.sign_in("bob@example.org")
    assert bob.is_signed_in()


def test_the_owner_cannot_be_switched_off(alice, person):
    response = alice.post(reverse("deactivate", args=[person("alice").pk]))
    assert response.status_code == 409
    assert "account can be neither switched off nor deleted" in response.text
    assert alice.is_signed_in()


def test_nobody_is_there_to_be_switched_off(alice):
    assert alice.post(reverse("deactivate", args=[999_999]), headers=AS_JSON).status_code == 404


def test_to_everybody_else_the_page_is_not_there(bob):
    response = bob.get("/settings/people/", headers=AS_JSON)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("address", OWNER_ONLY)
def test_everybody_else_can_do_nothing(alice, bob, address, person):
    assert bob.post(address, headers=AS_JSON).status_code == 404
    assert all(User.objects.values_list("is_active", flat=True))


@pytest.mark.parametrize("address", OWNER_ONLY)
def test_whoever_is_not_signed_in_can_do_nothing(db, charlie, address):
    assert charlie.post(address)["Location"].startswith("/accounts/login/")
    assert charlie.post(address, headers=AS_JSON).status_code == 401


def test_the_page_says_who_can_sign_up(alice, settings):
    assert "Everybody who can reach this site can sign up." in alice.get("/settings/people/").text
    settings.REGISTRATION = "invitation"
    assert "People sign up with an invitation link." in alice.get("/settings/people/").text
    settings.REGISTRATION = "closed"
    page = alice.get("/settings/people/").text
    assert "Nobody can sign up" in page
    assert "/settings/people/invite/" not in page
