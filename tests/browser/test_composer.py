"""The composer: it sends when it should, never while a word is being composed, and never loses what was typed."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import PHONE, Ask, Tabs, choose_model
from tests.site import Site


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("Message", exact=True)


def test_shift_enter_is_a_new_line_and_enter_sends(page: Page) -> None:
    field(page).press_sequentially("one")
    field(page).press("Shift+Enter")
    field(page).press_sequentially("two")
    expect(field(page)).to_have_value("one\ntwo")
    field(page).press("Enter")
    expect(page.locator(".question-text")).to_have_text("one\ntwo", use_inner_text=True)


def test_enter_takes_the_word_while_an_input_method_composes(page: Page) -> None:
    field(page).focus()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    page.evaluate(
        """() => document.querySelector("#text").dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    expect(page.locator(".question")).to_have_count(0)
    devtools.send("Input.insertText", {"text": "你好"})
    expect(field(page)).to_have_value("你好")
    field(page).press("Enter")
    expect(page.locator(".question-text")).to_have_text("你好")


def test_on_a_phone_enter_is_a_new_line(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto("/")
    field(page).fill("one")
    field(page).press("Enter")
    expect(field(page)).to_have_value("one\n")


def test_a_draft_survives_a_reload_and_belongs_to_its_conversation(page: Page, ask: Ask) -> None:
    ask(page, "Hello")
    field(page).fill("not yet sent")
    page.reload()
    expect(field(page)).to_have_value("not yet sent")
    page.goto("/")
    expect(field(page)).to_have_value("")


def test_a_sent_text_is_no_draft(page: Page, ask: Ask) -> None:
    ask(page, "Gone")
    page.reload()
    expect(field(page)).to_have_value("")


def test_nothing_is_sent_when_there_is_nothing(page: Page) -> None:
    field(page).fill("  \n ")
    field(page).press("Enter")
    expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    expect(page.locator(".question")).to_have_count(0)


def test_a_refused_question_keeps_its_text(tabs: Tabs, page: Page) -> None:
    tabs.expected.append("status of 400")
    field(page).fill("x" * 1_000_001)
    field(page).press("Enter")
    unsent = page.locator(".unsent")
    expect(unsent).to_contain_text("Not sent.")
    expect(unsent).to_contain_text("1000000")
    unsent.get_by_role("button", name="Edit").click()
    assert len(field(page).input_value()) == 1_000_001
    expect(page.locator(".question")).to_have_count(0)


def test_a_question_that_never_arrived_is_sent_again_under_the_same_id(tabs: Tabs, page: Page) -> None:
    tabs.expected.append("ERR_FAILED")
    sent: list[str] = []

    def lose(route: Route) -> None:
        sent.append(route.request.post_data_json["client_id"])
        route.abort() if len(sent) == 1 else route.continue_()

    page.route(re.compile(r"/c/$"), lose)
    field(page).fill("Am I lost?")
    field(page).press("Enter")
    expect(page.locator(".unsent")).to_contain_text("The site cannot be reached.")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".answer > .text")).to_have_text("Am I lost?")
    expect(page.locator(".question")).to_have_count(1)
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_a_question_whose_answer_got_lost_is_not_asked_twice(tabs: Tabs, page: Page, site: Site) -> None:
    """The site took it, the reply never came: the same client_id finds the same run."""
    tabs.expected.append("ERR_FAILED")
    lost: list[bool] = []

    def lose_reply(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(True)
        route.fetch()
        route.abort()

    page.route(re.compile(r"/c/$"), lose_reply)
    field(page).fill("Only once")
    field(page).press("Enter")
    page.get_by_role("button", name="Retry").click()
    expect(page.locator(".answer > .text")).to_have_text("Only once")
    page.reload()
    expect(page.locator(".question")).to_have_count(1)
    expect(page.locator(".history-item", has_text="Only once")).to_have_count(1)


def test_what_is_written_during_an_answer_waits_for_its_end(page: Page, ask: Ask) -> None:
    ask(page, " ".join(["word"] * 200), "echo-r25", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("word")
    choose_model(page, "echo-r0")
    field(page).fill("And then this")
    field(page).press("Enter")
    expect(page.locator(".unsent-waits")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".answer > .text").last).to_have_text("And then this")
    expect(page.locator(".unsent-waits")).to_have_count(0)


def test_the_composer_grows_with_its_text_and_not_beyond_a_part_of_the_screen(page: Page, ask: Ask) -> None:
    ask(page, "Hello")
    low = field(page).bounding_box()
    field(page).fill("\n".join(["line"] * 6))
    page.wait_for_timeout(100)
    middle = field(page).bounding_box()
    field(page).fill("\n".join(["line"] * 200))
    page.wait_for_timeout(100)
    high = field(page).bounding_box()
    assert low and middle and high
    assert low["height"] < middle["height"] < high["height"] <= 0.4 * 900 + 1


def test_arrow_up_in_an_empty_composer_edits_the_last_question(page: Page, ask: Ask) -> None:
    ask(page, "Mistake")
    field(page).press("ArrowUp")
    expect(page.get_by_role("textbox", name="Question")).to_have_value("Mistake")


def test_what_one_person_left_behind_is_not_the_next_ones(tabs: Tabs, site: Site) -> None:
    """On a shared browser: neither the draft nor what still waited to be sent."""
    tabs.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection"]  # its sockets try to come back meanwhile
    context = tabs.person(site, "alice")
    page = context.new_page()
    page.goto("/")
    page.context.set_offline(True)
    field(page).fill("Alice's own words")
    field(page).press("Enter")
    expect(page.locator(".unsent-waits")).to_contain_text("Waits for the connection.")
    field(page).fill("Alice's draft")
    page.wait_for_timeout(500)
    page.close()
    context.clear_cookies()
    context.set_offline(False)
    context.add_cookies([{"name": "sessionid", "value": site.person("bob").session, "url": site.url}])
    page = context.new_page()
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    expect(field(page)).to_have_value("")
    expect(page.locator(".question")).to_have_count(0)
    assert page.evaluate("JSON.stringify(localStorage)").count("Alice") == 0
