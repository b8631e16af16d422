"""The composer: it sends when it should, never while a word is being composed, and never loses what was typed."""

import re

from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import DESK, Ask, Tabs, choose_model
from tests.site import Site


def field(page: Page):  # type: ignore[no-untyped-def]
    return page.get_by_label("Message", exact=True)


def height(page: Page) -> float:
    """The field's, once it is drawn."""
    found: float = page.evaluate(
        """async () => {
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return document.querySelector("#text").offsetHeight;
        }"""
    )
    return found


def test_enter_sends_but_not_nothing_nor_a_word_that_is_being_composed(page: Page) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    field(page).fill("  \n ")
    field(page).press("Enter")
    expect(page.get_by_role("button", name="Send")).to_have_attribute("aria-disabled", "true")
    field(page).fill("")
    devtools = page.context.new_cdp_session(page)
    devtools.send("Input.imeSetComposition", {"text": "ni hao", "selectionStart": 6, "selectionEnd": 6})
    page.evaluate(
        """() => document.querySelector("#text").dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", isComposing: true, bubbles: true, cancelable: true }))"""
    )
    expect(page.locator(".question")).to_have_count(0)
    devtools.send("Input.insertText", {"text": "你好"})
    expect(field(page)).to_have_value("你好")
    field(page).press("Shift+Enter")
    field(page).press_sequentially("two")
    expect(field(page)).to_have_value("你好\ntwo")
    field(page).press("Enter")
    expect(page.locator(".question-text")).to_have_text("你好\ntwo", use_inner_text=True)


def test_it_grows_keeps_the_draft_of_each_conversation_and_edits_the_last_question(page: Page, ask: Ask) -> None:
    ask(page, "Mistake")
    heights = [height(page)]
    for lines in (6, 200):
        field(page).fill("\n".join(["line"] * lines))
        heights.append(height(page))
    assert heights == sorted(set(heights))
    assert heights[-1] <= 0.4 * DESK["height"] + 1
    field(page).fill("not yet sent")
    page.reload()
    expect(field(page)).to_have_value("not yet sent")
    page.goto("/")
    expect(field(page)).to_have_value("")
    page.go_back()
    expect(field(page)).to_have_value("not yet sent")
    ask(page, "Sent, and so no draft")
    page.reload()
    expect(field(page)).to_have_value("")
    expect(page.locator("[data-ready]")).to_be_attached()
    field(page).press("ArrowUp")
    expect(page.get_by_role("textbox", name="Question")).to_have_value("Sent, and so no draft")


def test_a_refused_question_keeps_its_text(tabs: Tabs, page: Page) -> None:
    tabs.expected.append("status of 400")
    choose_model(page, "m" * 1_000)
    field(page).fill("Will it be taken?")
    field(page).press("Enter")
    unsent = page.locator(".unsent")
    expect(unsent).to_contain_text("Not sent.")
    expect(unsent.locator("[data-why]")).not_to_be_empty()
    unsent.get_by_role("button", name="Edit").click()
    expect(field(page)).to_have_value("Will it be taken?")
    expect(page.locator(".question")).to_have_count(0)


def test_what_got_lost_on_its_way_is_sent_again_under_the_same_id(tabs: Tabs, page: Page) -> None:
    """First a question that never arrived, then one that the site took but whose reply never came."""
    tabs.expected.append("ERR_FAILED")
    for words, arrives in (("Am I lost?", False), ("Only once", True)):
        sent: list[str] = []

        def lose(route: Route, arrives: bool = arrives, sent: list[str] = sent) -> None:
            sent.append(route.request.post_data_json["client_id"])
            if len(sent) > 1:
                route.continue_()
                return
            if arrives:
                route.fetch()
            route.abort()

        page.goto("/")
        expect(page.locator("[data-ready]")).to_be_attached()
        page.route(re.compile(r"/c/$"), lose)
        field(page).fill(words)
        field(page).press("Enter")
        expect(page.locator(".unsent")).to_contain_text("The site cannot be reached.")
        page.get_by_role("button", name="Retry").click()
        expect(page.locator(".answer > .text")).to_have_text(words)
        page.unroute(re.compile(r"/c/$"))
        page.reload()
        expect(page.locator(".question")).to_have_count(1)
        expect(page.locator(".history-item", has_text=words)).to_have_count(1)
        assert len(sent) == 2
        assert sent[0] == sent[1]


def test_what_is_written_during_an_answer_waits_for_its_end(page: Page, ask: Ask) -> None:
    ask(page, " ".join(["word"] * 50), "echo-r25", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("word")
    choose_model(page, "echo-r0")
    field(page).fill("And then this")
    field(page).press("Enter")
    expect(page.locator(".unsent-waits")).to_be_visible()
    expect(page.locator(".answer")).to_have_count(2)
    expect(page.locator(".answer > .text").last).to_have_text("And then this")
    expect(page.locator(".unsent-waits")).to_have_count(0)


def test_what_one_person_left_behind_is_not_the_next_ones(tabs: Tabs, site: Site) -> None:
    """On a shared browser: neither the draft nor what still waited to be sent."""
    tabs.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection"]  # its sockets try to come back meanwhile
    context = tabs.person(site, "alice")
    page = context.new_page()
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.context.set_offline(True)
    field(page).fill("Alice's own words")
    field(page).press("Enter")
    expect(page.locator(".unsent-waits")).to_contain_text("Waits for the connection.")
    field(page).fill("Alice's draft")
    page.wait_for_timeout(500)  # the draft is stored after a rest
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
