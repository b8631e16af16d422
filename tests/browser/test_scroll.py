"""Scrolling: the end is followed for as long as the reader stays there, and never against them."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, converse
from tests.site import Site

LONG = "\n\n".join(f"Paragraph {n}." for n in range(60))


def from_end(page: Page) -> float:
    found: float = page.locator(".scroller").evaluate("(it) => it.scrollHeight - it.scrollTop - it.clientHeight")
    return found


def scrolled(page: Page) -> float:
    found: float = page.locator(".scroller").evaluate("(it) => it.scrollTop")
    return found


def top_of_last_question(page: Page) -> float:
    box, scroller = page.locator(".question").last.bounding_box(), page.locator(".scroller").bounding_box()
    assert box and scroller
    return box["y"] - scroller["y"]


def settled(page: Page) -> None:
    """Shown as rich text, and two frames later."""
    expect(page.locator("[data-ready]")).to_be_visible()
    expect(page.locator(".answer > .text:not([data-rendered])")).to_have_count(0)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_the_end_is_followed_until_the_reader_goes_up(page: Page, ask: Ask) -> None:
    ask(page, LONG, "echo-r100", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("Paragraph 40.")
    assert from_end(page) <= 48
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    page.reload()
    settled(page)
    assert from_end(page) <= 48, "a reload shows the end"
    ask(page, "And now this", "any-t30-r0")
    assert 0 <= top_of_last_question(page) <= 40, "a question moves to the top and its answer grows below"

    ask(page, "Count", "any-t400-r60", wait=False)
    expect(page.locator(".answer > .text").last).to_contain_text("w0010")
    page.locator(".scroller").hover()
    page.mouse.wheel(0, -1500)
    page.wait_for_timeout(300)
    before = scrolled(page)
    expect(page.locator(".answer > .text").last).to_contain_text("w0060")
    assert scrolled(page) == before, "who reads further up is left there"
    page.get_by_role("button", name="New text below").click()
    assert from_end(page) <= 48
    expect(page.get_by_role("button", name="New text below")).to_be_hidden()
    page.get_by_role("button", name="Stop").click()


def test_older_messages_come_in_above_and_back_finds_the_place(page: Page, site: Site) -> None:
    page.goto(converse(site, *(f"Question {number}" for number in range(27))))
    expect(page.locator(".question")).to_have_count(25)
    settled(page)
    page.locator(".scroller").evaluate("(it) => { it.scrollTop = 0 }")
    before = page.locator(".question", has_text="Question 2").first.bounding_box()
    page.get_by_role("button", name="Show older messages").click()
    expect(page.locator(".question")).to_have_count(27)
    expect(page.get_by_role("button", name="Show older messages")).to_be_hidden()
    after = page.locator(".question").nth(2).bounding_box()
    assert before and after
    assert abs(after["y"] - before["y"]) < 60, "without moving what is read"

    reading = page.locator(".question", has_text="Question 12")
    reading.evaluate("(it) => it.scrollIntoView({ block: 'start' })")
    there = reading.bounding_box()
    page.goto("/")
    page.go_back()
    settled(page)
    back = reading.bounding_box()
    assert there and back
    assert abs(back["y"] - there["y"]) <= 2
    page.get_by_role("button", name="To the end").click()
    page.reload()
    settled(page)
    assert from_end(page) <= 48
