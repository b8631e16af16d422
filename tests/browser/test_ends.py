"""Answers that do not come to a good end: stopped, refused, broken off, cut; what is said, and what helps."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, choose_model


def test_stop_keeps_what_had_arrived_and_continue_goes_on(page: Page, ask: Ask) -> None:
    ask(page, "Count", "any-t400-r60", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("w0005")
    page.evaluate("window.samePage = true")
    page.get_by_role("button", name="Stop").click()
    notice = page.locator("[data-notice=stopped]")
    expect(notice).to_contain_text("Stopped.")
    assert page.evaluate("window.samePage"), "a script stops it in place"
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    kept = page.locator(".answer > .text").inner_text()
    assert "w0005" in kept
    notice.get_by_role("button", name="Continue").click()
    expect(notice).to_have_count(0)
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".answer > .text")).to_contain_text(kept[:20])
    page.get_by_role("button", name="Stop").click()
    expect(notice).to_be_visible()


def test_a_refusal_is_one_sentence_with_the_upstreams_own_words_and_retry(page: Page, ask: Ask) -> None:
    ask(page, "Will it work?", "any-e401")
    notice = page.locator("[data-notice=failed]")
    details = notice.locator("[data-details]")

    def told() -> str:
        expect(notice).to_have_attribute("role", "alert")
        expect(notice.locator("b")).to_have_text(re.compile(r"^\S.*\.$"))
        expect(notice.locator("[data-code]")).to_contain_text("invalid_key")
        expect(notice.get_by_role("button", name="Continue")).to_be_hidden()
        expect(details).not_to_have_attribute("open", "")
        details.locator("summary").press("Enter")
        expect(details.locator("[data-fact=upstream_message]")).to_be_visible()
        expect(details.locator("[data-fact=status]")).to_contain_text("401")
        expect(details.locator("[data-fact=rate_limits]")).to_be_hidden()
        return notice.inner_text()

    live = told()
    page.reload()
    assert told() == live, "the server and the script tell the same"
    choose_model(page, "echo-r0")
    notice.get_by_role("button", name="Retry").click()
    for _ in range(2):
        expect(page.locator(".answer > .text")).to_have_text("Will it work?")
        expect(page.locator(".notice:visible")).to_have_count(0)
        expect(page.locator(".question")).to_have_count(1)
        page.reload()


def test_an_answer_that_broke_off_or_was_cut_keeps_its_text_and_offers_continue(page: Page, ask: Ask) -> None:
    ask(page, "Go", "any-t20-r0-l")
    expect(page.locator("[data-notice=cut]")).to_contain_text("Cut at the limit.")
    expect(page.locator("[data-notice=cut]").get_by_role("button", name="Continue")).to_be_visible()
    ask(page, "Go", "any-t200-r100-x30")
    notice = page.locator("[data-notice=failed]")
    expect(notice.get_by_role("button", name="Continue")).to_be_visible()
    expect(notice.locator("[data-code]")).to_contain_text("upstream_broken_off")
    text = page.locator(".answer > .text").last.inner_text()
    assert text.split()[:5] == ["w0001", "w0002", "w0003", "w0004", "w0005"]
    page.reload()
    expect(notice.get_by_role("button", name="Retry")).to_be_visible()
    assert page.locator(".answer > .text").last.inner_text() == text
