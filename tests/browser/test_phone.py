"""On a phone: what opens is a drawer, a sheet or the whole screen, and Enter is a new line."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, TOUCH, Tabs
from tests.site import Site


def test_everything_fits_and_can_be_reached_by_touch(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, **TOUCH).new_page()
    page.goto("/")
    field = page.get_by_label("Message", exact=True)
    expect(page.locator("[data-ready]")).to_be_attached()
    expect(field).not_to_be_focused()  # the keyboard would cover what one came to read
    field.fill("one")
    field.press("Enter")
    expect(field).to_have_value("one\n")

    page.locator("[data-model-button]").tap()
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    sheet = page.locator(".picker").bounding_box()
    assert sheet and sheet["x"] == 0 and sheet["width"] == PHONE["width"]
    assert abs(sheet["y"] + sheet["height"] - PHONE["height"]) <= 1
    for option in page.get_by_role("option").all()[:3]:
        size = option.bounding_box()
        assert size and size["height"] >= 44
    page.keyboard.press("Escape")

    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Open the sidebar").tap()
    expect(page.locator(".side")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Open the sidebar").tap()
    page.locator("[data-palette]").tap()
    expect(page.get_by_role("option").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("dialog").get_by_role("button", name="Close").tap()
    expect(page.get_by_role("dialog", name="Go to a conversation")).to_have_count(0)
