"""What is shown only once can be copied with one press."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Tabs
from tests.site import Site


@pytest.fixture
def fresh() -> Iterator[Site]:
    """A site of its own: whoever signs up first owns it."""
    with Site() as found:
        yield found


def test_an_invitation_is_copied_as_it_stands_there(tabs: Tabs, fresh: Site) -> None:
    context = tabs.person(fresh, None, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("owner@example.org")
    page.get_by_label("Password").fill("a long enough phrase")
    page.get_by_role("button", name="Make the account").click()
    page.goto("/settings/people/")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Invitation link").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Copied")
    assert link.startswith("http")
    assert page.evaluate("navigator.clipboard.readText()") == link
