"""How much a page costs: bytes and requests until the first question, and nothing but the page on the next load."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Ask, Tabs
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


def fill_history(tabs: Tabs, site: Site) -> None:
    """As many conversations as the sidebar shows at first."""
    page = tabs.person(site, "charlie").new_page()
    page.goto("/")
    made = page.evaluate(
        """async () => {
          const token = /csrftoken=([^;]+)/.exec(document.cookie)[1];
          const headers = { "X-CSRFToken": token, "Content-Type": "application/json", Accept: "application/json" };
          const post = (url, fields) => fetch(url, { method: "POST", headers, body: JSON.stringify(fields) });
          for (let number = 0; number < 50; number += 1) {
            const { id } = await (await post("/c/", {})).json();
            const answer = await post(`/c/${id}/rename/`, { title: `What was said about ${id.slice(0, 8)}` });
            if (!answer.ok) return answer.status;
          }
          return 200;
        }"""
    )
    assert made == 200


def test_the_first_load_is_small_and_what_shows_answers_comes_with_the_first(tabs: Tabs, site: Site, ask: Ask) -> None:
    fill_history(tabs, site)
    page = tabs.person(site, "charlie").new_page()
    traffic = Traffic(page)
    page.goto("/")
    loaded(page)
    expect(page.locator(".history-item")).to_have_count(50)
    shell = dict(traffic.sizes)
    assert len(shell) <= SHELL_REQUESTS, shell
    assert traffic.bytes < SHELL_BYTES, shell
    assert any("main" in name for name in shell)
    assert not any("vendor/" in name for name in shell), "libraries come when they are needed"
    ask(page, "Hello **there**")
    expect(page.locator(".answer strong")).to_be_visible()
    page.wait_for_load_state("networkidle")
    rich = {name: size for name, size in traffic.sizes.items() if name not in shell and "/static/" in name}
    assert sum(rich.values()) < RICH_BYTES, rich
    assert not any("katex" in name or "highlight" in name for name in rich)


def test_the_next_load_fetches_the_page_alone(tabs: Tabs, site: Site, ask: Ask) -> None:
    page = tabs.person(site).new_page()
    page.goto("/")
    ask(page, "Hello **there**")
    expect(page.locator(".answer strong")).to_be_visible()
    loaded(page)
    again = Traffic(page)
    page.reload()
    expect(page.locator(".answer strong")).to_be_visible()
    loaded(page)
    assert [name.split()[1] for name in again.sizes] == [re.sub(r"^https?://[^/]+", "", page.url)]


def test_pages_are_compressed(tabs: Tabs, site: Site) -> None:
    page = tabs.person(site).new_page()
    answer = page.goto("/")
    assert answer is not None
    assert answer.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["vary"]


def test_everything_that_will_be_imported_is_asked_for_at_once(page: Page, ask: Ask) -> None:
    """No module waits until another has come: each is in a modulepreload link of the page."""

    def missing() -> list[str]:
        found: list[str] = page.evaluate(
            """() => {
              const linked = [...document.querySelectorAll("link[rel=modulepreload]")].map((link) => link.href);
              const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
              return loaded.filter((name) => /\\/js\\/.*\\.js$/.test(name) && !linked.includes(name));
            }"""
        )
        return found

    loaded(page)
    assert missing() == []
    ask(page, "Hello **there**")
    expect(page.locator(".answer strong")).to_be_visible()
    assert missing() == []
