"""The history: live in every tab, renamed in place, deleted with undo; hidden on a desk, a drawer on a phone."""

import re
import time

import httpx
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Ask, Tabs
from tests.site import Site
from tests.site.person import CSRF


def row(page: Page, title: str):  # type: ignore[no-untyped-def]
    return page.locator(".history-item", has_text=title)


def unique(words: str) -> str:
    return f"{words} {time.time_ns()}"


def choose(page: Page, title: str, action: str) -> None:
    row(page, title).hover()
    row(page, title).get_by_role("button").click()
    page.get_by_role("menuitem", name=action).click()


def test_a_new_conversation_appears_in_the_other_tab_with_a_ring_while_it_is_written(
    tabs: Tabs, site: Site, ask: Ask
) -> None:
    context = tabs.person(site)
    here, there = context.new_page(), context.new_page()
    here.goto("/")
    there.goto("/")
    title = unique("Elsewhere")
    ask(here, title, "any-t400-r60", wait=False)
    expect(row(there, title).locator(".ring")).to_be_visible()
    here.get_by_role("button", name="Stop").click()
    expect(row(there, title).locator(".ring")).to_be_hidden()


def test_rename_in_place(page: Page, ask: Ask) -> None:
    title, better = unique("Old name"), unique("Better name")
    ask(page, title)
    choose(page, title, "Rename")
    page.locator(".history-input").fill(better)
    page.keyboard.press("Enter")
    expect(row(page, better)).to_have_count(1)
    expect(page.locator("h1")).to_have_text(better)
    expect(page).to_have_title(f"{better} · Chatsite")
    page.reload()
    expect(row(page, better)).to_have_count(1)


def test_escape_keeps_the_old_name(page: Page, ask: Ask) -> None:
    title = unique("Kept name")
    ask(page, title)
    choose(page, title, "Rename")
    page.locator(".history-input").fill("something else")
    page.keyboard.press("Escape")
    expect(row(page, title)).to_have_count(1)


def test_rename_from_the_bar(page: Page, ask: Ask) -> None:
    better = unique("From the bar")
    ask(page, unique("Bar"))
    page.get_by_role("button", name="Rename or delete").click()
    page.get_by_role("textbox", name="Title").fill(better)
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("h1")).to_have_text(better)
    expect(row(page, better)).to_have_count(1)


def test_delete_and_undo(page: Page, ask: Ask) -> None:
    title = unique("Deleted by mistake")
    ask(page, title)
    page.goto("/")
    choose(page, title, "Delete")
    expect(row(page, title)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row(page, title)).to_have_count(1)


def test_delete_the_conversation_that_is_shown_and_undo_on_the_next_page(page: Page, ask: Ask) -> None:
    title = unique("Shown and deleted")
    ask(page, title)
    address = page.url
    page.get_by_role("button", name="Rename or delete").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.get_by_role("button", name="Undo").click()
    expect(page).to_have_url(address)
    expect(page.locator(".answer > .text")).to_contain_text("Shown and deleted")


def test_another_tab_hears_that_its_conversation_was_deleted(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site)
    here, there = context.new_page(), context.new_page()
    here.goto("/")
    title = unique("Deleted elsewhere")
    ask(here, title)
    there.goto(here.url)
    expect(there.locator(".answer > .text[data-rendered]")).to_be_visible()
    here.goto("/")
    choose(here, title, "Delete")
    expect(there.get_by_text("This conversation was deleted.")).to_be_visible()


def test_the_sidebar_stays_hidden_on_the_next_page(page: Page) -> None:
    page.get_by_role("button", name="Hide the sidebar").click()
    expect(page.locator(".side")).to_be_hidden()
    page.reload()
    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Show the sidebar").click()
    expect(page.locator(".side")).to_be_visible()


def test_on_a_phone_it_is_a_drawer(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    expect(page.locator(".side")).to_be_hidden()
    page.get_by_role("button", name="Open the sidebar").click()
    expect(page.locator(".side")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_be_hidden()


def test_signing_out_in_one_tab_takes_the_other_to_the_sign_in_page(tabs: Tabs, site: Site) -> None:
    context = tabs.person(site, None)
    here = context.new_page()
    here.goto("/accounts/signup/")
    here.get_by_label("E-mail").fill(f"out-{time.time_ns()}@example.org")
    here.get_by_label("Password", exact=True).fill("correct horse battery staple")
    here.locator("main form").get_by_role("button").first.click()
    expect(here.get_by_text("Nothing here yet.")).to_be_visible()
    there = context.new_page()
    there.goto("/")
    expect(there.get_by_text("Nothing here yet.")).to_be_visible()
    there.wait_for_timeout(300)
    here.locator("[popovertarget=account-menu]").click()
    here.get_by_role("button", name="Sign out").click()
    expect(there).to_have_url(re.compile("/accounts/login/"))


def test_scrolling_brings_older_conversations_until_the_end(tabs: Tabs, site: Site) -> None:
    bob = site.person("bob")
    with httpx.Client(base_url=site.url, cookies=bob.cookies, headers={"X-CSRFToken": CSRF}) as http:
        made = [http.post("/c/", json={}).json()["id"] for _ in range(130)]
    page = tabs.person(site, "bob").new_page()
    page.goto("/")
    rows = page.locator(".history-item")
    expect(rows).to_have_count(50)
    page.locator("[data-history]").hover()
    for _ in range(8):
        page.mouse.wheel(0, 4000)
        page.wait_for_timeout(200)
    expect(page.locator("[data-history-older]")).to_have_count(0)
    shown = rows.evaluate_all("(rows) => rows.map((row) => row.dataset.id)")
    assert [one for one in shown if one in made] == made[::-1]


def test_an_answer_that_ended_elsewhere_is_marked_until_it_is_looked_at(tabs: Tabs, site: Site, ask: Ask) -> None:
    here, there = tabs.person(site).new_page(), tabs.person(site).new_page()
    there.goto("/")
    here.goto("/")
    title = unique("News")
    ask(here, title, "any-t400-r60", wait=False)
    expect(row(here, title).locator(".ring")).to_be_visible()
    here.goto("/")
    for tab in (here, there):
        expect(row(tab, title).get_by_role("img", name="New answer")).to_be_visible()
    here.reload()
    expect(row(here, title).locator(".unread")).to_be_visible()
    row(here, title).locator("a").click()
    expect(here.locator("[data-ready]")).to_be_attached()
    for tab in (here, there):
        expect(row(tab, title).locator(".unread")).to_be_hidden()


def test_an_answer_that_ends_while_it_is_shown_is_no_news(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site)
    here, there = context.new_page(), context.new_page()
    there.goto("/")
    here.goto("/")
    here.bring_to_front()
    title = unique("Seen")
    ask(here, title)
    expect(row(there, title).locator(".ring")).to_be_hidden()
    there.reload()
    expect(row(there, title).locator(".unread")).to_be_hidden()


def test_the_history_is_one_tab_stop_with_arrow_keys_inside(page: Page, ask: Ask) -> None:
    for words in ("Third", "Second", "First"):
        ask(page, unique(words))
        page.goto("/")
    rows = page.locator(".history-item")
    page.locator("[data-palette]").focus()
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
