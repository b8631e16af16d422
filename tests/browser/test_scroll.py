"""Scrolling: the end is followed for as long as the reader stays there, and never against them."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask

LONG = "\n\n".join(f"Paragraph {n}." for n in range(60))


def from_end(page: Page) -> float:
    found: float = page.locator(".scroller").evaluate("(it) => it.scrollHeight - it.scrollTop - it.clientHeight")
    return found


def top_of_last_question(page: Page) -> float:
    box, scroller = page.locator(".question").last.bounding_box(), page.locator(".scroller").bounding_box()
    assert box and scroller
    return box["y"] - scroller["y"]


def test_a_question_moves_to_the_top_and_its_answer_grows_below(page: Page, ask: Ask) -> None:
    ask(page, LONG)
    ask(page, "And now this", "any-t30-r0")
    assert 0 <= top_of_last_question(page) <= 40


def test_the_end_is_followed(page: Page, ask: Ask) -> None:
    ask(page, LONG, "echo-r25", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("Paragraph 40.")
    assert from_end(page) <= 48


def test_who_reads_further_up_is_left_there_and_told_of_new_text(page: Page, ask: Ask) -> None:
    ask(page, LONG)
    ask(page, "Count", "any-t400-r60", wait=False)
    expect(page.locator(".answer > .text").last).to_contain_text("w0010")
    page.locator(".scroller").hover()
    page.mouse.wheel(0, -1500)
    page.wait_for_timeout(300)
    before = page.locator(".scroller").evaluate("(it) => it.scrollTop")
    page.wait_for_timeout(1_000)
    assert page.locator(".scroller").evaluate("(it) => it.scrollTop") == before
    page.get_by_role("button", name="New text below").click()
    assert from_end(page) <= 48
    expect(page.get_by_role("button", name="New text below")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()


def test_a_reload_shows_the_end(page: Page, ask: Ask) -> None:
    ask(page, LONG)
    page.reload()
    expect(page.locator("[data-ready]")).to_be_visible()
    expect(page.locator(".answer > .text")).to_have_attribute("data-rendered", "")
    page.wait_for_timeout(300)
    assert from_end(page) <= 48


def test_older_messages_come_in_above_without_moving_what_is_read(page: Page, ask: Ask) -> None:
    for number in range(27):
        ask(page, f"Question {number}")
    page.reload()
    expect(page.locator(".question")).to_have_count(25)
    page.locator(".scroller").evaluate("(it) => { it.scrollTop = 0 }")
    first = page.locator(".question").first
    before = first.bounding_box()
    page.get_by_role("button", name="Show older messages").click()
    expect(page.locator(".question")).to_have_count(27)
    after = page.locator(".question", has_text="Question 2").nth(0).bounding_box()
    assert before and after
    expect(page.get_by_role("button", name="Show older messages")).to_be_hidden()
    shown = page.locator(".question").nth(2).bounding_box()
    assert shown
    assert abs(shown["y"] - before["y"]) < 60
