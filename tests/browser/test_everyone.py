"""For everyone: axe finds nothing on any page in either theme, a keyboard is enough, nothing is wider than a phone."""

import time

from playwright.sync_api import Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import PATIENCE, Ask, Tabs
from tests.site import Site

NOWHERE = "/c/00000000-0000-0000-0000-000000000000/"
PAGES = (
    *("/history/", "/settings/", "/settings/people/", "/accounts/password/change/", "/accounts/email/"),
    *("/accounts/sessions/", "/accounts/logout/", NOWHERE),
)
STRANGERS = ("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/accounts/password/reset/done/")
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


def test_axe_finds_nothing_in_a_conversation_and_what_opens_in_it(page: Page, ask: Ask) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    assert findings_anywhere(page) == {}
    ask(page, TEXT)
    expect(page.locator(".hljs-comment")).to_be_visible()
    ask(page, "Cut", "any-t20-r0-l")
    ask(page, "Think", "any-t20-r100-k40")
    page.locator(".reasoning summary").last.click()
    page.get_by_role("button", name="Write another answer", exact=True).last.click()
    expect(page.locator("[data-place]:visible")).to_have_text("2 / 2")
    ask(page, "Fail", "any-e401")
    page.locator("[data-notice=failed] summary").click()
    ask(page, "Live", "any-t5-h5", wait=False)
    expect(page.locator(".answer > .text").last).to_contain_text("w0003")
    assert findings_anywhere(page) == {}
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="About this conversation").click()
    assert findings_anywhere(page) == {}
    page.keyboard.press("Escape")

    page.locator("[data-model-button]").click()
    expect(page.get_by_role("option").first).to_be_visible()
    assert findings_anywhere(page) == {}
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("option").first).to_be_visible()
    assert findings_anywhere(page) == {}
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert findings_anywhere(page) == {}


def test_axe_finds_nothing_on_any_other_page(tabs: Tabs, site: Site) -> None:
    tabs.expected.append("status of 404")
    mine, strangers = tabs.person(site, "charlie").new_page(), tabs.person(site, None).new_page()
    for page, paths in ((mine, PAGES), (strangers, STRANGERS)):
        for path in paths:
            answer = page.goto(path)
            assert answer and answer.status == (404 if path == NOWHERE else 200), path
            assert findings_anywhere(page) == {}, path


def test_nothing_is_wider_than_the_screen(tabs: Tabs, site: Site, ask: Ask) -> None:
    page = tabs.person(site).new_page()
    page.goto("/")
    ask(page, TEXT + "\n\n" + "long" * 200)
    ask(page, "Fail", "any-e401")
    for path in (page.url, "/", "/settings/"):
        page.goto(path)
        for width in (320, 390, 768, 1024):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            for scroller in page.locator(".scroller").all():
                assert scroller.evaluate("(element) => element.scrollWidth <= element.clientWidth"), path


def test_the_keyboard_alone_is_enough_and_focus_is_always_visible(page: Page, ask: Ask) -> None:
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
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    expect(page.get_by_label("Message", exact=True)).to_be_focused()
    names = []
    for _ in range(8):
        page.keyboard.press("Shift+Tab")
        names.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert "Write another answer" in names
    assert "Edit the question" in names
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
    ask(page, " ".join(f"w{n:02d}" for n in range(60)) + "\n\nSecond block.", "echo-r100")
    said = heard(page, "Answer finished")
    assert said.index("Answer started") < said.index("w05") < said.index("Second block.") < said.index("Answer fin")
    expect(page.locator(".answer")).to_have_attribute("aria-busy", "false")
    assert page.locator("[data-announcer]").evaluate("(element) => element.closest('[data-thread]')") is None

    page.evaluate("window.said = []")
    sentences = " ".join(f"x{n:02d}" + "." * (n % 10 == 9) for n in range(60))
    ask(page, sentences, "echo-r100-h35", wait=False)  # it says no more after 35 words
    assert "x30" not in heard(page, "x29."), "by sentence, before the paragraph has its end"
    page.get_by_role("button", name="Stop").click()
    said = heard(page, "x34")
    assert said.count("x05") == said.count("x29") == 1


def heard(page: Page, words: str) -> str:
    """What has been announced, once these words are among it."""
    for _ in range(PATIENCE // 100):
        said = " ".join(page.evaluate("window.said"))
        if words in said:
            return said
        page.wait_for_timeout(100)
    raise AssertionError(f"never heard {words!r}")
