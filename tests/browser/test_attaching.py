"""Files in a question, as a person attaches them: by picker, drop and clipboard, in an order of their own."""

import base64
import io

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.axe import findings_anywhere
from tests.files import making
from tests.upstream import Upstream

GIVE = """([type, name, mime, data]) => {
  const bytes = Uint8Array.from(atob(data), (one) => one.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: mime }));
  const field = document.getElementById("text");
  const how = { bubbles: true, cancelable: true };
  const event = type === "paste" ? new ClipboardEvent("paste", { clipboardData: files, ...how })
    : new DragEvent("drop", { dataTransfer: files, ...how });
  field.dispatchEvent(event);
}"""


def picture(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    return out.getvalue()


def give(page: Page, how: str, name: str, mime: str, data: bytes) -> None:
    page.evaluate(GIVE, [how, name, mime, base64.b64encode(data).decode()])


def names(page: Page) -> list[str]:
    return page.locator(".file-chip [data-name]").all_inner_texts()


def test_files_are_attached_put_in_order_sent_and_there_after_a_reload(page: Page, upstream: Upstream) -> None:
    expect(page.locator("[data-ready]")).to_be_attached()
    page.get_by_role("button", name="Attach files").click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("menuitem", name="From this device").click()
    report = {"name": "report.pdf", "mimeType": "application/pdf", "buffer": making.pdf(["First", "Second", "Third"])}
    chooser.value.set_files([report])
    chips = page.locator(".file-chip")
    expect(chips.nth(0).locator("[data-facts]")).to_contain_text("tokens")
    give(page, "drop", "red.png", "image/png", picture("red"))
    expect(chips.nth(1).locator("[data-facts]")).to_contain_text("tokens")
    give(page, "paste", "blue.png", "image/png", picture("blue"))
    expect(chips.nth(2).locator("[data-facts]")).to_contain_text("tokens")
    assert names(page) == ["report.pdf", "red.png", "blue.png"]

    page.get_by_role("button", name="Move “report.pdf” towards the end").click()
    expect(chips.nth(1).locator("[data-name]")).to_have_text("report.pdf")
    page.get_by_role("button", name="What to send of “report.pdf”").click()
    page.get_by_role("textbox", name="Pages").fill("2-3")
    expect(chips.nth(1).locator("[data-facts]")).to_contain_text("pages 2-3")
    page.keyboard.press("Enter")
    assert findings_anywhere(page) == {}

    page.reload()
    expect(chips.nth(2).locator("[data-facts]")).to_contain_text("tokens")
    expect(chips.nth(1).locator("[data-facts]")).to_contain_text("pages 2-3")
    assert names(page) == ["red.png", "report.pdf", "blue.png"]
    page.get_by_role("button", name="Remove “blue.png”").click()
    page.get_by_label("Message", exact=True).fill("What is this?")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.locator(".answer:not([data-running]) [data-text]")).to_contain_text("What is this?")
    expect(page.locator(".question .attached > li")).to_have_count(2)
    expect(chips).to_have_count(0)
    content = [request.json for request in upstream.requests if "chat" in request.path][-1]["messages"][-1]["content"]
    assert [part["type"] for part in content] == ["image_url", "text", "text"]
    assert "[Page 2]\nSecond" in content[1]["text"] and "First" not in content[1]["text"]

    page.reload()
    attached = page.locator(".question .attached > li")
    expect(attached.nth(0).get_by_role("img", name="Picture: red.png")).to_be_visible()
    expect(attached.nth(1)).to_contain_text("pages 2-3 of 3")
    assert findings_anywhere(page) == {}
