"""The history: live in every tab, renamed in place, deleted with undo, by mouse and by keys."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import HISTORY, SHOWN, Ask, Tabs
from tests.site import Site


def row(page: Page, title: str):  # type: ignore[no-untyped-def]
    return page.locator(".history-item", has_text=title)


def unique(words: str) -> str:
    return f"{words} {time.time_ns()}"


def choose(page: Page, title: str, action: str) -> None:
    row(page, title).hover()
    row(page, title).get_by_role("button").click()
    page.get_by_role("menuitem", name=action).click()


def test_what_happens_in_one_tab_is_seen_in_the_other(tabs: Tabs, site: Site, ask: Ask) -> None:
    """A ring while it is written, a dot until somebody has looked, none for who looks on, gone when it is deleted."""
    context = tabs.person(site)
    here, there = context.new_page(), context.new_page()
    there.goto("/")
    here.goto("/")
    here.bring_to_front()
    title = unique("Elsewhere")
    ask(here, title, "any-t400-r60", wait=False)
    expect(row(there, title).locator(".ring")).to_be_visible()
    here.get_by_role("button", name="Stop").click()
    expect(row(there, title).locator(".ring")).to_be_hidden()
    expect(here.locator("[data-notice=stopped]")).to_be_visible()
    there.reload()
    expect(row(there, title).locator(".unread")).to_be_hidden()

    ask(here, "Another", "any-t120-r60", wait=False)
    expect(row(there, title).locator(".ring")).to_be_visible()
    address = here.url
    here.goto("/")
    for tab in (here, there):
        expect(row(tab, title).get_by_role("img", name="New answer")).to_be_visible()
    here.reload()
    expect(row(here, title).locator(".unread")).to_be_visible()
    row(here, title).locator("a").click()
    expect(here.locator("[data-ready]")).to_be_attached()
    for tab in (here, there):
        expect(row(tab, title).locator(".unread")).to_be_hidden()

    expect(here).to_have_url(re.compile(re.escape(address)))
    there.bring_to_front()
    choose(there, title, "Delete")
    expect(here.get_by_text("This conversation was deleted.")).to_be_visible()


def test_rename_in_place_or_from_the_bar_and_escape_keeps_the_old_name(page: Page, ask: Ask) -> None:
    title, better, best = unique("Old name"), unique("Better name"), unique("From the bar")
    ask(page, title)
    choose(page, title, "Rename")
    page.locator(".history-input").fill("something else")
    page.keyboard.press("Escape")
    expect(row(page, title)).to_have_count(1)
    choose(page, title, "Rename")
    page.locator(".history-input").fill(better)
    page.keyboard.press("Enter")
    expect(row(page, better)).to_have_count(1)
    expect(page.locator("h1")).to_have_text(better)
    expect(page).to_have_title(f"{better} · Chatsite")
    page.get_by_role("button", name="About this conversation").click()
    page.get_by_role("textbox", name="Title").fill(best)
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("h1")).to_have_text(best)
    expect(row(page, best)).to_have_count(1)
    page.reload()
    expect(row(page, best)).to_have_count(1)


def test_delete_and_undo_on_this_page_or_on_the_next(page: Page, ask: Ask) -> None:
    title = unique("Deleted by mistake")
    ask(page, title)
    address = page.url
    page.get_by_role("button", name="About this conversation").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(address)
    expect(page.locator(".answer > .text")).to_contain_text("Deleted by mistake")
    page.goto("/")
    choose(page, title, "Delete")
    expect(row(page, title)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, title)).to_have_count(1)


def test_the_sidebar_stays_hidden_on_the_next_page(page: Page) -> None:
    page.get_by_role("button", name="Hide the sidebar").click()
    expect(page.locator(".side")).to_be_hidden()
    page.reload()
    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Show the sidebar").click()
    expect(page.locator(".side")).to_be_visible()


def test_scrolling_brings_older_conversations_until_the_end_and_so_does_searching(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, "charlie").new_page()
    page.goto("/")
    rows = page.locator(".history-item")
    expect(rows).to_have_count(SHOWN)
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Conversations and commands").fill("oldest all")
    expect(page.get_by_role("option", name="The oldest of all")).to_be_visible()
    page.keyboard.press("Escape")
    expect(rows).to_have_count(SHOWN)
    for helping in range(2 * SHOWN, HISTORY + SHOWN, SHOWN):
        page.locator("[data-history]").evaluate("(it) => it.scrollTo(0, it.scrollHeight)")
        expect(rows.nth(min(helping, HISTORY) - 1)).to_be_attached()
    expect(page.locator("[data-history-older]")).to_have_count(0)
    assert len(set(rows.evaluate_all("(rows) => rows.map((row) => row.dataset.id)"))) == rows.count() >= HISTORY


def test_the_history_is_one_tab_stop_with_arrow_keys_inside(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, "charlie").new_page()
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    rows = page.locator(".history-item")
    page.locator(".side-nav .side-row").last.focus()
    page.keyboard.press("Tab")
    expect(rows.nth(0).locator("a")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1).locator("a")).to_be_focused()
    page.keyboard.press("Tab")
    expect(rows.nth(1).get_by_role("button")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("F2")
    better = unique("By keys")
    page.locator(".history-input").fill(better)
    page.keyboard.press("Enter")
    expect(row(page, better).locator("a")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(page, better)).to_have_count(0)
    expect(rows.nth(1).locator("a")).to_be_focused()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, better)).to_have_count(1)
