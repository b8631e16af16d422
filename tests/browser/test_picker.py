"""The model picker: every provider's models, by searching, by keys, or by any name at all."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Ask, Tabs, choose_model
from tests.site import Site


def opened(page: Page) -> Locator:
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-model-button]").click()
    field = page.get_by_role("combobox", name="Search models, or type any name")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    return field


def test_it_lists_every_provider_and_marks_the_one_that_is_chosen(page: Page) -> None:
    field = opened(page)
    expect(page.get_by_role("group", name="Sandbox").get_by_role("option").first).to_be_attached()
    active = page.locator("[role=option][aria-selected=true]")
    expect(active).to_have_text(re.compile("echo-r0.*default"))
    assert field.get_attribute("aria-activedescendant") == active.get_attribute("id")


def test_typing_narrows_and_keys_choose(page: Page, ask: Ask) -> None:
    field = opened(page)
    field.fill("t30")
    expect(page.get_by_role("option")).to_have_text([re.compile("^any-t30-r0"), re.compile("^t30")])
    field.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_text(re.compile("as typed"))
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_be_hidden()
    expect(page.locator("[data-model-button]")).to_be_focused()
    ask(page, "Who?")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t30-r0")


def test_a_name_that_no_list_holds_is_sent_as_it_is(page: Page, ask: Ask) -> None:
    field = opened(page)
    field.fill("any-t31-r0")
    field.press("Enter")
    ask(page, "Who?")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t31-r0")
    expect(page.locator(".answer > .text")).to_contain_text("w0031")


def test_escape_closes_it_and_nothing_else(page: Page) -> None:
    field = opened(page)
    field.press("Escape")
    expect(field).to_be_hidden()
    expect(page.locator("[data-model-button]")).to_be_focused()
    expect(page.locator("[data-model-name]")).to_have_text("echo-r0")


def test_a_choice_survives_a_reload_until_it_is_used_and_the_conversation_remembers_it(page: Page, ask: Ask) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    choose_model(page, "any-t30-r0")
    page.reload()
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")
    ask(page, "Go")
    page.reload()
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")
    page.goto("/")
    expect(page.locator("[data-model-name]")).to_have_text("echo-r0")


def test_when_the_list_cannot_be_had_it_says_so_and_tries_again(tabs: Tabs, site: Site) -> None:
    tabs.expected.append("status of 500")
    page = tabs.person(site).new_page()
    page.route("**/models/", lambda route: route.fulfill(status=500, body="{}", content_type="application/json"))
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-model-button]").click()
    expect(page.locator(".picker [role=alert]")).to_be_visible()
    page.unroute("**/models/")
    page.locator(".picker").get_by_role("button", name="Retry").click()
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    expect(page.locator(".picker [role=alert]")).to_be_hidden()


def test_on_a_phone_it_is_a_sheet_that_fits(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    opened(page)
    box = page.locator(".picker").bounding_box()
    assert box and box["x"] == 0 and box["width"] == PHONE["width"]
    assert abs(box["y"] + box["height"] - PHONE["height"]) <= 1
    for option in page.get_by_role("option").all()[:3]:
        size = option.bounding_box()
        assert size and size["height"] >= 44
