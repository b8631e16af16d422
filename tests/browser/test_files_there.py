"""Files at a provider in a browser: found, sent, refused by line, looked at and deleted, with scripts and without."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import Tabs
from tests.site import Site

EXAMPLE = json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]})


def lines(name: str, text: str) -> dict[str, object]:
    return {"name": name, "mimeType": "application/jsonl", "buffer": text.encode()}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_file_is_sent_looked_at_and_deleted(tabs: Tabs, site: Site, scripts: bool) -> None:
    tabs.expected.append("status of 400")
    name = f"tea-{scripts}.jsonl"
    page = tabs.person(site, "charlie", java_script_enabled=scripts).new_page()
    page.goto("/files/upstream/")
    page.get_by_role("main").get_by_role("link", name="Sandbox").click()
    sending = page.locator("form[data-upstream-send]")
    if scripts:
        big = {"name": "big.bin", "mimeType": "x/y", "buffer": bytes(8_000_001)}
        sending.get_by_label("From this device").set_input_files(big)  # type: ignore[arg-type]
        expect(sending.get_by_text("This file is larger than 8 MB.")).to_be_visible()
    sending.get_by_label("From this device").set_input_files(lines(name, f"{EXAMPLE}\nno\n"))  # type: ignore[arg-type]
    sending.get_by_label("Purpose", exact=True).select_option("fine-tune")
    sending.get_by_role("button", name="Send").click()
    faults = page.get_by_role("alert").filter(has_text="Nothing was sent")
    expect(faults).to_contain_text("It is not JSON: look at character 1.")
    if scripts:
        assert findings_anywhere(page) == {}
    sending.get_by_label("From this device").set_input_files(lines(name, f"{EXAMPLE}\n"))  # type: ignore[arg-type]
    sending.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    expect(page.get_by_text("at least 10 examples")).to_be_visible()
    expect(page.get_by_role("region", name="How it begins")).to_contain_text('"Hello"')
    if scripts:
        assert findings_anywhere(page) == {}
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.path().read_text() == f"{EXAMPLE}\n"
    page.get_by_role("main").get_by_role("link", name="Delete").click()
    expect(page.get_by_role("heading", name=f"Delete “{name}” at Sandbox?")).to_be_visible()
    page.get_by_role("button", name="Delete for good").click()
    expect(page.get_by_text(f"“{name}” is deleted at Sandbox.")).to_be_visible()
    expect(page.get_by_role("row", name=name)).to_have_count(0)
