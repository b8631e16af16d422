"""Messages beside each other: another answer, another question, and the way between them by mouse and keyboard."""

import re

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import Ask, Tabs, choose_model, converse
from tests.site import Site


def place(page: Page, role: str = "answer") -> Locator:
    return page.locator(f".{role} [data-place]:visible").last


def edit(page: Page, text: str) -> None:
    question = page.locator(".question").last
    question.hover()
    question.get_by_role("link", name="Edit the question").click()
    field = page.get_by_role("textbox", name="Question")
    expect(field).to_be_focused()
    field.fill(text)
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text").last).to_have_text(text)
    expect(page.locator("[data-edit-form]")).to_have_count(0)


def top_of(element: Locator) -> float:
    box = element.bounding_box()
    assert box
    return box["y"]


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

    # Another model's, which what comes next goes to as well; an answer further up is its own model's.
    page.get_by_role("button", name="Ask another model").click()
    page.get_by_role("combobox", name=re.compile("Search")).fill("any-t30-r0")
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text")).to_contain_text("w0030")
    expect(page.locator(".answer [data-model]")).to_have_text("any-t30-r0")
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")
    expect(place(page)).to_have_text("3 / 3")
    page.get_by_role("button", name="Previous version").click()
    expect(page.locator(".answer [data-model]")).to_have_text("echo-r0")
    ask(page, "Second")
    expect(page.locator(".answer [data-model]").last).to_have_text("any-t30-r0")
    page.get_by_role("button", name="Write another answer", exact=True).first.click()
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer [data-model]")).to_have_text("echo-r0")
    expect(place(page)).to_have_text("4 / 4")

    # A link, as in the balance's entries, leads to an answer of any branch.
    page.evaluate("(id) => history.replaceState(null, '', `#m-${id}`)", second)
    page.reload()
    expect(page.locator(f"#m-{second}")).to_be_in_viewport()
    expect(place(page)).to_have_text("2 / 4")


def test_an_edited_question_leads_back_to_the_old_one_and_to_what_followed_it_in_every_tab(
    tabs: Tabs, page: Page, ask: Ask, site: Site
) -> None:
    ask(page, "First question")
    page.locator(".question").hover()
    page.get_by_role("link", name="Edit the question").click()
    expect(page.get_by_role("textbox", name="Question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-edit-form]")).to_have_count(0)
    expect(page.locator(".question-text")).to_be_visible()
    edit(page, "Second question")
    ask(page, "It goes on")
    there = page.context.new_page()
    there.goto(page.url)
    expect(place(page, "question")).to_have_text("2 / 2")
    page.get_by_role("button", name="Previous version").click()
    for tab in (page, there):
        expect(tab.locator(".question-text")).to_have_text(["First question"])
    page.get_by_role("button", name="Next version").click()
    for tab in (page, there):
        expect(tab.locator(".question-text")).to_have_text(["Second question", "It goes on"])
    plain = tabs.person(site, java_script_enabled=False).new_page()
    plain.goto(page.url)
    expect(place(plain, "question")).to_have_text("2 / 2")
    plain.get_by_role("button", name="Previous version").click()
    expect(plain.locator(".question-text")).to_have_text("First question")
    expect(place(plain, "question")).to_have_text("1 / 2")


def test_a_message_stays_where_the_reader_looks_also_far_up(page: Page, site: Site, ask: Ask) -> None:
    """Of a long branch only the end comes at first: the message that was chosen may be above it.

    More may be asked for before the page's socket has said what there is: its line comes late here.
    """
    refused: list[WebSocketRoute] = []

    def late(line: WebSocketRoute) -> None:
        if len(refused) < 3:
            refused.append(line)
            line.close(code=1011)
        else:
            line.connect_to_server()

    page.route_web_socket(re.compile("/ws/c/"), late)
    page.goto(converse(site, *(f"line {number}" for number in range(27))))
    expect(page.locator(".question")).to_have_count(25)
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    page.get_by_role("button", name="Show older messages").click()
    expect(page.locator(".question")).to_have_count(27)
    first = page.locator(".question").first
    first.hover()
    first.get_by_role("link", name="Edit the question").click()
    page.get_by_role("textbox", name="Question").fill("short")
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text")).to_have_text(["short"])
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    for button, shown in (("Previous version", "line 0"), ("Next version", "short")):
        before = top_of(page.locator(".question").first)
        page.get_by_role("button", name=button).first.click()
        expect(page.locator(".question-text").first).to_have_text(shown)
        expect(page.locator(".question").first.locator("[data-show]:enabled")).to_be_focused()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert abs(top_of(page.locator(".question").first) - before) <= 1, button


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
