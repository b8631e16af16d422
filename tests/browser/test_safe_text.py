"""Rich text: what people expect of it, and that nothing a model writes runs, leaves the page or trips its policy."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, Tabs
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

FORBIDDEN = (
    "script, style, iframe, form, object, embed, base, img, svg:not(.icon), "
    "[onerror], [onload], [onmouseover], [id], [style]"
)

ATTACKS = [
    "<script>window.hacked = 1</script>",
    "<img src=x onerror='window.hacked = 1'>",
    "<svg onload='window.hacked = 1'><style>body{display:none}</style>",
    "<iframe srcdoc='<script>parent.hacked = 1</script>'></iframe>",
    "<form action=/accounts/logout/ method=post><button>x</button></form>",
    "<style>* { display: none !important }</style>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=hacked=1&gt;'>",
    "[x](javascript:window.hacked=1) [y](data:text/html,<script>hacked=1</script>) <javascript:hacked=1>",
    "[x](/accounts/logout/) [y](?edit=1) [z](#main) [w](settings/)",
    "![x](https://evil.example/pixel.png) ![y](//evil.example/p.png) ![z](javascript:hacked=1)",
    "```html\n<script>window.hacked = 1</script>\n```",
    '```x" onmouseover="window.hacked=1\n1\n```',
    "$\\href{javascript:window.hacked=1}{x}$ $\\htmlData{x=1}{y}$ $\\includegraphics{https://evil.example/x.png}$",
    "$$\\def\\a{\\a\\a}\\a$$ $\\fcolorbox{red}{blue}{x}$ $\\textcolor{red}{y}$ $\\rule{900em}{900em}$",
    "<a id=main name=text class=frame>x</a> <base href=https://evil.example/>",
    "| <script>hacked=1</script> | b |\n| - | - |\n| <img onerror=hacked=1 src=x> | [x](javascript:hacked=1) |",
]


def test_rich_text_is_what_people_expect(page: Page, ask: Ask) -> None:
    ask(page, RICH)
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


def test_growing_text_ends_as_it_would_be_drawn_at_once(page: Page, ask: Ask) -> None:
    ask(page, RICH, "echo-r25")
    expect(page.locator(".answer .hljs-keyword").first).to_be_visible()
    expect(page.locator(".answer math")).to_have_count(2)
    streamed = page.locator(".answer > .text").inner_html()
    page.reload()
    expect(page.locator(".answer .hljs-keyword").first).to_be_visible()
    expect(page.locator(".answer math")).to_have_count(2)
    assert page.locator(".answer > .text").inner_html() == streamed


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_model_writes_never_runs(page: Page, ask: Ask, attack: str) -> None:
    """The tabs fixture fails the test on any report of the policy and any error in the console."""
    foreign: list[str] = []
    page.on("request", lambda request: "evil.example" in request.url and foreign.append(request.url))
    ask(page, f"{attack}\n\nThe end.")
    text = page.locator(".answer > .text")
    expect(text).to_contain_text("The end.")
    for link in text.locator("a[href]").all():
        assert (link.get_attribute("href") or "").startswith("http")
    assert text.locator(FORBIDDEN).count() == 0
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None
    assert foreign == []


def test_a_question_is_shown_as_it_was_written(page: Page, ask: Ask) -> None:
    ask(page, "<b>not bold</b> *nor this*\n  indented")
    expect(page.locator(".question-text")).to_have_text("<b>not bold</b> *nor this*\n  indented", use_inner_text=True)


def test_code_can_be_copied_as_it_was_written(tabs: Tabs, site: Site, ask: Ask) -> None:
    context = tabs.person(site, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/")
    ask(page, RICH)
    page.locator(".code").get_by_role("button", name="Copy").click()
    expect(page.locator("[data-announcer]")).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == 'def f(x):\n    return "yes"\n'
    page.locator(".answer-foot").get_by_role("button", name="Copy").click()
    expect(page.locator(".answer-foot .copy")).to_have_attribute("data-done", "")
    assert (
        page.evaluate("navigator.clipboard.readText()") == RICH.strip()
        or page.evaluate("navigator.clipboard.readText()") == RICH
    )


def test_long_lines_scroll_by_themselves(page: Page, ask: Ask) -> None:
    wide = "| " + " | ".join(f"column number {n}" for n in range(40)) + " |\n" + "| - " * 40 + "|\n" + "| 1 " * 40 + "|"
    ask(page, f"```\n{'x' * 2_000}\n```\n\n{wide}\n\n$$\n{'+'.join(['x_{1234}'] * 80)}\n$$\n\n{'y' * 3_000}")
    expect(page.locator(".answer math")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator(".scroller").evaluate("(element) => element.scrollWidth <= element.clientWidth")


def test_text_from_right_to_left_stands_on_its_own_side(page: Page, ask: Ask) -> None:
    ask(page, "مرحبا بالعالم\n\n- واحد\n- اثنان\n\nEnglish again")
    text = page.locator(".answer > .text")
    expect(text.locator("p").first).to_have_css("direction", "rtl")
    expect(text.locator("ul")).to_have_css("direction", "rtl")
    expect(text.locator("p").last).to_have_css("direction", "ltr")
