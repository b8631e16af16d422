"""For everyone: axe finds nothing on any page in either theme, a keyboard is enough, nothing is wider than a phone."""

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Ask, Tabs
from tests.site import Site

AXE = Path(__file__).resolve().parent.parent.parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT = """## Heading

Text with `code`, **bold**, [a link](https://example.org/) and $x^2$.

```python
print("hello")  # a comment
```

| a | b |
| - | - |
| 1 | 2 |

- [x] done

> quoted
"""


def findings(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found: dict[str, Any] = page.evaluate("(rules) => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(tabs: Tabs, site: Site, ask: Ask, theme: str, size: dict[str, int]) -> None:
    tabs.expected.append("status of 404")
    page = tabs.person(site, viewport=size, color_scheme=theme, reduced_motion="reduce").new_page()
    page.goto("/")
    assert findings(page) == []
    ask(page, TEXT)
    expect(page.locator(".hljs-comment")).to_be_visible()
    ask(page, "Cut", "any-t20-r0-l")
    ask(page, "Think", "any-t20-r100-k40")
    page.locator(".answer summary").last.click()
    ask(page, "Fail", "any-e401")
    expect(page.locator("[data-notice=failed]")).to_be_visible()
    assert findings(page) == []
    ask(page, "Live", "any-t5-h5", wait=False)
    expect(page.locator(".answer > .text").last).to_contain_text("w0003")
    assert findings(page) == []
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Rename or delete").click()
    assert findings(page) == []
    page.keyboard.press("Escape")
    if size is PHONE:
        page.get_by_role("button", name="Open the sidebar").click()
        assert findings(page) == []
    for path in ("/settings/", "/c/00000000-0000-0000-0000-000000000000/"):
        page.goto(path)
        assert findings(page) == [], path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_one_is_signed_in(tabs: Tabs, site: Site, theme: str) -> None:
    page = tabs.person(site, None, color_scheme=theme).new_page()
    for path in ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"):
        page.goto(path)
        assert findings(page) == [], path


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_nothing_is_wider_than_the_screen(tabs: Tabs, site: Site, ask: Ask, width: int) -> None:
    page = tabs.person(site, viewport={"width": width, "height": 800}).new_page()
    for path in ("/settings/", "/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    ask(page, TEXT + "\n\n" + "long" * 200)
    ask(page, "Fail", "any-e401")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".scroller").evaluate("(element) => element.scrollWidth <= element.clientWidth")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    """Skip to the composer, write, send; then back through the answer's tools to the question's."""
    expect(page.locator("[data-ready]")).to_be_attached()
    page.get_by_role("link", name="Skip to the content").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the composer")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    title = f"By keyboard {time.time_ns()}"
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    expect(page.locator(".answer > .text")).to_have_text(title)
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    names = []
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert "Write another answer" in names
    assert "Edit the question" in names


def test_focus_is_visible_on_everything_one_can_reach(page: Page, ask: Ask) -> None:
    ask(page, TEXT)
    for _ in range(40):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            """() => {
              const element = document.activeElement;
              if (element === document.body || element.matches("main")) return true;
              const style = getComputedStyle(element);
              const around = element.matches("textarea") ? getComputedStyle(element.closest("form")) : style;
              const ring = style.boxShadow !== "none" || style.outlineStyle !== "none" && style.outlineWidth !== "0px";
              return ring || around.borderColor !== "" || element.outerHTML.slice(0, 200);
            }"""
        )
        assert seen is True


def test_what_happens_is_announced(page: Page, ask: Ask) -> None:
    page.evaluate(
        """() => {
          window.said = [];
          const region = document.querySelector("[data-announcer]");
          const hear = () => window.said.push(region.textContent);
          new MutationObserver(hear).observe(region, { childList: true, characterData: true });
        }"""
    )
    ask(page, " ".join(f"w{n:02d}" for n in range(60)) + "\n\nSecond block.", "echo-r25")
    page.wait_for_timeout(2_500)
    said = " ".join(page.evaluate("window.said"))
    assert (
        said.index("Answer started") < said.index("w05") < said.index("Second block.") < said.index("Answer finished")
    )
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
    assert page.locator("[data-announcer]").evaluate("(element) => element.closest('[data-thread]')") is None


def test_the_theme_that_was_chosen_comes_from_the_server(tabs: Tabs, site: Site) -> None:
    context = tabs.person(site, color_scheme="light")
    context.add_cookies([{"name": "theme", "value": "dark", "url": site.url}])
    page = context.new_page()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator("html")).to_have_css("color-scheme", "dark")
