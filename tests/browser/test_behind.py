"""Behind an answer: what happened, under it and on a page, and how likely each word was, by keys alone."""

import math
import uuid

from playwright.sync_api import Page, expect

from tests.browser.axe import findings, findings_anywhere
from tests.browser.conftest import Ask, as_script, converse
from tests.site import Site
from tests.upstream import Upstream, done, sse, stream_answer, text_chunk

WORDS = (("The", 99.0), (" tide", 30.0), (" turns", 8.0), (".", 95.0))


def said() -> list[bytes]:
    """An answer of a few words, each with how likely it was and what might have stood there."""
    found = []
    for text, percent in WORDS:
        top = [{"token": " sea", "logprob": math.log(0.04), "bytes": list(b" sea")}]
        entry = {"token": text, "logprob": math.log(percent / 100), "bytes": list(text.encode()), "top_logprobs": top}
        choice = {"index": 0, "delta": {"content": text}, "finish_reason": None, "logprobs": {"content": [entry]}}
        found.append(sse({"id": "chatcmpl-7", "object": "chat.completion.chunk", "model": "m-7", "choices": [choice]}))
    return [*found, text_chunk(finish="stop"), done()]


def test_what_happened_is_told_and_each_word_can_be_looked_at(page: Page, site: Site, upstream: Upstream) -> None:
    upstream.script(stream_answer(*said(), x_request_id="req-7"))
    with as_script(site, "alice") as http:
        params = {"logprobs": True, "top_logprobs": 1}
        asked = {"client_id": str(uuid.uuid4()), "text": "When?", "model_id": "echo-r0", "params": params}
        made = http.post("/c/", json=asked).json()
    page.goto(made["url"])
    expect(page.locator(".answer > .text")).to_have_text("The tide turns.")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-more] > summary").press("Enter")
    slip = page.locator("[data-more] [data-behind]")
    expect(slip).to_contain_text("m-7")
    expect(slip).to_contain_text("req-7")
    fold = slip.locator("details", has_text="As curl").first
    fold.locator("summary").press("Enter")
    expect(fold.locator("pre")).to_contain_text("Bearer $OPENAI_API_KEY")
    slip.get_by_role("link", name="How likely each word was").press("Enter")
    words = slip.get_by_role("listbox")
    expect(words.get_by_role("option")).to_have_count(len(WORDS))
    expect(words.get_by_role("option").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(words.get_by_role("option", selected=True)).to_have_text(" tide")
    expect(slip.locator("[data-odds-said]")).to_contain_text("30.0 % · instead: ␣sea 4.0 %")
    page.keyboard.press("End")
    expect(words.get_by_role("option", selected=True)).to_have_text(".")
    assert findings_anywhere(page) == {}
    page.goto(f"/messages/{made['messages'][1]['id']}/logprobs/")
    expect(page.get_by_role("option")).to_have_count(len(WORDS))
    page.get_by_role("option").last.focus()
    expect(page.locator("[data-odds-said]")).to_contain_text(". 95.0 %")
    page.get_by_role("link", name="What happened for an answer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What happened for an answer")
    page.locator("summary", has_text="The raw answer").click()
    expect(page.locator("pre", has_text='"object": "chat.completion"')).to_be_visible()
    assert findings(page) == []


def test_it_is_told_for_an_answer_that_has_just_ended_and_anew_when_it_went_on(
    page: Page, ask: Ask, site: Site
) -> None:
    page.goto(converse(site, "Before"))
    ask(page, "Go", "any-t20-r0-l")
    more = page.locator("[data-more]").last
    more.locator("> summary").press("Enter")
    expect(more.locator("[data-behind]")).to_contain_text("finish_reason: length")
    page.locator("[data-notice=cut]").get_by_role("button", name="Continue").click()
    expect(more.locator("[data-behind]")).to_contain_text("Request 2 of 2")
