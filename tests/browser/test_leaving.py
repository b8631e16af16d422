"""Deleting one's own account in a browser: its report stays in sight, while sockets close in every tab."""

import re
import time

from playwright.sync_api import expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import Tabs
from tests.site import Site

PASSWORD = "correct horse battery staple"


def test_the_report_is_shown_and_every_other_tab_is_signed_out(tabs: Tabs, site: Site) -> None:
    context = tabs.person(site, None)
    here = context.new_page()
    here.goto("/accounts/signup/")
    here.get_by_label("E-mail").fill(f"leaving-{time.time_ns()}@example.org")
    here.get_by_label("Password", exact=True).fill(PASSWORD)
    here.locator("main form").get_by_role("button").first.click()
    expect(here).to_have_url(site.url + "/")
    there = context.new_page()
    with there.expect_websocket() as line:
        there.goto("/")
    line.value.wait_for_event("framereceived")

    with here.expect_websocket() as line:
        here.goto("/settings/")
    line.value.wait_for_event("framereceived")
    with here.expect_websocket() as line:
        here.get_by_role("link", name="Delete the account").click()
    line.value.wait_for_event("framereceived")
    here.get_by_label("Your password").fill(PASSWORD)
    here.get_by_role("button", name="Delete for good").click()

    expect(there).to_have_url(re.compile("/accounts/login/"))
    expect(here.get_by_role("heading", name="The account is deleted")).to_be_visible()
    expect(here.get_by_role("row", name="Account with its address and password 1")).to_be_visible()
    assert not any(findings_anywhere(here).values())
