"""The owner cannot leave: the site would have nobody left who can let people in."""

from accounts.models import User


def test_the_owner_stays(alice, password):
    page = alice.get("/settings/leave/").text
    assert "nobody else can let people in" in page
    assert "Delete for good" not in page
    assert alice.post("/settings/leave/", {"password": password}).status_code == 409
    assert User.objects.filter(is_owner=True).exists()


def test_an_address_whose_account_is_gone_can_be_used_again(bob, browser, password):
    assert bob.post("/settings/leave/", {"password": password}).status_code == 200
    again = browser()
    again.sign_up("bob@example.org")
    assert again.is_signed_in()
