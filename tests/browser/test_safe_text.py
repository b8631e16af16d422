"""Rich text: what people expect of it, and that nothing a model writes runs, leaves the page or trips its policy."""

from playwright.sync_api import Page, expect

from tests.browser.attacks import TRICKS
from tests.browser.conftest import Ask, Tabs
from tests.browser.test_hostile_text import FORBIDDEN
from tests.site import Site

RICH = """## Title

Inline $a^2 + b_1$ and `code`.

$$
\\frac{1}{2} \\boxed{x}
$$

| a | b |
| :-- | --: |
| 1 | 2 |

- [x] done

```python
def f(x):
    return "yes"
```

> quoted

[link](https://example.org/)
"""

WIDE = "| " + " | ".join(f"column number {n}" for n in range(40)) + " |\n" + "| - " * 40 + "|\n" + "| 1 " * 40 + "|"
LONG = f"```\n{'x' * 2_000}\n```\n\n{WIDE}\n\n$$\n{'+'.join(['x_{1234}'] * 80)}\n$$\n\n{'y' * 3_000}"
RIGHT_TO_LEFT = "مرحبا بالعالم\n\n- واحد\n- اثنان\n\nEnglish again"


def test_rich_text_is_what_people_expect_and_grows_into_what_is_drawn_at_once(tabs: Tabs, site: Site, ask: Ask) -> None:
    page = tabs.person(site, permissions=["clipboard-read", "clipboard-write"]).new_page()
    page.goto("/")
    ask(page, RICH, "echo-r25")
    text = page.locator(".answer > .text")
    expect(text.locator("h3")).to_have_text("Title")
    expect(text.locator("p math")).to_have_count(1)
    expect(text.locator(".math[data-math=display] math")).to_have_attribute("display", "block")
    expect(text.locator("td").last).to_have_css("text-align", "end")
    expect(text.locator(".hljs-keyword").first).to_have_text("def")
    expect(text.locator("figcaption")).to_contain_text("python")
    expect(text.locator("a")).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(text.locator("li.task-done")).to_contain_text("done")
    expect(text.locator(".caret")).to_have_count(0)

    streamed = text.inner_html()
    page.locator(".code").get_by_role("button", name="Copy").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'def f(x):\n    return "yes"\n'
    page.locator(".answer-foot").get_by_role("button", name="Copy").click()
    expect(page.locator(".answer-foot .copy")).to_have_attribute("data-done", "")
    assert page.evaluate("navigator.clipboard.readText()").strip() == RICH.strip()

    page.reload()
    expect(text.locator(".hljs-keyword").first).to_be_visible()
    expect(text.locator("math")).to_have_count(2)
    assert text.inner_html() == streamed


def test_what_a_model_writes_never_runs_and_a_question_is_shown_as_it_was_written(page: Page, ask: Ask) -> None:
    """All tricks through the real door. The tabs fixture fails the test on any report of the policy."""
    foreign: list[str] = []
    page.on("request", lambda request: "evil.example" in request.url and foreign.append(request.url))
    tricks = "\n\n".join(trick for trick in TRICKS if "\u0000" not in trick)
    ask(page, f"{tricks}\n\nThe end.")
    text = page.locator(".answer > .text")
    expect(text).to_contain_text("The end.")
    expect(page.locator(".question-text")).to_contain_text(TRICKS[0])
    assert text.locator(FORBIDDEN).evaluate_all("(all) => all.map((one) => one.outerHTML)") == []
    assert page.locator(".question-text *").count() == 0
    page.reload()
    expect(text).to_have_attribute("data-rendered", "")
    expect(text).to_contain_text("The end.")
    assert text.locator(FORBIDDEN).count() == 0
    assert page.evaluate("window.hacked") is None
    assert foreign == []


def test_long_lines_scroll_by_themselves_and_text_from_right_to_left_has_its_own_side(page: Page, ask: Ask) -> None:
    ask(page, f"{RIGHT_TO_LEFT}\n\n{LONG}")
    text = page.locator(".answer > .text")
    expect(text.locator("math")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".scroller").evaluate("(element) => element.scrollWidth <= element.clientWidth")
    expect(text.locator("p").first).to_have_css("direction", "rtl")
    expect(text.locator("ul")).to_have_css("direction", "rtl")
    expect(text.locator("p", has_text="English again")).to_have_css("direction", "ltr")
