"""What is shown only once can be copied with one press."""

from playwright.sync_api import expect

from tests.browser.conftest import Tabs
from tests.site import Site


def test_an_invitation_is_copied_as_it_stands_there(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, "charlie", permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto("/settings/people/")
    page.get_by_role("button", name="Make an invitation").click()
    link = page.get_by_label("Invitation link").input_value()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Copied")
    assert link.startswith("http")
    assert page.evaluate("navigator.clipboard.readText()") == link
