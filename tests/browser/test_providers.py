"""The pages of providers and models in a browser: entered, tried out and looked at, in both themes, on any screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings
from tests.browser.conftest import DESK, PHONE, Tabs
from tests.site import Site
from tests.upstream import Upstream

PAGES = (
    *("/settings/providers/", "/settings/providers/new/?for=site", "/settings/providers/new/?for=site&preset=azure"),
    *("/models/", "/models/?q=nothing-like-it", "/models/one/?provider=sandbox&id=sandbox-guide", "/models/engines/"),
    *("/models/table/", "/settings/groups/"),
)


@pytest.fixture(scope="module")
def owned(upstream: Upstream) -> Iterator[Site]:
    """A site whose owner is Alice."""
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="echo-r0") as site:
        site.query("UPDATE accounts_user SET is_owner = true WHERE email LIKE 'alice%' RETURNING id")
        yield site


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_provider_is_entered_tried_out_and_removed(
    tabs: Tabs, owned: Site, upstream: Upstream, scripts: bool
) -> None:
    tabs.expected.append("status of 400")
    page = tabs.person(owned, java_script_enabled=scripts).new_page()
    page.goto("/settings/providers/")
    page.get_by_role("link", name="Add for everybody").click()
    page.get_by_role("link", name="Another server").click()
    page.get_by_label("Name", exact=True).fill("Office relay")
    page.get_by_label("Base URL").fill("ftp://nowhere")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This is not an http or https address.")).to_be_visible()
    page.get_by_label("Base URL").fill(upstream.url.removesuffix("/v1"))
    page.get_by_label("Key", exact=True).fill("sk-typed-by-hand-4f2a")
    page.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="Office relay")
    expect(card).to_contain_text("key ends in 4f2a")
    card.get_by_role("button", name="Test").click()
    expect(card).to_contain_text("One token streamed by echo-r0.")
    assert "sk-typed-by-hand" not in page.content()
    card.get_by_role("link", name="Change").click()
    page.get_by_role("link", name="Remove this provider").click()
    page.get_by_role("button", name="Remove").click()
    expect(page.get_by_role("region", name="Office relay")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(tabs: Tabs, owned: Site, theme: str, size: dict[str, int]) -> None:
    page = tabs.person(owned, viewport=size, color_scheme=theme, reduced_motion="reduce").new_page()
    for path in PAGES:
        page.goto(path)
        assert findings(page) == [], path
    page.goto("/settings/providers/")
    page.get_by_role("button", name="Test").first.click()
    expect(page.get_by_text("Address reached.")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("width", [320, 390, 768, 1024])
def test_nothing_is_wider_than_the_screen(tabs: Tabs, owned: Site, width: int) -> None:
    page = tabs.person(owned, viewport={"width": width, "height": 800}).new_page()
    for path in PAGES:
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        wide = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"
        assert page.locator("main .card").evaluate_all(wide) == [], path
