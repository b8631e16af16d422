"""Finding what was said: in the palette while one types, on its page without scripts, and at its message, marked."""

import time
import uuid

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import PHONE, Tabs, as_script, converse
from tests.site import Site

THIRD = """id => {
  const view = document.querySelector("[data-scroller]").getBoundingClientRect();
  const top = document.getElementById("m-" + id)?.getBoundingClientRect().top ?? 0;
  return Math.abs((top - view.top) / view.height - 1 / 3) < 0.08;
}"""


def long_one(site: Site, far_up: str, other: str) -> tuple[str, str, str]:
    """A conversation of two branches, the shown one of 61 messages: its address, one far up in it, one on the other."""
    url = converse(site, "How it began")
    with as_script(site, "alice") as http:
        ids = [one["id"] for one in http.get(f"{url}export/json/").json()["messages"]]
        asked = {"client_id": str(uuid.uuid4()), "text": other, "model_id": "echo-r0"}
        made = http.post(f"/messages/{ids[0]}/edit/", json=asked).json()
        deadline = time.monotonic() + 20
        while http.get(f"{url}export/json/").json()["unfinished"] and time.monotonic() < deadline:
            time.sleep(0.02)
        http.post(f"/messages/{ids[1]}/show/", json={}).raise_for_status()
        written = []
        for number in range(59):
            text = far_up if number == 4 else f"Filler {number}\n\nwith another line"
            turn = {"client_id": str(uuid.uuid4()), "role": "user", "text": text}
            written.append(http.post(f"{url}turns/", json=turn).json()["messages"][0]["id"])
        while site.query("SELECT COUNT(*) FROM search_queue") != [(0,)] and time.monotonic() < deadline:
            time.sleep(0.05)
    return url, written[4], made["messages"][0]["id"]


def test_what_was_said_is_found_and_opens_at_its_message(tabs: Tabs, site: Site) -> None:
    word = f"quagga{time.time_ns()}"
    url, far_up, other = long_one(site, f"The {word} is far up 量化", f"The other {word} elsewhere 量化")
    page = tabs.person(site).new_page()
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Conversations and commands")
    expect(field).to_be_focused()
    field.fill(f"{word[:-2]}")
    hit = page.get_by_role("option").filter(has_text="far up").filter(has=page.locator(".choice-snippet")).first
    expect(hit.locator(".choice-snippet mark")).to_have_text(word)
    assert findings(page) == []
    # Above the newest 50, on the shown branch.
    page.goto(f"{url}?at={far_up}#m-{far_up}")
    lands(page, far_up)
    expect(page.locator("[data-message]")).to_have_count(61)
    page.wait_for_function(THIRD, arg=far_up)
    # On the other branch, by the page, on a phone.
    phone = tabs.person(site, viewport=PHONE).new_page()
    phone.goto(f"/search/?q={word} elsewhere 量")
    expect(phone.locator("mark").filter(has_text=word).first).to_be_visible()
    assert findings(phone) == []
    phone.locator(f'a[href*="{other}"]').click()
    lands(phone, other)
    expect(phone.locator("[data-message]")).to_have_count(2)
    expect(phone.locator(f"#m-{other} [data-place]")).to_have_text("2 / 2")


def lands(page: Page, message: str) -> None:
    """It is marked for a while, and the address is the conversation's again."""
    shown = page.locator(f"#m-{message}")
    expect(shown).to_have_attribute("data-sought", "")
    expect(shown).to_be_in_viewport()
    expect(shown).not_to_have_attribute("data-sought", "")
    assert "?at=" not in page.url
