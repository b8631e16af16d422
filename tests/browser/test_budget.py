"""How much a page costs: bytes and requests until the first question, and nothing but the page on the next load."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import SHOWN, Ask, Tabs
from tests.site import Site

SHELL_BYTES = 40_000  # on the wire, headers included: page, style, scripts and icons
SHELL_REQUESTS = 12
RICH_BYTES = 105_000  # with the first answer: a conversation, what it costs, Markdown and the sanitiser (half of it)


class Traffic:
    """What a tab fetched from the site, by the browser's own count: address -> bytes on the wire."""

    def __init__(self, page: Page) -> None:
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._asked)
        devtools.on("Network.requestServedFromCache", self._known)
        devtools.on("Network.loadingFinished", self._finished)

    def _asked(self, event: dict) -> None:
        self._urls[event["requestId"]] = re.sub(r"^https?://[^/]+", "", event["request"]["url"])

    def _known(self, event: dict) -> None:
        self._urls.pop(event["requestId"], None)

    def _finished(self, event: dict) -> None:
        url = self._urls.get(event["requestId"], "data:")
        if event["encodedDataLength"] and not url.startswith("data:"):
            self.sizes[f"{event['requestId']} {url}"] = int(event["encodedDataLength"])

    @property
    def bytes(self) -> int:
        return sum(self.sizes.values())


def loaded(page: Page) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    page.wait_for_load_state("networkidle")


def not_linked(page: Page) -> list[str]:
    """Modules that had to wait until another one had come: no modulepreload link of the page names them."""
    found: list[str] = page.evaluate(
        """() => {
          const linked = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href);
          const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
          return loaded.filter((name) => /\\/js\\/.*\\.js$/.test(name) && !linked.includes(name));
        }"""
    )
    return found


def test_the_first_load_is_small_the_first_answer_brings_its_own_and_the_next_load_is_the_page_alone(
    tabs: Tabs, site: Site, ask: Ask
) -> None:
    page = tabs.person(site, "charlie", fresh=True).new_page()
    traffic = Traffic(page)
    answer = page.goto("/")
    assert answer is not None
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]
    loaded(page)
    expect(page.locator(".history-item")).to_have_count(SHOWN)
    shell = dict(traffic.sizes)
    assert len(shell) <= SHELL_REQUESTS, shell
    assert traffic.bytes < SHELL_BYTES, shell
    assert any("main" in name for name in shell)
    assert not any("vendor/" in name for name in shell), "libraries come when they are needed"
    assert not_linked(page) == []

    ask(page, "Hello **there**")
    expect(page.locator(".answer strong")).to_be_visible()
    page.wait_for_load_state("networkidle")
    rich = {name: size for name, size in traffic.sizes.items() if name not in shell and "/static/" in name}
    assert sum(rich.values()) < RICH_BYTES, rich
    assert not any("katex" in name or "highlight" in name for name in rich)
    assert not_linked(page) == []

    loaded(page)
    again = Traffic(page)
    page.reload()
    expect(page.locator(".answer strong")).to_be_visible()
    loaded(page)
    assert [name.split()[1] for name in again.sizes] == [re.sub(r"^https?://[^/]+", "", page.url)]
