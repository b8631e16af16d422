"""Conversations that nobody uses are deleted after the days that their owner, or the site, has set."""

import uuid

import pytest

from tests.site import Person, Site

EXPIRE = ("shell", "-c", "from conversations import actions; actions.expire()")


@pytest.fixture(scope="module")
def newcomer(site: Site) -> Person:
    return site.newcomer(f"keeper{uuid.uuid4().hex[:8]}")


@pytest.fixture
def keeper(newcomer: Person, upstream) -> Person:
    return newcomer


def age(site: Site, conversation: str, days: int) -> None:
    found = site.query("SELECT id FROM conversations_conversation WHERE id = ? OR id = ?", *ids(conversation, site))
    then = f"datetime('now', '-{days} days')" if not site.database_url else f"now() - interval '{days} days'"
    site.execute(f"UPDATE conversations_conversation SET updated_at = {then} WHERE id = ?", found[0][0])


def ids(conversation: str, site: Site) -> tuple[str, str]:
    """As PostgreSQL and as SQLite write it."""
    return (conversation, conversation) if site.database_url else (conversation, uuid.UUID(conversation).hex)


async def keep_for(person: Person, days: str):
    async with person.http(Accept="text/html") as http:
        return await http.post("/settings/history/", data={"retention_days": days})


async def test_what_its_owner_has_not_used_for_so_long_goes(site, keeper, alice):
    old, new, hers = await keeper.begin("old"), await keeper.begin("new"), await alice.begin("as old, but hers")
    for person, begun in ((keeper, old), (keeper, new), (alice, hers)):
        await person.answer(begun["id"])
    assert (await keep_for(keeper, "30")).status_code == 303
    for begun, days in ((old, 31), (new, 29), (hers, 400)):
        age(site, begun["id"], days)
    site.manage(*EXPIRE)
    codes = [(await keeper.get(f"/c/{begun['id']}/")).status_code for begun in (old, new)]
    assert codes == [404, 200]
    assert (await alice.get(f"/c/{hers['id']}/")).status_code == 200
    async with keeper.watch("/ws/me/") as me:
        assert [one["id"] for one in (await me.receive())["conversations"]] == [new["id"]]

    assert (await keeper.post(f"/c/{old['id']}/restore/")).status_code == 200
    site.manage(*EXPIRE)
    assert (await keeper.get(f"/c/{old['id']}/")).status_code == 200, "brought back counts as used"


async def test_what_the_site_has_set_holds_for_everybody(site, keeper, monkeypatch):
    begun = await keeper.begin("old")
    await keeper.answer(begun["id"])
    assert (await keep_for(keeper, "500")).status_code == 303
    age(site, begun["id"], 400)
    monkeypatch.setitem(site.environment, "RETENTION_DAYS", "399")
    site.manage(*EXPIRE)
    assert (await keeper.get(f"/c/{begun['id']}/")).status_code == 404


async def test_nothing_set_keeps_everything(site, keeper):
    begun = await keeper.begin("old")
    await keeper.answer(begun["id"])
    assert (await keep_for(keeper, "2")).status_code == 303
    assert 'value="2"' in (await keeper.get("/settings/", Accept="text/html")).text
    assert (await keep_for(keeper, "")).status_code == 303
    age(site, begun["id"], 9_000)
    site.manage(*EXPIRE)
    assert (await keeper.get(f"/c/{begun['id']}/")).status_code == 200


@pytest.mark.parametrize("days", ["0", "-1", "1.5", "many", "999999999999"])
async def test_a_number_that_makes_no_sense_is_refused_with_a_sentence(keeper, days):
    response = await keep_for(keeper, days)
    assert response.status_code == 400
    assert 'id="id_retention_days_error"' in response.text


async def test_a_program_is_told_what_holds_and_what_is_wrong(keeper):
    assert (await keeper.post("/settings/history/", retention_days=7)).json() == {"retention_days": 7}
    assert (await keeper.post("/settings/history/", retention_days=None)).json() == {"retention_days": None}
    refused = await keeper.post("/settings/history/", retention_days=0)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")
    assert "At least one day" in refused.json()["error"]["message"]


async def test_whoever_is_not_signed_in_is_refused(site):
    assert (await site.stranger().post("/settings/history/", retention_days=7)).status_code == 401
