"""A browser, the site, and tabs that tell when something in them went wrong."""

import dataclasses
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, WebError, expect, sync_playwright

from tests.site import Site
from tests.site.person import CSRF
from tests.upstream import Upstream

# What the upstream answers, by the model's name (tests/upstream/plans.py).
MODELS = (
    *("echo-r0", "echo-r25", "echo-r100", "any-t30-r0", "any-t400-r60", "any-t20-r100-k40", "any-t200-r100-x30"),
    *("any-t20-r0-l", "any-e429", "any-e401", "any-t5-h5"),
)
SHOWN = 50  # conversations that the sidebar shows at first
HISTORY = 2 * SHOWN + 5
PATIENCE = 20_000  # milliseconds that anything may take on a busy machine before a test gives up
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
TOUCH: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True}

# A report of the policy is a defect, also when the browser writes nothing into its console.
REPORTS = """addEventListener('securitypolicyviolation', (report) =>
  console.error('CSP', report.violatedDirective, report.blockedURI, report.sample))"""

expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        yield found
        found.close()


@pytest.fixture(scope="session")
def upstream() -> Iterator[Upstream]:
    with Upstream(models=list(MODELS)) as found:
        yield found


@pytest.fixture(scope="session")
def site(upstream: Upstream) -> Iterator[Site]:
    """The site, with a provider whose answers the tests choose. Charlie owns it, and has a long history."""
    with Site(
        OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="echo-r0", DRAIN_SECONDS="1"
    ) as found:
        found.query("UPDATE accounts_user SET is_owner = true WHERE email LIKE 'charlie%' RETURNING id")
        with as_script(found, "charlie") as http:
            made = [http.post("/c/", json={}).json()["id"] for _ in range(HISTORY)]
            for one in made[-SHOWN:]:
                http.post(f"/c/{one}/rename/", json={"title": f"What was said about {one[:8]}"}).raise_for_status()
            http.post(f"/c/{made[0]}/rename/", json={"title": "The oldest of all"}).raise_for_status()
        yield found


def as_script(site: Site, name: str) -> httpx.Client:
    """A person's commands without a browser."""
    headers = {"X-CSRFToken": CSRF, "Accept": "application/json"}
    return httpx.Client(
        base_url=site.url, cookies=site.person(name).cookies, headers=headers, timeout=PATIENCE / 1_000, trust_env=False
    )


def converse(site: Site, *texts: str, name: str = "alice", model: str = "echo-r0") -> str:
    """The address of a conversation in which all this was asked, each after the answer before it."""
    path = url = "/c/"
    with as_script(site, name) as http:
        for text in texts:
            asked = {"client_id": str(uuid.uuid4()), "text": text, "model_id": model}
            while (answer := http.post(path, json=asked)).status_code == httpx.codes.CONFLICT:
                time.sleep(0.02)  # the answer before it is being written
            answer.raise_for_status()
            url = answer.json().get("url", url)
            path = f"{url}messages/"
    return url


class Profiles:
    """Browser profiles, handed from test to test: what they have fetched stays, what a test left in them does not."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: dict[str, list[BrowserContext]] = {}
        self._kinds: dict[BrowserContext, str] = {}

    def take(self, site: Site, options: dict[str, Any]) -> BrowserContext:
        """One that nobody uses, with nothing in it but its cache."""
        kind = f"{site.url} {sorted(options.items())}"
        idle = self._idle.setdefault(kind, [])
        context = idle.pop() if idle else self.fresh(site, options)
        self._kinds[context] = kind
        return context

    def fresh(self, site: Site, options: dict[str, Any]) -> BrowserContext:
        """One that has never seen the site; whoever takes it closes it."""
        context = self._browser.new_context(base_url=site.url, **{"viewport": DESK, **options})
        context.set_default_timeout(PATIENCE)
        if options.get("java_script_enabled", True):
            context.add_init_script(REPORTS)
        return context

    def give_back(self, context: BrowserContext) -> None:
        """The test is over: its tabs, cookies and drafts go."""
        kind = self._kinds.pop(context, None)
        if kind is None:
            context.close()
            return
        context.set_offline(False)
        first, *others = context.pages or [context.new_page()]
        for page in others:
            page.close()
        # Another page of the site: the one before it has stored its draft by then.
        first.goto("/healthz")
        first.evaluate("try { localStorage.clear() } catch {}")
        first.close()
        context.clear_cookies()
        self._idle[kind].append(context)


@pytest.fixture(scope="session")
def profiles(browser: Browser) -> Profiles:
    return Profiles(browser)


@dataclasses.dataclass
class Tabs:
    """Opens tabs. `defects` gathers what consoles said; a test that provokes an error names it in `expected`."""

    profiles: Profiles
    contexts: list[BrowserContext] = dataclasses.field(default_factory=list)
    defects: list[str] = dataclasses.field(default_factory=list)
    expected: list[str] = dataclasses.field(default_factory=list)

    def person(self, site: Site, name: str | None = "alice", *, fresh: bool = False, **options: Any) -> BrowserContext:
        """A browser profile: signed in as somebody, or a stranger's when `name` is None. `fresh` for one with an empty
        cache, and on a site of the test's own."""
        context = (self.profiles.fresh if fresh else self.profiles.take)(site, options)
        if name:
            session = site.person(name).session
            context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
        context.on("console", self._heard)
        context.on("weberror", self._broke)
        self.contexts.append(context)
        return context

    def close(self) -> None:
        """Every tab; the profiles go to the next test."""
        for context in self.contexts:
            context.remove_listener("console", self._heard)
            context.remove_listener("weberror", self._broke)
            self.profiles.give_back(context)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in self.expected):
            self.defects.append(message.text)

    def _broke(self, error: WebError) -> None:
        self.defects.append(str(error.error))


@pytest.fixture
def tabs(profiles: Profiles) -> Iterator[Tabs]:
    opened = Tabs(profiles)
    yield opened
    opened.close()
    assert opened.defects == []


@pytest.fixture
def page(tabs: Tabs, site: Site) -> Page:
    """Alice's tab on the start page."""
    found = tabs.person(site).new_page()
    found.goto("/")
    return found


def choose_model(page: Page, model: str) -> None:
    """What the picker does with a name that was typed (tests/browser/test_picker.py types it)."""
    expect(page.locator("[data-ready]")).to_be_attached()
    page.locator("[data-model-choice]").evaluate(
        """(field, model) => {
          field.value = model;
          field.dataset.provider = "";
          document.querySelector("[data-model-name]").textContent = model;
        }""",
        model,
    )


Ask = Callable[..., None]


@pytest.fixture
def ask() -> Ask:
    """Type a question and send it; waits for the end of its answer unless told not to."""

    def send(page: Page, text: str, model: str = "", *, wait: bool = True) -> None:
        expect(page.locator("[data-ready]")).to_be_attached()  # before it, Enter is a new line
        if model:
            choose_model(page, model)
        answers = page.locator(".answer").count()
        page.get_by_label("Message", exact=True).fill(text)
        page.get_by_label("Message", exact=True).press("Enter")
        if wait:
            expect(page.locator(".answer")).to_have_count(answers + 1)
            expect(page.locator(".answer[data-running]")).to_have_count(0)

    return send


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A failed test shows what the site said last."""
    report = yield
    found = getattr(item, "funcargs", {}).get("site")
    if report.failed and found is not None:
        report.sections.append(("site", "".join(found.log[-20:])))
    return report
