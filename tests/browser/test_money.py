"""Money in a browser: the pages of it, and what a question costs before, during and after its answer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.billing.site import rule
from tests.browser.axe import findings_anywhere
from tests.browser.conftest import PHONE, Ask, Tabs
from tests.site import Site

# Nobody else's, so that nobody else's answers have a price: 60 words at once, and 40 with nothing after them.
MODELS = WHOLE, HANGING = "any-t60-r0", "any-t60-r0-h40"
UNITS = (("prompt", "100"), ("completion", "500"))  # in US$, for a million tokens
AMOUNT = re.compile(r"US\$\d")


@pytest.fixture
def owner(tabs: Tabs, site: Site) -> Iterator[Page]:
    """Charlie, who runs the site; afterwards it records money and blocks nothing, as before."""
    yield tabs.person(site, "charlie", reduced_motion="reduce").new_page()
    rule(site, "metered")


def fill(form: Locator, **fields: str) -> None:
    """Fill a form in as a person does, and send it."""
    for name, value in fields.items():
        field = form.locator(f"[name$={name}]")
        if field.evaluate("(element) => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("[type=submit]").click()


def set_up(page: Page) -> None:
    """Prices, a grant and the rule that only who has money may ask, each by its form."""
    page.goto("/settings/prices/")
    rows = [f"environment,{model},{unit},{price}" for model in MODELS for unit, price in UNITS]
    fill(page.locator("form[action*=import]"), table="\n".join(["provider,model,unit,price", *rows]))
    expect(page.get_by_text("prices are set.")).to_be_visible()
    price = {"provider": "environment", "model_id": WHOLE, "unit": "request", "price": "0.001"}
    fill(page.locator("form[action*='prices/set']"), **price)
    expect(page.get_by_text("The price is set.")).to_be_visible()
    page.goto("/settings/money/")
    page.get_by_label("Prepaid: without enough balance there is no call").check()
    page.locator("form[action*=rules] [type=submit]").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    fill(page.locator("form[action*=grants]"), email="bob1@example.org", amount="25", label="Welcome")
    expect(page.get_by_text("bob1@example.org has the grant.")).to_be_visible()


def are_for_everyone(page: Page, *paths: str) -> None:
    """In both themes and at both widths."""
    for path in paths:
        page.goto(path)
        assert findings_anywhere(page) == {}, path
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], path


def test_money_is_told_before_during_and_after_an_answer(owner: Page, tabs: Tabs, site: Site, ask: Ask) -> None:
    set_up(owner)
    bob = tabs.person(site, "bob")
    balance, page = bob.new_page(), bob.new_page()
    balance.goto("/balance/")
    left = balance.locator(".money-number").inner_text()
    page.goto("/")
    ask(page, "What does this cost?", HANGING, wait=False)
    words = page.locator(".answer [data-cost-words]")
    expect(words).to_have_text(re.compile(r"about US\$0\.\d+ so far"))
    page.get_by_role("button", name="Stop").click()
    expect(words).to_have_text(re.compile(r"^about US\$0\.\d+$"))  # nobody has counted
    ask(page, "And exactly?", WHOLE)
    expect(words.last).to_have_text(re.compile(r"^US\$0\.\d+$"))
    expect(page.locator("[data-conversation-cost]")).to_have_text(re.compile(r"In all US\$0\.\d+"))
    page.get_by_label("Message", exact=True).fill("And this?")
    estimate = page.locator("[data-money-before]")
    expect(estimate).to_have_text(re.compile(r"about \d+ tokens · about US\$0\.\d+ · at most US\$2\.\d\d"))
    expect(page.get_by_text("Answers may be wrong")).to_be_hidden()  # it takes that place
    # The other tab has heard of it.
    expect(balance.locator("#entries")).to_contain_text("Answer in “What does this cost?”")
    expect(balance.locator(".money-number")).not_to_have_text(left)
    # Who does not want to see money sees it on that page alone.
    balance.get_by_label("Show what things cost").uncheck()
    balance.locator("form[action*=show] [type=submit]").click()
    expect(balance.get_by_text("Saved.")).to_be_visible()
    page.reload()
    page.get_by_label("Message", exact=True).fill("And this?")
    expect(page.locator(".answer > .text").first).to_contain_text("w0040")
    assert not AMOUNT.search(page.locator("body").inner_text())
    balance.get_by_label("Show what things cost").check()
    balance.locator("form[action*=show] [type=submit]").click()
    expect(balance.get_by_text("Saved.")).to_be_visible()
    # Who has nothing is told what it needs, what there is, and whom to ask; the text stays.
    tabs.expected.append("status of 402")
    poor = tabs.person(site, "alice").new_page()
    poor.goto("/")
    ask(poor, "Without money", WHOLE, wait=False)
    said = poor.get_by_text("Your balance is not enough.")
    expect(said).to_contain_text("and US$0.00 is left. Ask charlie1@example.org for more.")
    expect(poor.get_by_text("Without money").first).to_be_visible()
    are_for_everyone(balance, "/balance/")
    are_for_everyone(owner, "/settings/money/", "/settings/prices/")
