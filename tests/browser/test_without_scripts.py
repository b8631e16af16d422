"""Without JavaScript everything can be read and done: send, watch, stop, retry, edit, rename, delete."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Tabs
from tests.site import Site


@pytest.fixture
def plain(tabs: Tabs, site: Site) -> Page:
    page = tabs.person(site, "bob", java_script_enabled=False).new_page()
    page.goto("/")
    return page


def send(page: Page, text: str, model: str) -> None:
    page.get_by_label("Model", exact=True).fill(model)
    page.get_by_label("Message", exact=True).fill(text)
    page.get_by_role("button", name="Send").click()
    expect(page).to_have_url(re.compile("/c/"))


def test_a_question_is_sent_read_and_edited_its_conversation_renamed_and_deleted(plain: Page) -> None:
    send(plain, "Hello *there*", "echo-r0")
    expect(plain.locator(".question-text")).to_have_text("Hello *there*")
    expect(plain.locator(".answer > .text")).to_have_text("Hello *there*")
    expect(plain.locator(".history-item", has_text="Hello").first).to_be_visible()
    for name in ("Copy", "Hide the sidebar"):
        expect(plain.get_by_role("button", name=name)).to_have_count(0)  # what only a script could do
    plain.locator("[data-edit]").click()
    plain.get_by_role("textbox", name="Question").fill("Second")
    plain.get_by_role("button", name="Ask this instead").click()
    expect(plain.locator(".question-text")).to_have_text("Second")
    expect(plain.locator(".answer > .text")).to_have_text("Second")
    plain.get_by_role("button", name="About this conversation").click()
    plain.get_by_role("textbox", name="Title").fill("Renamed without scripts")
    plain.get_by_role("button", name="Rename", exact=True).click()
    expect(plain.locator("h1")).to_have_text("Renamed without scripts")
    plain.get_by_role("button", name="About this conversation").click()
    plain.get_by_role("button", name="Delete", exact=True).click()
    expect(plain.locator(".history-item", has_text="Renamed without scripts")).to_have_count(0)


def test_a_growing_answer_is_fetched_again_by_itself_until_its_end_or_stopped(plain: Page) -> None:
    send(plain, " ".join(f"w{n:03d}" for n in range(60)), "echo-r25")
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(1)
    expect(plain.locator(".answer > .text")).to_contain_text("w059")
    expect(plain.locator("meta[http-equiv=refresh]")).to_have_count(0)
    send(plain, "Count", "any-t400-r60")
    plain.get_by_role("button", name="Stop").click()
    expect(plain.locator("[data-notice=stopped]")).to_be_visible()


def test_retry_after_a_failure(plain: Page) -> None:
    send(plain, "Hello", "any-e401")
    notice = plain.locator("[data-notice=failed]")
    expect(notice.locator("b")).to_have_text(re.compile(r"\.$"))
    notice.get_by_role("button", name="Retry").click()
    expect(plain.locator(".answer")).to_have_count(1)
    expect(notice).to_be_visible()
