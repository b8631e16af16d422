"""The model picker: every provider's models, by searching, by keys, or by any name at all."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Ask, Tabs


def opened(page: Page) -> Locator:
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-model-button]").click()
    field = page.get_by_role("combobox", name="Search models, or type any name")
    expect(field).to_be_focused()
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    return field


def test_it_lists_every_provider_and_typing_narrows_and_keys_choose(page: Page, ask: Ask) -> None:
    field = opened(page)
    expect(page.get_by_role("group", name="Sandbox").get_by_role("option").first).to_be_attached()
    active = page.locator("[role=option][aria-selected=true]")
    expect(active).to_have_text(re.compile("echo-r0.*default"))
    assert field.get_attribute("aria-activedescendant") == active.get_attribute("id")
    field.press("Escape")
    expect(field).to_be_hidden()
    expect(page.locator("[data-model-button]")).to_be_focused()
    expect(page.locator("[data-model-name]")).to_have_text("echo-r0")

    field = opened(page)
    field.fill("t30")
    expect(page.get_by_role("option")).to_have_text([re.compile("^any-t30-r0"), re.compile("^t30")])
    field.press("ArrowDown")
    expect(page.locator("[aria-selected=true]")).to_have_text(re.compile("as typed"))
    field.press("ArrowDown")
    field.press("Enter")
    expect(field).to_be_hidden()
    expect(page.locator("[data-model-button]")).to_be_focused()

    page.reload()
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")  # until it is used
    ask(page, "Who?")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t30-r0")
    page.reload()
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")  # the conversation's
    page.goto("/")
    expect(page.locator("[data-model-name]")).to_have_text("echo-r0")


def test_a_name_that_no_list_holds_is_sent_as_it_is_also_when_no_list_can_be_had(
    tabs: Tabs, page: Page, ask: Ask
) -> None:
    tabs.expected.append("status of 500")
    page.route("**/models/", lambda route: route.fulfill(status=500, body="{}", content_type="application/json"))
    page.locator("[data-model-button]").click()
    expect(page.locator(".picker [role=alert]")).to_be_visible()
    page.unroute("**/models/")
    page.locator(".picker").get_by_role("button", name="Retry").click()
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    expect(page.locator(".picker [role=alert]")).to_be_hidden()
    field = page.get_by_role("combobox", name="Search models, or type any name")
    field.fill("any-t31-r0")
    field.press("Enter")
    ask(page, "Who?")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t31-r0")
    expect(page.locator(".answer > .text")).to_contain_text("w0031")
