"""The pages of providers and models in a browser: entered, tried out and looked at, in both themes, on any screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import DESK, Tabs
from tests.site import Site
from tests.upstream import Upstream, json_answer

PAGES = (
    *("/settings/providers/", "/settings/providers/new/?for=site", "/settings/providers/new/?for=site&preset=azure"),
    *("/models/", "/models/?q=nothing-like-it", "/models/one/?provider=sandbox&id=sandbox-guide", "/models/engines/"),
    *("/models/table/", "/settings/groups/", "/settings/providers/environment/keys/"),
)
WIDTHS = (320, 390, 768, 1024, 1440)
WIDE = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.className)"


def looked_at(page: Page) -> None:
    """What is shown now: axe finds nothing in either theme, on a desk and on a phone, and nothing is too wide."""
    for folded in page.locator("main details:not([open]) > summary").all():
        folded.click()
    assert findings_anywhere(page) == {}, page.url
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (page.url, width)
        assert page.locator("main .card").evaluate_all(WIDE) == [], (page.url, width)
    page.set_viewport_size({"width": DESK["width"], "height": DESK["height"]})


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


def test_every_page_is_good_to_look_at_in_any_theme_on_any_screen(tabs: Tabs, owned: Site) -> None:
    page = tabs.person(owned).new_page()
    for path in PAGES:
        page.goto(path)
        looked_at(page)
    page.goto("/settings/providers/")
    page.get_by_role("button", name="Test").first.click()
    expect(page.get_by_text("Address reached.")).to_be_visible()
    looked_at(page)


def test_what_is_typed_is_tested_read_and_learned(tabs: Tabs, owned: Site, upstream: Upstream) -> None:
    tabs.expected.append("status of 400")
    page = tabs.person(owned).new_page()
    page.goto("/settings/providers/new/?for=me&preset=other")
    page.get_by_label("Name", exact=True).fill("Not yet")
    page.get_by_label("Base URL").fill(upstream.url)
    page.get_by_label("Key", exact=True).fill("sk-not-yet-saved-4f2b")
    page.get_by_role("button", name="Test without saving").click()
    expect(page.get_by_text("One token streamed by echo-r0.")).to_be_visible()
    looked_at(page)
    page.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="Not yet")
    expect(card).to_contain_text("key ends in 4f2b")
    provider = (card.get_attribute("id") or "").removeprefix("provider-")
    columns = "(provider, base_url, model_id, setting, wanted, learned_at)"
    values = (provider, upstream.url, "echo-r0", "max_tokens", "max_completion_tokens", "2026-11-21 10:00:00+00:00")
    owned.execute(f"INSERT INTO providers_learnedsetting {columns} VALUES (?, ?, ?, ?, ?, ?)", *values)
    page.reload()
    expect(card).to_contain_text("1 setting learned")
    looked_at(page)
    page.goto(f"/models/one/?provider={provider}&id=echo-r0")
    looked_at(page)
    page.get_by_role("region", name="Python").focus()
    page.locator("[data-copy-from]", has_text="curl").first.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-copy-code][data-done]")).to_have_count(1)
    page.get_by_role("button", name="Forget it").click()
    expect(page.get_by_role("button", name="Forget it")).to_have_count(0)

    key = {"id": "key_1", "name": "Backup", "redacted_value": "sk-admin...4f2c", "created_at": 1_760_000_000}
    for answer in ({"data": [key]}, {**key, "value": "sk-admin-shown-once-4f2c"}, {"data": [key]}):
        upstream.script(json_answer(answer), "/organization/admin_api_keys")
    page.goto(f"/settings/providers/{provider}/keys/")
    page.get_by_label("Name", exact=True).fill("Backup")
    page.get_by_role("button", name="Make it").click()
    expect(page.get_by_label("Key", exact=True)).to_have_value("sk-admin-shown-once-4f2c")
    looked_at(page)

    page.goto("/settings/providers/new/?for=me#file")
    page.get_by_text("Or read a config.ini or .env").click()
    page.get_by_label("Or its text").fill("[x]\nneither this nor that")
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("Line 2 is neither a [section]")).to_be_visible()
    looked_at(page)
