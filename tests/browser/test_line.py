"""The line between page and site: cut, silent, lossy, refused. The text is whole in the end all the same."""

import json
import re
from typing import Any

from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Ask, Tabs
from tests.site import Site

WORDS = " ".join(f"w{n:03d}" for n in range(50))
WATCH = re.compile(r"/ws/c/")


def words(page: Page) -> list[str]:
    expect(page.locator(".answer[data-running]")).to_have_count(0)
    return page.locator(".answer > .text").last.inner_text().split()


class Lines:
    """Stands between page and site; `forward(number of the socket, event)` says whether a frame gets through."""

    def __init__(self, page: Page, forward: Any = lambda number, event: True) -> None:
        self.sockets: list[WebSocketRoute] = []
        self.from_page: list[dict[str, Any]] = []
        self.forward = forward
        page.route_web_socket(WATCH, self._opened)

    def _opened(self, socket: WebSocketRoute) -> None:
        number = len(self.sockets)
        self.sockets.append(socket)
        server = socket.connect_to_server()

        def to_page(message: Any) -> None:
            if self.forward(number, json.loads(message)):
                socket.send(message)

        def to_server(message: Any) -> None:
            self.from_page.append(json.loads(message))
            server.send(message)

        server.on_message(to_page)
        socket.on_message(to_server)


def test_a_line_that_is_cut_or_loses_frames_comes_back_and_nothing_is_missing(page: Page, ask: Ask) -> None:
    lost: list[str] = []
    mended: list[str] = []

    def forward(number: int, event: dict[str, Any]) -> bool:
        if event["type"] == "conversation.snapshot":
            mended.extend(lost)
        if event["type"] != "message.delta":
            return True
        third = asked == "a hole" and event["seq"] > 2 and not lost
        last = asked == "a lost end" and "w049" in event["text"]
        if third or last:
            lost.append(asked)
        return not (third or last)

    lines = Lines(page, forward)
    asked = "a cut"
    ask(page, WORDS, "echo-r25", wait=False)
    expect(page.locator(".answer > .text")).to_contain_text("w010")
    lines.sockets[0].close(code=4503)
    assert words(page) == WORDS.split()
    assert len(lines.sockets) == 2
    for asked in ("a hole", "a lost end"):
        ask(page, WORDS, "echo-r100")
        expect(page.locator(".answer > .text").last).to_contain_text("w049")
        assert words(page) == WORDS.split()
        assert asked in mended, "by a snapshot: the page asked for it, or the server saw that it was behind"


def test_a_line_that_says_nothing_any_more_is_replaced(page: Page, ask: Ask) -> None:
    """Neither closed nor alive: a phone that changed its network."""
    dead: list[bool] = []

    def forward(number: int, event: dict[str, Any]) -> bool:
        if number == 0 and event["type"] == "message.delta" and event["seq"] > 5:
            dead.append(True)
        return not (number == 0 and dead)

    lines = Lines(page, forward)
    ask(page, WORDS, "echo-r25")
    assert words(page) == WORDS.split()
    assert len(lines.sockets) == 2
    seen = [frame["seq"] for frame in lines.from_page if frame["type"] == "seen" and frame["run"]]
    assert seen == sorted(seen) != [], "it says how far it has seen"


def test_a_page_whose_line_is_down_says_so_and_a_question_waits(tabs: Tabs, page: Page, ask: Ask) -> None:
    tabs.expected += ["ERR_INTERNET_DISCONNECTED", "WebSocket connection"]
    ask(page, "Hello")
    page.context.set_offline(True)
    expect(page.locator("[data-line]")).to_contain_text("Offline")
    page.get_by_label("Message", exact=True).fill("From the tunnel")
    page.get_by_label("Message", exact=True).press("Enter")
    expect(page.locator(".question").last).to_contain_text("From the tunnel")
    page.context.set_offline(False)
    expect(page.locator(".answer > .text").last).to_have_text("From the tunnel")
    expect(page.locator("[data-line]")).to_be_hidden()
    page.route_web_socket(WATCH, lambda socket: socket.close(code=1011))
    page.reload()
    expect(page.locator("[data-line]")).to_contain_text("Reconnecting")
    expect(page.locator(".answer > .text").first).to_have_text("Hello")


def test_a_restart_of_the_site_in_the_middle_of_an_answer_keeps_its_text(tabs: Tabs, site: Site, ask: Ask) -> None:
    tabs.expected += ["ERR_CONNECTION_REFUSED", "WebSocket connection", "ERR_EMPTY_RESPONSE"]
    environment = {name: site.environment[name] for name in ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL")}
    with Site(**environment) as own:
        page = tabs.person(own, fresh=True).new_page()
        page.goto("/")
        ask(page, "Count", "any-t400-r60", wait=False)
        expect(page.locator(".answer > .text")).to_contain_text("w0040")
        shown = page.locator(".answer > .text").inner_text()
        page.wait_for_timeout(1_000)  # what was shown a second ago is stored
        own.environment["PORT"] = own.url.rsplit(":", 1)[1]
        own.kill()
        own.start()
        notice = page.locator("[data-notice=interrupted]")
        expect(notice.get_by_role("button", name="Continue")).to_be_visible()
        expect(page.locator("[data-line]")).to_be_hidden()
        assert page.locator(".answer > .text").inner_text().startswith(shown)
