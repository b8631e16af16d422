"""Keys for everything: the palette, single keys outside fields, the list of them, and switching them off."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask


def palette(page: Page):  # type: ignore[no-untyped-def]
    field = page.get_by_role("combobox", name="Conversations and commands")
    expect(field).to_be_focused()
    return field


def leave_the_composer(page: Page) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    page.evaluate("document.activeElement.blur()")


def test_the_palette_leads_to_a_conversation_by_its_title_or_begins_one(page: Page, ask: Ask) -> None:
    title = f"Zürich {time.time_ns()}"
    ask(page, title)
    address = page.url
    page.keyboard.press("Control+k")
    palette(page).fill("Is this a question?")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile(r"/$"))
    expect(page.get_by_label("Message", exact=True)).to_have_value("Is this a question?")
    expect(page.locator(".history-item", has_text=title)).to_be_visible()
    page.keyboard.press("Control+k")
    palette(page).fill(f"zurich {title.split()[1]}")
    expect(page.get_by_role("option").first).to_have_text(title)
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)


def test_it_does_what_can_be_done_here_and_gives_focus_back(page: Page) -> None:
    page.locator("[data-palette]").click()
    palette(page).fill("dark theme")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
    expect(page.locator("[data-palette]")).to_be_focused()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Control+k")
    palette(page).fill("theme of the device")
    page.keyboard.press("Enter")
    page.reload()
    expect(page.locator("html")).not_to_have_attribute("data-theme", re.compile(""))


def test_escape_closes_the_palette_and_does_not_stop_the_answer(page: Page, ask: Ask) -> None:
    ask(page, "Count", "any-t400-r60", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("w0003")
    page.keyboard.press("Control+k")
    palette(page).press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator(".answer[data-running]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("[data-notice=stopped]")).to_be_visible()


def test_single_keys_mean_the_message_that_has_focus_and_can_be_switched_off(page: Page, ask: Ask) -> None:
    ask(page, "First")
    ask(page, "Second")
    leave_the_composer(page)
    page.keyboard.press("k")
    expect(page.locator("[data-message]").nth(3)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("k")
    expect(page.locator("[data-message]").nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("[data-message]").nth(1)).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("e")
    expect(page.get_by_role("textbox", name="Question")).to_have_value("First")
    page.keyboard.press("Escape")
    leave_the_composer(page)
    page.keyboard.press("r")
    expect(page.locator(".answer").last.locator("[data-place]")).to_have_text("2 / 2")
    page.keyboard.press("[")
    expect(page.locator(".answer").last.locator("[data-place]")).to_have_text("1 / 2")
    page.keyboard.press("/")
    field = page.get_by_label("Message", exact=True)
    expect(field).to_be_focused()
    page.keyboard.type("jk?")
    expect(field).to_have_value("jk?")

    leave_the_composer(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Single keys, outside text fields").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    leave_the_composer(page)
    page.keyboard.press("/")
    page.keyboard.press("Control+k")
    palette(page).fill("shortcuts")  # not the composer: the key before it did nothing
    page.keyboard.press("Enter")
    dialog.get_by_label("Single keys, outside text fields").check()
    dialog.get_by_role("button", name="Close").click()
    expect(field).not_to_be_focused()
    leave_the_composer(page)
    page.keyboard.press("/")
    expect(field).to_be_focused()
