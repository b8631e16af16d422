"""Messages beside each other: another answer, another question, and the way between them by mouse and keyboard."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Ask, Tabs, choose_model
from tests.site import Site


def place(page: Page, role: str = "answer") -> Locator:
    return page.locator(f".{role} [data-place]:visible").last


def edit(page: Page, text: str) -> None:
    question = page.locator(".question").last
    question.hover()
    question.get_by_role("link", name="Edit the question").click()
    page.get_by_role("textbox", name="Question").fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text")).to_have_text(text)


def test_another_answer_stands_beside_the_first_and_both_can_be_shown(page: Page, ask: Ask) -> None:
    ask(page, "Once more")
    expect(page.locator("[data-siblings]:visible")).to_have_count(0)
    page.get_by_role("button", name="Write another answer", exact=True).click()
    expect(place(page)).to_have_text("2 / 2")
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    second = page.locator(".answer").get_attribute("data-id")
    page.get_by_role("button", name="Previous version").click()
    expect(place(page)).to_have_text("1 / 2")
    assert page.locator(".answer").get_attribute("data-id") != second
    expect(page.get_by_role("button", name="Previous version")).to_be_disabled()
    expect(page.get_by_role("button", name="Next version")).to_be_focused()
    page.reload()
    expect(place(page)).to_have_text("1 / 2")
    page.get_by_role("button", name="Next version").click()
    expect(page.locator(".answer")).to_have_attribute("data-id", second or "")


def test_an_edited_question_leads_back_to_the_old_one_and_to_what_followed_it(page: Page, ask: Ask) -> None:
    ask(page, "First question")
    edit(page, "Second question")
    ask(page, "It goes on")
    expect(place(page, "question")).to_have_text("2 / 2")
    page.get_by_role("button", name="Previous version").click()
    expect(page.locator(".question-text")).to_have_text(["First question"])
    page.get_by_role("button", name="Next version").click()
    expect(page.locator(".question-text")).to_have_text(["Second question", "It goes on"])


def test_the_message_stays_where_the_reader_looks(page: Page, ask: Ask) -> None:
    ask(page, "\n\n".join(f"line {number}" for number in range(40)))
    edit(page, "short")
    page.wait_for_timeout(300)
    button = page.get_by_role("button", name="Previous version")
    before = page.locator(".question").bounding_box()
    button.click()
    expect(page.locator(".question-text")).to_contain_text("line 39")
    page.wait_for_timeout(300)
    after = page.locator(".question").bounding_box()
    assert before and after and abs(before["y"] - after["y"]) <= 1


def test_another_tab_follows(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site)
    here, there = context.new_page(), context.new_page()
    here.goto("/")
    ask(here, "In two tabs")
    edit(here, "Asked otherwise")
    there.goto(here.url)
    expect(there.locator(".question-text")).to_have_text("Asked otherwise")
    here.get_by_role("button", name="Previous version").click()
    expect(there.locator(".question-text")).to_have_text("In two tabs")


def test_another_model_writes_another_answer(page: Page, ask: Ask) -> None:
    ask(page, "Who are you?")
    page.get_by_role("button", name="Ask another model").click()
    page.get_by_role("combobox", name=re.compile("Search")).fill("any-t30-r0")
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text")).to_contain_text("w0030")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t30-r0")
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")
    expect(place(page)).to_have_text("2 / 2")


def test_an_answer_further_up_is_written_again_by_its_own_model(page: Page, ask: Ask) -> None:
    ask(page, "First", "echo-r0")
    ask(page, "Second", "any-t30-r0")
    page.get_by_role("button", name="Write another answer", exact=True).first.click()
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer [data-model]")).to_have_text("echo-r0")


def test_without_scripts_too(tabs: Tabs, site: Site, ask: Ask) -> None:
    page = tabs.person(site, "bob").new_page()
    page.goto("/")
    ask(page, "Plain question")
    edit(page, "Plain other")
    plain = tabs.person(site, "bob", java_script_enabled=False).new_page()
    plain.goto(page.url)
    expect(place(plain, "question")).to_have_text("2 / 2")
    plain.get_by_role("button", name="Previous version").click()
    expect(plain.locator(".question-text")).to_have_text("Plain question")
    expect(place(plain, "question")).to_have_text("1 / 2")


def test_the_way_back_is_there_while_another_answer_is_being_written(page: Page, ask: Ask) -> None:
    ask(page, "Count")
    choose_model(page, "any-t400-r60")
    page.get_by_role("button", name="Write another answer", exact=True).click()
    expect(page.locator(".answer > .text")).to_contain_text("w0003")
    page.get_by_role("button", name="Previous version").click()
    expect(place(page)).to_have_text("1 / 2")
    expect(page.get_by_role("img", name="Another version is being written")).to_be_visible()
    page.get_by_role("button", name="Next version").click()
    expect(page.locator(".answer[data-running] > .text")).to_contain_text("w0010")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("[data-notice=stopped]")).to_be_visible()
