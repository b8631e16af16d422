"""The files page in a browser: chosen, dropped, pasted, gone on with later, renamed, deleted and had back."""

import base64
import io
import re
import uuid

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.axe import findings_anywhere
from tests.browser.conftest import Tabs, as_script
from tests.site import Site

GIVE = """([type, name, mime, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: mime }));
  const how = { bubbles: true, cancelable: true };
  const event = type === "paste" ? new ClipboardEvent("paste", { clipboardData: files, ...how })
    : new DragEvent("drop", { dataTransfer: files, ...how });
  document.querySelector("main").dispatchEvent(event);
}"""
PART = 8 * 1024 * 1024


def chosen(name: str, data: bytes, mime: str = "text/plain") -> FilePayload:
    return {"name": name, "mimeType": mime, "buffer": data}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "PNG")
    return out.getvalue()


def give(page: Page, how: str, name: str, data: bytes, mime: str) -> None:
    page.evaluate(GIVE, [how, name, mime, base64.b64encode(data).decode()])


def test_files_come_go_and_come_back(tabs: Tabs, site: Site) -> None:
    tabs.expected.append("status of 415")  # the script with a picture's name
    mark = uuid.uuid4().hex[:6]
    broken_off = b"x" * (PART + 3)
    with as_script(site, "bob") as http:
        fields = {"client_id": str(uuid.uuid4()), "name": f"long-{mark}.txt", "size": len(broken_off)}
        upload = http.post("/files/uploads/", json=fields).json()["upload"]["id"]
        http.put(f"/files/uploads/{upload}/parts/0/", content=broken_off[:PART]).raise_for_status()
    page = tabs.person(site, "bob").new_page()
    page.goto("/files/")
    names = page.locator("[data-file-name]")

    def name(text: str) -> Locator:
        return names.filter(has_text=text)

    sent = [chosen(f"one-{mark}.txt", b"first"), chosen(f"setup-{mark}.png", b"#!/bin/sh", "image/png")]
    page.locator("#file").set_input_files(sent)
    expect(name(f"one-{mark}.txt")).to_be_visible()
    expect(page.get_by_text("This is a script with a picture’s name, so it was refused.")).to_be_visible()
    page.get_by_role("button", name=f"Take setup-{mark}.png off this list").click()
    expect(page.locator("[data-uploads]")).to_be_hidden()
    give(page, "drop", f"dropped-{mark}.csv", b"a,b\n1,2\n", "text/csv")
    expect(name(f"dropped-{mark}.csv")).to_be_visible()
    give(page, "paste", f"pasted-{mark}.png", picture(), "image/png")
    expect(name(f"pasted-{mark}.png")).to_be_visible()
    page.locator(f"[data-unfinished-upload='{upload}'] [data-go-on]").set_input_files(
        [chosen(f"long-{mark}.txt", broken_off)]
    )
    expect(name(f"long-{mark}.txt")).to_be_visible()
    expect(page.locator("[data-unfinished]")).to_have_count(0)
    assert findings_anywhere(page) == {}

    page.get_by_label("Search files").fill(f"one-{mark}")
    expect(names).to_have_count(1)
    page.get_by_role("link", name=f"More about “one-{mark}.txt”").click()
    with page.expect_response(re.compile("/files/")):  # while the menu is open, the list is drawn anew
        page.evaluate("dispatchEvent(new CustomEvent('chatsite:me', { detail: { type: 'file.ready' } }))")
    page.get_by_role("menuitem", name="Rename").click()
    field = page.get_by_role("textbox", name="Name")
    expect(field).to_be_focused()
    page.keyboard.type(f"other-{mark}")
    page.keyboard.press("Enter")
    expect(names).to_have_text([f"other-{mark}.txt"])
    page.get_by_label("Search files").fill(mark)
    expect(names).to_have_count(4)
    page.get_by_role("link", name=f"More about “other-{mark}.txt”").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(names).to_have_count(3)
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(names).to_have_count(4)

    page.get_by_role("link", name="Grid").click()
    expect(page.locator(".files-cell img")).to_have_count(1)
    assert findings_anywhere(page) == {}
    page.get_by_role("link", name=f"pasted-{mark}.png", exact=True).click()
    expect(page.get_by_role("img", name=f"pasted-{mark}.png")).to_be_visible()
    assert findings_anywhere(page) == {}
    page.get_by_role("link", name="Files", exact=True).last.click()
    expect(page).to_have_url(re.compile("/files/$"))


def test_without_scripts_a_form_does_it(tabs: Tabs, site: Site) -> None:
    mark = uuid.uuid4().hex[:6]
    page = tabs.person(site, "bob", java_script_enabled=False).new_page()
    page.goto("/files/")
    page.get_by_label("Choose files").set_input_files([chosen(f"plain-{mark}.csv", b"a,b\n1,2\n")])
    page.get_by_role("button", name="Upload", exact=True).click()
    expect(page.get_by_text("1 file added.")).to_be_visible()
    page.get_by_role("link", name=f"plain-{mark}.csv", exact=True).click()
    expect(page.get_by_role("cell", name="2")).to_be_visible()
    page.get_by_label("Name").fill(f"renamed-{mark}.csv")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.get_by_role("heading", name=f"renamed-{mark}.csv")).to_be_visible()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_role("link", name=f"renamed-{mark}.csv", exact=True)).to_be_visible()
