"""Answers side by side: two models that are asked the same, one of them to go on with, by keyboard, in every tab."""

import re
import threading
import uuid

from playwright.sync_api import Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import Tabs, as_script
from tests.browser.test_picker import opened
from tests.conversations.several import pieces
from tests.site import Site
from tests.upstream import Upstream, WaitFor, stream_answer


def test_two_models_answer_side_by_side_and_one_is_gone_on_with(tabs: Tabs, page: Page, site: Site) -> None:
    field = opened(page)
    page.get_by_label("Let it answer side by side with echo-r0").check()
    expect(field).to_be_focused()
    field.fill("t30")
    expect(page.get_by_role("option", name=re.compile("^any-t30-r0"))).to_be_visible()
    field.press("Enter")
    expect(page.locator("[data-model-name]")).to_have_text("echo-r0 + any-t30-r0")

    page.get_by_label("Message", exact=True).fill("Compare")
    page.get_by_label("Message", exact=True).press("Enter")
    columns = page.locator("[data-columns] > .answer")
    expect(columns.locator("[data-column-model]")).to_have_text(["echo-r0", "any-t30-r0"])
    expect(columns.locator("> [data-text]")).to_contain_text(["Compare", "w0030"])
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    assert {kind: found for kind, found in findings_anywhere(page).items() if found} == {}

    other = tabs.person(site).new_page()
    other.goto(page.url)
    expect(other.locator("[data-columns] > .answer [data-choose]")).to_have_count(2)
    expect(other.locator("[data-ready]")).to_be_attached()

    # j and k lead from column to column as from message to message, o goes on with the one that has focus.
    page.locator("[data-scroller]").focus()
    page.keyboard.press("k")
    expect(columns.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(columns.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(columns.nth(1)).to_be_focused()
    page.keyboard.press("o")
    for tab in (page, other):
        expect(tab.locator("[data-beside]")).to_have_count(0)
        expect(tab.locator(".answer [data-place]")).to_have_text("2 / 2")
        expect(tab.locator(".answer > [data-text]")).to_contain_text("w0030")
    expect(page.locator("[data-model-name]")).to_have_text("any-t30-r0")
    back = page.get_by_role("button", name="Show side by side")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(columns.nth(1).get_by_role("button", name="Go on with this one")).to_be_focused()
    expect(other.locator("[data-columns] > .answer [data-choose]")).to_have_count(2)
    page.keyboard.press("Enter")
    expect(back).to_be_focused()

    # Another answer beside this one; written again there, it stays in company.
    page.get_by_role("button", name="Ask another model").click()
    page.get_by_label("Let it answer side by side with any-t30-r0").check()
    page.get_by_role("combobox", name=re.compile("Search")).fill("echo-r0")
    expect(page.get_by_role("option", name=re.compile("^echo-r0"))).to_be_visible()
    page.keyboard.press("Enter")
    expect(columns.locator("[data-column-model]")).to_have_text(["echo-r0", "any-t30-r0", "echo-r0"])


def test_three_answers_of_one_request_grow_and_stop_together(page: Page, site: Site, upstream: Upstream) -> None:
    events = pieces(["first"], ["second"], ["third"], finish=None)
    upstream.script([*stream_answer(*events, ended=False), WaitFor(threading.Event())])
    asked = {"client_id": str(uuid.uuid4()), "text": "Three", "params": {"n": 3}, "model_id": "echo-r0"}
    with as_script(site, "alice") as http:
        made = http.post("/c/", json=asked).json()
    page.goto(made["url"])
    columns = page.locator("[data-columns] > .answer")
    expect(columns.locator("> [data-text]")).to_have_text(["first", "second", "third"])
    expect(columns.locator("[data-column-place]")).to_have_text(["1 of 3", "2 of 3", "3 of 3"])
    expect(page.locator(".answer[data-running]")).to_have_count(3)
    page.get_by_role("button", name="Stop all answers").click()
    expect(columns.locator("[data-notice=stopped]")).to_have_count(3)
    page.reload()
    expect(columns.locator("[data-notice=stopped]")).to_have_count(3)
