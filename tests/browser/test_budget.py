"""How much a page costs: bytes and requests of the first load, and nothing but the page on the next."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, Tabs
from tests.site import Site

FIRST_BYTES = 70_000  # of scripts, styles and icons on the wire; the page itself grows with its history
RICH_BYTES = 70_000  # Markdown and the sanitiser, with the first answer


class Traffic:
    """What a tab fetched, by the browser's own count."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.responseReceived", self._answered)
        devtools.on("Network.loadingFinished", self._finished)

    def _answered(self, event: dict) -> None:
        self._urls[event["requestId"]] = event["response"]["url"]

    def _finished(self, event: dict) -> None:
        url = self._urls.get(event["requestId"], "")
        if event["encodedDataLength"] and "/static/" in url:
            self.sizes[url.rsplit("/static/")[-1]] = int(event["encodedDataLength"])


def test_the_first_load_is_small_and_the_next_fetches_the_page_alone(tabs: Tabs, site: Site, ask: Ask) -> None:
    page = tabs.person(site).new_page()
    first = Traffic(page)
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.wait_for_load_state("networkidle")
    assert sum(first.sizes.values()) < FIRST_BYTES, first.sizes
    assert not any("vendor/" in name for name in first.sizes), "libraries come when they are needed"
    shell = set(first.sizes)
    ask(page, "Hello **there**")
    expect(page.locator(".answer strong")).to_be_visible()
    rich = {name: size for name, size in first.sizes.items() if name not in shell}
    assert sum(rich.values()) < RICH_BYTES, rich
    assert not any("katex" in name or "highlight" in name for name in rich)
    again = Traffic(page)
    page.reload()
    expect(page.locator(".answer strong")).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert again.sizes == {}


def test_everything_that_will_be_imported_is_asked_for_at_once(page: Page) -> None:
    """No module waits until another has come: each is in a modulepreload link of the page."""
    expect(page.locator("[data-ready]")).to_be_attached()
    missing = page.evaluate(
        """() => {
          const linked = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href);
          const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
          return loaded.filter((name) => /\\/js\\/.*\\.js$/.test(name) && !linked.includes(name));
        }"""
    )
    assert missing == []
