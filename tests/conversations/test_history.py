"""GET /history/: every conversation can be reached, 50 at a time, as JSON for scripts and as pages without them."""

import re
import uuid

import httpx
import pytest

from tests.site import Person, Site
from tests.site.person import PATIENCE


def make(bob: Person, count: int) -> list[str]:
    """New conversations, the latest first."""
    headers = {"X-CSRFToken": bob.cookies["csrftoken"], "Accept": "application/json"}
    with httpx.Client(base_url=bob.site.url, cookies=bob.cookies, headers=headers, timeout=PATIENCE) as http:
        made = [http.post("/c/", json={}).json()["id"] for _ in range(count)]
    return made[::-1]


@pytest.fixture(scope="module")
def many(site: Site) -> list[str]:
    """Bob's 120 conversations, the latest first."""
    return make(site.person("bob"), 120)


@pytest.fixture
def bob(site: Site) -> Person:
    return site.person("bob")


async def test_page_after_page_every_conversation_comes_once_in_order(bob: Person, many: list[str]) -> None:
    seen: list[str] = []
    before = ""
    has_older = True
    while has_older:
        found = (await bob.get(f"/history/{before}")).json()
        seen += [one["id"] for one in found["conversations"]]
        before, has_older = f"?before={seen[-1]}", found["has_older"]
        assert len(found["conversations"]) == 50 or not has_older
    assert [one for one in seen if one in many] == many
    assert len(seen) == len(set(seen))


async def test_a_row_is_what_me_snapshot_says_of_it(bob: Person, many: list[str]) -> None:
    async with bob.watch("/ws/me/") as me:
        rows = (await me.receive())["conversations"]
    assert (await bob.get("/history/")).json()["conversations"] == rows


async def test_a_conversation_that_was_deleted_meanwhile_still_marks_the_place(bob: Person, many: list[str]) -> None:
    before = (await bob.get(f"/history/?before={many[60]}")).json()
    await bob.post(f"/c/{many[60]}/delete/")
    assert (await bob.get(f"/history/?before={many[60]}")).json() == before
    await bob.post(f"/c/{many[60]}/restore/")


async def test_conversations_of_the_same_moment_come_once(bob: Person, site: Site) -> None:
    above, *same = make(bob, 71)
    keys = [one if site.database_url else uuid.UUID(one).hex for one in same]
    site.execute(
        f"UPDATE conversations_conversation SET updated_at = "
        f"(SELECT updated_at FROM conversations_conversation WHERE id = ?) WHERE id IN ({', '.join('?' * 70)})",
        keys[0],
        *keys,
    )
    first = (await bob.get(f"/history/?before={above}")).json()["conversations"]
    rest = (await bob.get(f"/history/?before={first[-1]['id']}")).json()["conversations"]
    found = [one["id"] for one in first + rest][:70]
    assert len(set(found)) == 70
    assert set(found) == set(same)


async def test_without_scripts_a_link_leads_to_the_older_ones(bob: Person, many: list[str]) -> None:
    start = (await bob.get("/", Accept="text/html")).text
    link = re.search(r'href="(/history/\?before=[^"]+)"', start)
    assert link is not None
    shown = set()
    while link is not None:
        page = (await bob.get(link[1], Accept="text/html")).text
        main = page.split("<main", 1)[1]
        shown |= set(re.findall(r'href="/c/([^/"]+)/"', main))
        link = re.search(r'href="(/history/\?before=[^"]+)"', main)
    assert set(many[70:]) <= shown


async def test_somebody_elses_conversation_is_no_place(charlie: Person, many: list[str]) -> None:
    response = await charlie.get(f"/history/?before={many[0]}")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    found = (await charlie.get("/history/")).json()
    assert not {one["id"] for one in found["conversations"]} & set(many)


@pytest.mark.parametrize("before", ["x", "7f3b1f0e-0000-4000-8000-000000000000", "%00", "1" * 5000])
async def test_a_place_that_is_none(bob: Person, before: str) -> None:
    assert (await bob.get(f"/history/?before={before}")).status_code == 404


async def test_who_is_not_signed_in_has_no_history(site: Site) -> None:
    assert (await site.stranger().get("/history/")).status_code == 401
