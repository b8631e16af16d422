"""Parameters on the page: the panel from the first question on, in two tabs, and as pages without scripts."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import Ask, Tabs
from tests.site import Site
from tests.upstream import Upstream


def row(page: Page, name: str) -> Locator:
    return page.locator(f".panel [data-param={name}]")


def opened(page: Page) -> None:
    """The panel, once it shows what the site says."""
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-parameters]").click()
    expect(row(page, "n").locator("[data-state]")).not_to_be_empty()
    expect(page.locator(".panel [data-preset] option")).not_to_have_count(0)


def put(page: Page, name: str, text: str) -> None:
    """Type into a field and leave it."""
    field = row(page, name).locator(f"[name={name}]")
    field.fill(text)
    field.press("Tab")


def asked(upstream: Upstream) -> dict[str, Any]:
    body: dict[str, Any] = [one.json for one in upstream.requests if one.path.endswith("/chat/completions")][-1]
    return body


def test_what_is_set_goes_along_stays_is_shown_in_other_tabs_and_refusals_are_told_in_place(
    tabs: Tabs, site: Site, upstream: Upstream, ask: Ask
) -> None:
    tabs.expected.append("status of 400")
    person = tabs.person(site)
    page = person.new_page()
    page.goto("/")
    opened(page)
    put(page, "temperature", "0.3")
    expect(row(page, "temperature")).to_have_attribute("data-set", "")
    expect(page.locator("[data-parameter-count]")).to_have_text("1")
    put(page, "top_p", "0.5")
    expect(row(page, "top_p").locator("[data-warning]")).to_contain_text("not both")
    put(page, "top_p", "9")
    expect(row(page, "top_p").get_by_role("alert")).to_have_text("Top p is a number from 0 to 1.")
    row(page, "top_p").get_by_role("button", name="Reset Top p").click()
    expect(row(page, "top_p").locator("[data-state]")).to_have_text("not sent")
    expect(row(page, "top_p").get_by_role("alert")).to_be_hidden()
    row(page, "temperature").get_by_role("slider").press("ArrowRight")
    expect(row(page, "temperature").get_by_role("textbox")).to_have_value("0.4")
    row(page, "stop").locator("[name=stop_1]").fill("\\n\\n##")
    row(page, "stop").locator("[name=stop_1]").press("Tab")
    expect(page.locator("[data-parameter-count]")).to_have_text("2")
    page.reload()
    expect(page.locator("[data-parameter-count]")).to_have_text("2")  # until it is used
    ask(page, "Hello", "echo-r0")
    assert (asked(upstream)["temperature"], asked(upstream)["stop"]) == (0.4, ["\n\n##"])
    expect(page.locator("[data-parameters]")).to_have_attribute(
        "href", f"{page.evaluate('location.pathname')}parameters/"
    )

    other = person.new_page()
    other.goto(page.url)
    opened(other)
    expect(row(other, "temperature").get_by_role("textbox")).to_have_value("0.4")
    opened(page)
    page.locator(".panel").get_by_label("Preset", exact=True).select_option("balanced")  # two presses
    for each in (page, other):
        expect(row(each, "max_tokens").get_by_role("textbox")).to_have_value("2048")
        expect(each.locator("[data-parameter-count]")).to_have_text("3")
    ask(page, "Again")
    assert (asked(upstream)["max_tokens"], asked(upstream)["temperature"], "stop" in asked(upstream)) == (
        2048,
        0.7,
        False,
    )

    page.locator("[data-model-button]").click()
    field = page.get_by_role("combobox", name="Search models, or type any name")
    field.fill("gpt-5-mini")
    field.press("Enter")
    expect(row(page, "temperature").locator("[data-refusal]")).to_contain_text("gpt-5-mini does not take this")
    for summary in page.locator(".panel summary").all():
        if summary.evaluate("one => !one.parentElement.open"):
            summary.click()
    assert findings_anywhere(page) == {}
    page.locator(".panel").press("Escape")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator("[data-parameters]")).to_be_focused()


def test_without_scripts_they_are_pages_and_axe_finds_nothing_there(tabs: Tabs, site: Site, upstream: Upstream) -> None:
    tabs.expected.append("status of 400")
    plain = tabs.person(site, "bob", java_script_enabled=False).new_page()
    plain.goto("/")
    plain.locator("[data-parameters]").click()
    plain.get_by_role("textbox", name="Temperature").fill("7")
    plain.get_by_role("button", name="Begin a conversation").click()
    expect(plain.locator("[data-param=temperature] .field-error")).to_have_text("Temperature is a number from 0 to 2.")
    plain.get_by_role("textbox", name="Temperature").fill("0.6")
    plain.get_by_role("button", name="Begin a conversation").click()
    plain.get_by_label("Model", exact=True).fill("echo-r0")
    plain.get_by_label("Message", exact=True).fill("Hello")
    plain.get_by_role("button", name="Send").click()
    expect(plain.locator(".answer > .text")).to_have_text("Hello")
    assert asked(upstream)["temperature"] == 0.6
    plain.locator("[data-parameters]").click()
    expect(plain.get_by_role("textbox", name="Temperature")).to_have_value("0.6")
    page = tabs.person(site, "charlie").new_page()
    page.goto("/settings/parameters/")
    assert findings_anywhere(page) == {}
