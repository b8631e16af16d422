"""A conversation reworked by hand, in every tab: versions, examples, forks, and what was deleted comes back."""

import re
import uuid

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import findings
from tests.browser.conftest import Tabs, as_script, converse
from tests.site import Site


def choose(page: Page, message: Locator, what: str) -> None:
    """An item of a message's menu, by keyboard alone."""
    message.get_by_role("link", name="More about this message").focus()
    page.keyboard.press(".")
    item = page.get_by_role("menuitem", name=what)
    expect(page.get_by_role("menuitem").first).to_be_focused()
    for _ in range(10):
        if item.evaluate("item => item === document.activeElement"):
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def field_of(page: Page) -> Locator:
    field = page.locator("[data-turn-form] textarea")
    expect(field).to_be_focused()
    return field


def words(page: Page) -> Locator:
    return page.locator(".question-text, .answer > .text")


def test_by_keyboard_in_every_tab(page: Page, site: Site) -> None:
    url = converse(site, "one", "two")
    page.goto(url)
    expect(page.locator("[data-ready]")).to_be_attached()
    there = page.context.new_page()
    there.goto(url)
    expect(there.locator("[data-ready]")).to_be_attached()
    answers, questions = page.locator(".answer"), page.locator(".question")

    choose(page, answers.first, "Write it differently")
    field_of(page).fill("**ONE**")
    assert findings(page) == []
    page.keyboard.press("Enter")
    for tab in (page, there):
        expect(words(tab)).to_have_text(["one", "ONE", "two", "two"])
        expect(tab.locator(".answer [data-model]").first).to_have_text("echo-r0, edited by you")
        expect(tab.locator(".answer [data-place]").first).to_have_text("2 / 2")
    expect(page.locator("[data-turn-form]")).to_have_count(0)

    choose(page, questions.first, "Insert above")
    expect(page.get_by_label("Who says it")).to_have_value("system")
    field_of(page).fill("Be brief.")
    assert findings(page) == []
    page.keyboard.press("Enter")
    for tab in (page, there):
        expect(words(tab)).to_have_text(["Be brief.", "one", "ONE", "two", "two"])
        expect(tab.get_by_role("heading", name="System")).to_be_visible()

    choose(page, questions.last, "Delete")
    for tab in (page, there):
        expect(words(tab)).to_have_text(["Be brief.", "one", "ONE"])
    expect(page.get_by_text("2 messages deleted")).to_be_visible()
    expect(answers.last.get_by_role("link", name="More about this message")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    for tab in (page, there):
        expect(words(tab)).to_have_text(["Be brief.", "one", "ONE", "two", "two"])

    expect(questions.last.get_by_role("link", name="More about this message")).to_be_focused()

    choose(page, answers.last, "Delete")
    expect(page.get_by_text("Message deleted")).to_be_visible()
    page.get_by_role("button", name="Answer this").click()
    for tab in (page, there):
        expect(words(tab)).to_have_text(["Be brief.", "one", "ONE", "two", "two"])
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    choose(page, answers.first, "New conversation from here")
    expect(page).not_to_have_url(re.compile(url))
    expect(words(page)).to_have_text(["Be brief.", "one", "ONE"])
    expect(page.locator("[data-title]")).to_have_text(re.compile(r"one \(\d+\)"))


def test_what_another_tab_deletes_is_said_and_what_was_being_written_is_kept(
    tabs: Tabs, page: Page, site: Site
) -> None:
    tabs.expected.append("410")
    page.goto(converse(site, "one", "two"))
    expect(page.locator("[data-ready]")).to_be_attached()
    choose(page, page.locator(".answer").last, "Write it differently")
    field_of(page).fill("Half a thought")
    there = page.context.new_page()
    there.goto(page.url)
    expect(there.locator("[data-ready]")).to_be_attached()
    choose(there, there.locator(".question").last, "Delete")
    expect(words(page)).to_have_text(["one", "one"])
    expect(page.get_by_label("Message", exact=True)).to_have_value("Half a thought")
    deleted = page.locator(".answer").get_attribute("data-id")

    def late(route: Route) -> None:
        with as_script(site, "alice") as http:
            http.post(f"/messages/{deleted}/delete/").raise_for_status()
        route.continue_()

    page.route("**/regenerate/", late)  # it is deleted between the click and what the site hears of it
    page.get_by_role("button", name="Write another answer", exact=True).click()
    expect(page.get_by_text("This message was deleted, perhaps in another tab.")).to_be_visible()
    expect(words(page)).to_have_text(["one"])
    page.get_by_role("button", name="Answer this").click()
    expect(words(page)).to_have_text(["one", "one"])


def test_without_scripts_there_is_a_page_for_each_message(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, java_script_enabled=False).new_page()
    page.goto(converse(site, "one"))
    page.locator(".question").get_by_role("link", name="More about this message").click()
    expect(page.get_by_role("heading", name="This question")).to_be_visible()
    text = f"Be kind {uuid.uuid4()}"
    page.get_by_label("Who says it").select_option("System")
    page.get_by_label("Text").last.fill(text)
    page.get_by_role("button", name="Insert above").click()
    expect(words(page)).to_have_text([text, "one", "one"])
    page.locator(".answer").get_by_role("link", name="More about this message").click()
    page.get_by_label("Text").first.fill("ONE")
    page.get_by_role("button", name="Save as a new version").click()
    expect(words(page)).to_have_text([text, "one", "ONE"])
    page.locator(".question").last.get_by_role("link", name="More about this message").click()
    expect(page.get_by_text("This message goes, and 2 that follow it, in all versions.")).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(words(page)).to_have_text([text])
