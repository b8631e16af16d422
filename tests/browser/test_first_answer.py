"""From signing up to an answer that is there after a reload, and in every other tab."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, Tabs, choose_model
from tests.site import Site

TEXT = "One two **three**.\n\n- four\n- five"


def test_a_person_signs_up_and_finds_an_empty_page(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site, None).new_page()
    page.goto("/")
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail").fill(f"new-{time.time_ns()}@example.org")
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.locator("main form").get_by_role("button").first.click()
    expect(page).to_have_url(site.url + "/")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()


def test_an_answer_streams_in_and_is_there_after_a_reload(page: Page, ask: Ask) -> None:
    ask(page, TEXT)
    expect(page).to_have_url(re.compile("/c/"))
    answer = page.locator(".answer > .text")
    expect(answer.locator("strong")).to_have_text("three")
    expect(answer.locator("li")).to_have_text(["four", "five"])
    expect(page.locator(".side a[aria-current=page]")).to_contain_text("One two")
    page.reload()
    expect(answer.locator("li")).to_have_text(["four", "five"])
    expect(page.locator(".question")).to_have_count(1)
    expect(page).to_have_title(re.compile("One two"))


def test_the_question_stands_there_at_once(page: Page) -> None:
    choose_model(page, "any-t400-r60")
    page.get_by_label("Message", exact=True).fill("Is it you?")
    shown = page.evaluate(
        """async () => {
          document.querySelector("[data-composer]").requestSubmit();
          await new Promise(requestAnimationFrame);
          const shown = document.querySelector(".question")?.innerText.includes("Is it you?");
          return [shown, document.querySelector("#text").value];
        }"""
    )
    assert shown == [True, ""]


def test_while_it_grows_the_text_is_never_taken_back(page: Page, ask: Ask) -> None:
    ask(page, " ".join(f"w{n:03d}" for n in range(80)), "echo-r25", wait=False)
    answer = page.locator(".answer > .text")
    expect(answer).to_contain_text("w005")
    seen = 0
    while page.locator(".answer[data-running]").count():
        words = answer.inner_text().split()
        whole = [word for word in words if re.fullmatch(r"w\d{3}", word)]
        assert whole == [f"w{n:03d}" for n in range(len(whole))]
        assert len(whole) >= seen
        seen = len(whole)
        page.wait_for_timeout(100)
    expect(answer).to_contain_text("w079")


def test_two_tabs_show_the_same(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site)
    first, second = context.new_page(), context.new_page()
    first.goto("/")
    ask(first, "Hello from the first")
    second.goto(first.url)
    ask(second, "And from the second", "any-t400-r60", wait=False)
    for page in (first, second):
        expect(page.locator(".question")).to_have_count(2)
        expect(page.locator(".answer").last).to_contain_text("w0003")
    second.get_by_role("button", name="Stop").click()
    for page in (first, second):
        expect(page.locator(".answer").last.locator("[data-notice=stopped]")).to_be_visible()
    assert first.locator(".answer > .text").last.inner_text() == second.locator(".answer > .text").last.inner_text()


def test_a_reload_in_the_middle_loses_nothing(page: Page, ask: Ask) -> None:
    ask(page, " ".join(f"w{n:03d}" for n in range(60)), "echo-r25", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("w010")
    page.reload()
    expect(page.locator(".answer > .text")).to_contain_text("w059")
    assert page.locator(".answer > .text").inner_text().split() == [f"w{n:03d}" for n in range(60)]


def test_reasoning_is_folded_and_can_be_read(page: Page, ask: Ask) -> None:
    ask(page, "Think first", "any-t20-r100-k40")
    fold = page.locator(".answer details")
    expect(fold.locator(".text")).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator(".text")).to_contain_text("r0040")
    expect(page.locator(".answer > .text")).to_contain_text("w0020")
