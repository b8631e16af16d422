"""What a hostile model writes is shown harmlessly: nothing runs, nothing is fetched, and the page goes on working.

The texts go straight to the element that draws answers, whole and growing, since no server could send some of them.
"""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.attacks import FLOODS, TRICKS
from tests.browser.conftest import Ask

FORBIDDEN = (
    "script, style, iframe, form, object, embed, base, link, meta, video, audio, input, textarea, select, template, "
    "img:not([alt]), svg:not(.icon), [onerror], [onload], [onclick], [onmouseover], [onfocus], [style], [name], "
    "[id], a[href]:not([href^='http']):not([href^='mailto:']), a[href]:not([rel~=noopener])"
)

GROWING = ("a table of 50,000 rows", "a list 2,000 deep", "stars", "emoji", "headings", "a picture of 30 MB")

# Draws a text as an answer's: at once, and growing in a hundred steps.
DRAW = """async ([text, growing]) => {
  const { RichText } = await import("/static/js/components/rich.js");
  const place = document.createElement("div");
  place.className = "text";
  document.querySelector("[data-thread]").append(place);
  const rich = new RichText(place);
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const steps = growing ? 100 : 1;
  for (let step = 1; step < steps; step += 1) {
    rich.show(text.slice(0, Math.ceil((text.length * step) / steps)), true);
    if (step % 10 === 0) await frame();
  }
  rich.show(text, false);
  await new Promise((done) => setTimeout(done, 100)); // formulas and colours come a moment later
  await frame();
  window.drawn = place;
  return place.querySelectorAll("*").length;
}"""

# Presses everything in what was drawn, but for links that lead out; then takes it away.
PRESS = """() => {
  for (const element of drawn.querySelectorAll("*")) {
    for (const type of ["mouseover", "focus", "toggle", "click"]) {
      if (element.matches("a[href^=http], a[href^=mailto]")) continue;
      element.dispatchEvent(new Event(type, { bubbles: true }));
    }
  }
  drawn.remove();
}"""


@pytest.fixture
def thread(page: Page, ask: Ask) -> Page:
    """A conversation with an answer, so that all that draws one has come."""
    ask(page, "Hello $a$\n\n```python\n1\n```")
    expect(page.locator(".answer math")).to_have_count(1)
    return page


def draw(page: Page, text: str, *, growing: bool) -> int:
    elements: int = page.evaluate(DRAW, [text, growing])
    return elements


@pytest.mark.parametrize("growing", [False, True], ids=["at once", "growing"])
def test_no_trick_runs_or_leads_out_whatever_is_pressed_in_it(thread: Page, growing: bool) -> None:
    """The tabs fixture fails the test on any report of the policy and any error in the console."""
    foreign: list[str] = []
    thread.on("request", lambda request: "evil.example" in request.url and foreign.append(request.url))
    for trick in TRICKS:
        draw(thread, f"{trick}\n\nThe end.", growing=growing)
        found = thread.evaluate(
            "(forbidden) => [...drawn.querySelectorAll(forbidden)].map((element) => element.outerHTML)", FORBIDDEN
        )
        assert found == [], trick
        assert "The end." in thread.evaluate("drawn.textContent"), trick
        thread.evaluate(PRESS)
    assert thread.evaluate("window.hacked") is None
    assert foreign == []
    assert alive(thread)


@pytest.mark.parametrize("growing", [False, True], ids=["at once", "growing"])
def test_a_flood_is_shown_and_the_page_goes_on(thread: Page, growing: bool) -> None:
    for name in FLOODS if not growing else GROWING:
        elements: Any = thread.evaluate(f"async () => ({DRAW})([{FLOODS[name]}, {str(growing).lower()}])")
        assert 0 < elements < 40_000, name
        assert thread.evaluate("drawn.getBoundingClientRect().height") > 0, name
        assert thread.locator(".scroller").evaluate("(one) => one.scrollWidth <= one.clientWidth"), name
        assert alive(thread), name
        thread.evaluate("drawn.remove()")


def test_what_is_too_long_can_be_seen_in_full(thread: Page) -> None:
    draw(thread, "beginning\n\n" + "word " * 60_000 + "\n\nthe very end", growing=False)
    place = thread.locator(".text").last
    assert "the very end" not in (place.text_content() or "")
    more = place.get_by_role("button", name="Show more")
    while more.is_visible():
        more.click()
    expect(place).to_contain_text("the very end")
    rows = "\n".join(f"| {n} | x |" for n in range(1_500))
    draw(thread, f"| a | b |\n| - | - |\n{rows}\n\nafter", growing=True)
    expect(place.locator("tbody tr")).to_have_count(1_000)
    expect(place).to_contain_text("Rows not shown: 500.")
    expect(place).to_contain_text("after")
    place.get_by_role("button", name="Show all as text").click()
    expect(place).to_contain_text("| 1499 | x |")


def alive(page: Page) -> bool:
    """Whether one can still write, and everything around the answer is there."""
    field = page.get_by_label("Message", exact=True)
    field.fill("still here")
    expect(page.get_by_role("button", name="Send")).to_be_visible()
    return field.input_value() == "still here"


def test_long_blocks_end_as_they_would_be_drawn_at_once(thread: Page) -> None:
    """Of what grows only the end is drawn again; nobody may be able to tell."""
    long = {
        "tight list": "\n".join(f"{n}. item **{n}** of many\n   - inner {n}" for n in range(300)) + "\n\nafter",
        "loose list": "\n\n".join(f"- item `{n}` of many\n\n  more of it" for n in range(300)),
        "list that becomes loose": "\n".join(f"* item {n} of so many" for n in range(200)) + "\n\n* last\n\n# End",
        "table": "| a | b |\n| :- | -: |\n" + "\n".join(f"| {n} | *x* |" for n in range(400)) + "\n\nafter",
        "paragraph": "word and more words, " * 300 + "**bold** and `code` " + "plain again " * 300,
        "paragraph that becomes a heading": "word and more words " * 200 + "\n---\n\nafter",
        "code": "```python\n" + "\n".join(f"def f{n}(): return '{n}'  # <b>" for n in range(500)) + "\n```\n\nafter",
        "list with code": "\n".join(f"{n}. do:\n\n   ```py\n   {n}\n   ```\n" for n in range(100)),
    }
    for name, text in long.items():
        draw(thread, text, growing=True)
        grown = thread.evaluate("(drawn.normalize(), drawn.innerHTML)")
        thread.evaluate("drawn.remove()")
        draw(thread, text, growing=False)
        assert thread.evaluate("(drawn.normalize(), drawn.innerHTML)") == grown, name
        thread.evaluate("drawn.remove()")
