"""Finding what was said: in the palette while one types, on its page without scripts, and at its message, marked."""

import json
import time
import uuid

from playwright.sync_api import Page, expect

from tests.browser.axe import findings
from tests.browser.conftest import PATIENCE, PHONE, Tabs, as_script, converse
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
        while (whole := http.get(f"{url}export/json/").json())["unfinished"]:
            time.sleep(0.02)
        answer = whole["branch"][1]
        asked = {"client_id": str(uuid.uuid4()), "text": other, "keep": False}
        changed = http.post(f"/messages/{answer}/edit/", json=asked).json()["messages"][0]["id"]
        http.post(f"/messages/{answer}/show/", json={}).raise_for_status()
    ids = write_below(site, url.split("/")[2], answer, [far_up if n == 4 else f"Filler {n}\n\nmore" for n in range(59)])
    deadline = time.monotonic() + PATIENCE / 1_000
    while site.query("SELECT COUNT(*) FROM search_queue") != [(0,)] and time.monotonic() < deadline:
        time.sleep(0.05)
    return url, ids[4], changed


def write_below(site: Site, conversation: str, parent: str, texts: list[str]) -> list[str]:
    """What would take long to be said: messages that follow each other, the last of them shown."""
    ids = [str(uuid.uuid4()) for _ in texts]
    key = (lambda one: one) if site.database_url else (lambda one: uuid.UUID(one).hex)
    columns = "id, conversation_id, parent_id, role, parts, model_id, finish_reason, cost_marks, by_hand, created_at"
    row = "(?, ?, ?, 'user', ?, '', '', '[]', true, CURRENT_TIMESTAMP)"
    values: list[str] = []
    for one, above, text in zip(ids, [parent, *ids], texts, strict=False):
        values += [key(one), key(conversation), key(above), json.dumps([{"type": "text", "text": text}])]
    site.execute(f"INSERT INTO conversations_message ({columns}) VALUES {', '.join([row] * len(ids))}", *values)
    site.execute("UPDATE conversations_conversation SET leaf_id = ? WHERE id = ?", key(ids[-1]), key(conversation))
    return ids


def test_what_was_said_is_found_and_opens_at_its_message(tabs: Tabs, site: Site) -> None:
    word = f"quagga{time.time_ns()}"
    url, far_up, other = long_one(site, f"The {word} is far up 量化", f"The other {word} elsewhere 量化")
    page = tabs.person(site).new_page()
    page.add_init_script(MARKS)
    page.goto("/")
    expect(page.locator("[data-ready]")).to_be_attached()
    page.keyboard.press("Control+k")
    field = page.get_by_role("combobox", name="Conversations and commands")
    expect(field).to_be_focused()
    field.fill(f"{word[:-2]}")
    hit = page.get_by_role("option").filter(has_text="far up").filter(has=page.locator(".choice-snippet")).first
    expect(hit.locator(".choice-snippet mark")).to_have_text(word)
    # Above the newest 50, on the shown branch.
    page.goto(f"{url}?at={far_up}#m-{far_up}")
    lands(page, far_up)
    expect(page.locator("[data-message]")).to_have_count(61)
    until(page, THIRD, far_up)
    # On the other branch, by the page, on a phone.
    phone = tabs.person(site, viewport=PHONE).new_page()
    phone.add_init_script(MARKS)
    phone.goto(f"/search/?q={word} elsewhere 量")
    expect(phone.locator("mark").filter(has_text=word).first).to_be_visible()
    assert findings(phone) == []
    phone.locator(f'a[href*="{other}"]').click()
    lands(phone, other)
    expect(phone.locator("[data-message]")).to_have_count(2)
    expect(phone.locator(f"#m-{other} [data-place]")).to_have_text("2 / 2")


def until(page: Page, condition: str, argument: str) -> None:
    """The page's own policy lets nobody wait by evaluating in it."""
    deadline = time.monotonic() + PATIENCE / 1_000
    while not page.evaluate(condition, argument):
        assert time.monotonic() < deadline, condition
        page.wait_for_timeout(50)


MARKS = """new MutationObserver(([change]) => { document.documentElement.dataset.marked ??= change.target.dataset.id; })
  .observe(document, { subtree: true, attributeFilter: ["data-sought"] })"""


def lands(page: Page, message: str) -> None:
    """It is marked for a while, and the address is the conversation's again."""
    shown = page.locator(f"#m-{message}")
    expect(page.locator("html")).to_have_attribute("data-marked", message)  # for a while, which may be over by now
    expect(shown).to_be_in_viewport()
    expect(page.locator("[data-sought]")).to_have_count(0)
    assert "?at=" not in page.url
