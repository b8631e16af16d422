"""Deleting one's own account: everything of a person goes, a report says what, and nobody else loses anything."""

import asyncio
import uuid

import pytest

from tests.site import Person, Site
from tests.site.databases import PASSWORD

SECRET = "a purple walrus in Reykjavik"


@pytest.fixture(scope="module")
def leavers(site: Site) -> list[Person]:
    return site.newcomers(f"leaver{uuid.uuid4().hex[:8]}x", 5)


@pytest.fixture
def leaver(leavers: list[Person], upstream) -> Person:
    """Somebody with an account of their own to lose."""
    return leavers.pop()


def everything(site: Site) -> str:
    """Every row of every table."""
    names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    if not site.database_url:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    tables = [name for (name,) in site.query(names)]
    return "\n".join(str(row) for table in tables for row in site.query(f'SELECT * FROM "{table}"'))


def bytes_with(site: Site, words: str) -> list[str]:
    """Files of the site, other than its database, that hold these words."""
    found = (path for path in site.data_dir.rglob("*") if path.is_file() and "sqlite3" not in path.name)
    return [str(path) for path in found if words.encode() in path.read_bytes()]


async def leave(person: Person, password: str = PASSWORD):
    return await person.post("/settings/leave/", password=password)


def found(report: list[dict], word: str) -> int:
    return next(line["count"] for line in report if word in line["what"])


async def test_nothing_of_a_person_is_left_and_the_report_says_what_went(site, leaver, alice):
    hers = await alice.begin("what stays")
    for number in range(2):
        begun = await leaver.begin(f"{SECRET} {number}")
        await leaver.answer(begun["id"])
    async with leaver.http() as http:
        kept = await http.post("/files/", files={"file": ("walrus.txt", SECRET.encode(), "text/plain")})
    assert kept.status_code == 201, kept.text
    assert SECRET in everything(site) and leaver.name in everything(site) and bytes_with(site, SECRET)

    response = await leave(leaver)
    assert response.status_code == 200, response.text
    report = response.json()["report"]
    assert (found(report, "Conversations"), found(report, "Messages"), found(report, "Records")) == (2, 4, 2)
    assert found(report, "Files") == 1
    assert [line["count"] for line in report if line["kept"]] == [2]  # a charge for each answer

    left = everything(site)
    assert SECRET not in left and leaver.name not in left and not bytes_with(site, SECRET)
    assert (await leaver.get("/settings/")).status_code in {302, 401}
    assert (await alice.get(f"/c/{hers['id']}/")).status_code == 200
    assert site.manage("verify_ledger")


async def test_an_answer_that_is_being_written_ends_and_is_paid(site, leaver):
    begun = await leaver.begin(SECRET, model_id="any-t400-r20")
    async with leaver.watch(f"/ws/c/{begun['id']}/") as socket:
        await socket.until("message.delta")
        while site.query("SELECT seq FROM conversations_run WHERE seq > 0 AND model_id = ?", "any-t400-r20") == []:
            await asyncio.sleep(0.1)  # what is paid is what is stored
        assert (await leave(leaver)).status_code == 200
        assert await socket.close_code() == 4401
    assert site.query("SELECT count(*) FROM billing_hold WHERE source_id = ?", begun["run"]["id"]) == [(1,)]
    assert site.query("SELECT status FROM billing_hold WHERE source_id = ?", begun["run"]["id"]) == [("settled",)]
    assert SECRET not in everything(site)


async def test_a_form_gets_the_report_as_a_page_that_is_not_kept(leaver):
    page = await leaver.get("/settings/leave/", Accept="text/html")
    assert "for good" in page.text
    async with leaver.http(Accept="text/html") as http:
        response = await http.post("/settings/leave/", data={"password": PASSWORD})
    assert response.status_code == 200
    assert "The account is deleted" in response.text and "Conversations" in response.text
    assert "no-store" in response.headers["Cache-Control"]


async def test_a_wrong_password_removes_nothing(site, leaver):
    begun = await leaver.begin("still here")
    response = await leave(leaver, "a guess")
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")
    assert (await leaver.get(f"/c/{begun['id']}/")).status_code == 200


async def test_guessing_has_to_wait(leaver):
    codes = [(await leave(leaver, "a guess")).status_code for _ in range(11)]
    assert codes == [400] * 10 + [429]


async def test_whoever_is_not_signed_in_is_refused(site):
    assert (await leave(site.stranger())).status_code in {401, 403}
