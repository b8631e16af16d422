"""A browser, the site, and tabs that tell when something in them went wrong."""

import dataclasses
import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.site import Site
from tests.upstream import Upstream

# What the upstream answers, by the model's name (tests/upstream/plans.py).
MODELS = (
    *("echo-r0", "echo-r25", "any-t30-r0", "any-t400-r60", "any-t20-r100-k40", "any-t200-r100-x30"),
    *("any-t20-r0-l", "any-e429", "any-e401", "any-t5-h5"),
)
PATIENCE = 20_000  # milliseconds that anything may take on a busy machine before a test gives up
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

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
    """The site, with a provider whose answers the tests choose."""
    with Site(
        OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="echo-r0", DRAIN_SECONDS="1"
    ) as found:
        yield found


@dataclasses.dataclass
class Tabs:
    """Opens tabs. `defects` gathers what consoles said; a test that provokes an error names it in `expected`."""

    browser: Browser
    contexts: list[BrowserContext] = dataclasses.field(default_factory=list)
    defects: list[str] = dataclasses.field(default_factory=list)
    expected: list[str] = dataclasses.field(default_factory=list)

    def person(self, site: Site, name: str | None = "alice", **options: Any) -> BrowserContext:
        """A browser profile: signed in as somebody, or a stranger's when `name` is None."""
        context = self.browser.new_context(base_url=site.url, **{"viewport": DESK, **options})
        context.set_default_timeout(PATIENCE)
        if options.get("java_script_enabled", True):
            context.add_init_script(REPORTS)
        if name:
            session = site.person(name).session
            context.add_cookies([{"name": "sessionid", "value": session, "url": site.url}])
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.defects.append(str(error.error)))
        self.contexts.append(context)
        return context

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in self.expected):
            self.defects.append(message.text)


@pytest.fixture
def tabs(browser: Browser) -> Iterator[Tabs]:
    opened = Tabs(browser)
    yield opened
    for context in opened.contexts:
        context.close()
    assert opened.defects == []


@pytest.fixture
def page(tabs: Tabs, site: Site) -> Page:
    """Alice's tab on the start page."""
    found = tabs.person(site).new_page()
    found.goto("/")
    return found


def choose_model(page: Page, model: str) -> None:
    """Choose a model as a person does: open the picker, type its name, take the one that is called that."""
    page.locator("[data-model-button]").click()
    field = page.get_by_role("combobox", name="Search models, or type any name")
    field.fill(model)
    page.get_by_role("option").filter(has_text=re.compile(rf"^{re.escape(model)}")).first.click()
    expect(field).to_be_hidden()
    expect(page.locator("[data-model-name]")).to_have_text(model)


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
