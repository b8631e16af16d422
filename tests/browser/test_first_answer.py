"""From signing up to an answer that is there after a reload, and in every other tab."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, Tabs, choose_model
from tests.site import Site

WORDS = [f"w{n:03d}" for n in range(80)]
TEXT = f"{' '.join(WORDS)}\n\nOne two **three**.\n\n- four\n- five"


def test_a_person_signs_up_finds_an_empty_page_and_signs_out_of_every_tab(tabs: Tabs, site: Site) -> None:
    context = tabs.person(site, None)
    here = context.new_page()
    here.goto("/")
    expect(here).to_have_url(re.compile("/accounts/login/"))
    here.goto("/accounts/signup/")
    here.get_by_label("E-mail").fill(f"new-{time.time_ns()}@example.org")
    here.get_by_label("Password", exact=True).fill("correct horse battery staple")
    here.locator("main form").get_by_role("button").first.click()
    expect(here).to_have_url(site.url + "/")
    expect(here.get_by_text("Nothing here yet.")).to_be_visible()
    there = context.new_page()
    with there.expect_websocket() as line:
        there.goto("/")
    line.value.wait_for_event("framereceived")
    here.locator("[popovertarget=account-menu]").click()
    here.get_by_role("button", name="Sign out").click()
    expect(there).to_have_url(re.compile("/accounts/login/"))


def test_an_answer_grows_and_never_shrinks_and_a_reload_in_the_middle_loses_nothing(page: Page, ask: Ask) -> None:
    choose_model(page, "echo-r25")
    page.get_by_label("Message", exact=True).fill(TEXT)
    shown = page.evaluate(
        """async () => {
          document.querySelector("[data-composer]").requestSubmit();
          await new Promise(requestAnimationFrame);
          const question = document.querySelector(".question")?.innerText;
          return [question?.includes("w079"), document.querySelector("#text").value];
        }"""
    )
    assert shown == [True, ""], "the question stands there at once"
    answer = page.locator(".answer > .text")
    expect(answer).to_contain_text("w005")
    seen = 0
    while seen < 30:
        whole = [word for word in answer.inner_text().split() if word in WORDS]
        assert whole == WORDS[: len(whole)]
        assert len(whole) >= seen
        seen = len(whole)
        page.wait_for_timeout(100)
    page.reload()
    expect(answer.locator("strong")).to_have_text("three")
    expect(answer.locator("li")).to_have_text(["four", "five"])
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    assert answer.locator("p").first.inner_text().split() == WORDS
    expect(page).to_have_url(re.compile("/c/"))
    expect(page).to_have_title(re.compile("w000"))
    expect(page.locator(".side a[aria-current=page]")).to_contain_text("w000")
    expect(page.locator(".question")).to_have_count(1)


def test_two_tabs_show_the_same_and_the_title_tells_of_an_end_that_nobody_saw(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site)
    first, second = context.new_page(), context.new_page()
    first.goto("/")
    ask(first, "Think first", "any-t20-r100-k40")
    second.goto(first.url)
    for page in (first, second):
        fold = page.locator(".answer .reasoning")
        expect(fold.locator(".text")).to_be_hidden()
        fold.locator("summary").click()
        expect(fold.locator(".text")).to_contain_text("r0040")
        expect(page.locator(".answer > .text")).to_contain_text("w0020")
    ask(second, "And from the second", "any-t400-r60", wait=False)
    for page in (first, second):
        expect(page.locator(".question")).to_have_count(2)
        expect(page.locator(".answer").last).to_contain_text("w0003")
    look_away = "Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true })"
    first.evaluate(look_away)
    second.get_by_role("button", name="Stop").click()
    expect(first).to_have_title(re.compile("^● Think first"))
    first.evaluate("delete document.visibilityState, document.dispatchEvent(new Event('visibilitychange'))")
    for page in (first, second):
        expect(page).to_have_title(re.compile("^Think first"))
        expect(page.locator(".answer").last.locator("[data-notice=stopped]")).to_be_visible()
    assert first.locator(".answer > .text").last.inner_text() == second.locator(".answer > .text").last.inner_text()
