"""The gallery from outside: helpings, searches, favourites, deleting with a way back, archives; and nobody else's."""

import io
import uuid
import zipfile
from typing import Any

import httpx
import pytest

from tests.images.making import found, make
from tests.site import Person, Site

NOBODY = str(uuid.uuid4())


async def copied(site: Site, picture: str, count: int) -> None:
    """The same picture many times, each a moment older: to draw them all would take long."""
    columns = 'job_id, owner_id, file_id, revised_prompt, favourite, created_at, deleted_at, "index"'
    row = site.query(f"SELECT {columns} FROM images_picture WHERE id = ?", _key(site, picture))[0]
    for at in range(count):
        marks = ", ".join("?" * 9)
        values = (_key(site, str(uuid.uuid4())), *row[:-1], 100 + at)
        site.execute(f"INSERT INTO images_picture (id, {columns}) VALUES ({marks})", *values)


def _key(site: Site, text: str) -> Any:
    """A UUID as the database has it."""
    return uuid.UUID(text) if site.database_url else uuid.UUID(text).hex


async def test_pictures_come_newest_first_and_a_search_finds_all_its_words(alice: Person) -> None:
    await make(alice, "A lighthouse made of folded paper, drawn")
    await make(alice, "A quiet harbour at first light, drawn")
    await make(alice, "黄昏的群山，四色版画 drawn")
    assert await found(alice, "?q=drawn") == [
        "黄昏的群山，四色版画 drawn",
        "A quiet harbour at first light, drawn",
        "A lighthouse made of folded paper, drawn",
    ]
    assert await found(alice, "?q=LIGHT+drawn") == [
        "A quiet harbour at first light, drawn",
        "A lighthouse made of folded paper, drawn",
    ]
    assert await found(alice, "?q=paper+light") == ["A lighthouse made of folded paper, drawn"]
    assert await found(alice, "?q=群山") == ["黄昏的群山，四色版画 drawn"]
    assert await found(alice, "?q=100%25_") == [], "signs of the database's own are signs"
    assert await found(alice, "?q=drawn&favourites=1") == []


async def test_helpings_follow_each_other_without_a_hole_also_among_pictures_of_the_same_moment(
    site: Site, alice: Person
) -> None:
    (first,) = await make(alice, "A mill on a hill")
    await copied(site, first["id"], 70)
    seen: list[str] = []
    before, more = "", True
    while more:
        answer = (await alice.get(f"/images/pictures/?q=mill+on+a+hill{before}")).json()
        seen += [one["id"] for one in answer["pictures"]]
        more = answer["has_older"]
        before = f"&before={seen[-1]}"
    assert len(seen) == len(set(seen)) == 71
    page = await alice.get(f"/images/?q=mill+on+a+hill&before={seen[47]}", Accept="text/html")
    assert page.text.count('class="cell"') == 23, "without scripts they are pages"
    archive = await alice.post("/images/pictures/zip/", pictures=seen)
    with zipfile.ZipFile(io.BytesIO(archive.content)) as opened:
        assert len(opened.namelist()) == 71 and opened.testzip() is None


async def test_favourites_are_kept_and_told(alice: Person) -> None:
    one, other = await make(alice, "Two boats", 2)
    async with alice.watch("/ws/me/") as socket:
        await socket.receive()
        await alice.post("/images/pictures/favour/", pictures=[one["id"]], favourite=True)
        assert (await socket.until("picture.updated"))["picture"]["favourite"] is True
    starred = (await alice.get("/images/pictures/?favourites=1&q=two+boats")).json()["pictures"]
    assert [picture["id"] for picture in starred] == [one["id"]]
    await alice.post(f"/images/{one['id']}/favour/", favourite=False)
    await alice.post(f"/images/{other['id']}/favour/", favourite=True)
    starred = (await alice.get("/images/pictures/?favourites=1&q=two+boats")).json()["pictures"]
    assert [picture["id"] for picture in starred] == [other["id"]]


async def test_what_is_deleted_comes_back_by_its_moment_and_only_that(alice: Person) -> None:
    one, two, three = await make(alice, "Three boats", 3)
    first = (await alice.post("/images/pictures/delete/", pictures=[one["id"]])).json()
    second = (await alice.post("/images/pictures/delete/", pictures=[two["id"], three["id"]])).json()
    assert await found(alice, "?q=three+boats") == []
    assert (await alice.get(f"/images/{one['id']}/")).status_code == 404
    back = await alice.post("/images/pictures/restore/", moment=second["moment"])
    assert {picture["id"] for picture in back.json()["pictures"]} == {two["id"], three["id"]}
    assert len(await found(alice, "?q=three+boats")) == 2
    assert (await alice.post("/images/pictures/restore/", moment=second["moment"])).status_code == 404
    assert (await alice.post("/images/pictures/restore/", moment=first["moment"])).status_code == 200
    assert len(await found(alice, "?q=three+boats")) == 3


async def test_a_picture_tells_everything_that_is_known_of_it(alice: Person) -> None:
    (picture,) = await make(alice, "A bridge", size="1536x1024", quality="low")
    told = (await alice.get(picture["url"])).json()
    assert told["picture"]["width"], told["picture"]["height"] == (1536, 1024)
    assert told["job"]["prompt"] == "A bridge" and told["job"]["request_id"]
    page = (await alice.get(picture["url"], Accept="text/html")).text
    for words in ("A bridge", "sandbox-image", "1536 × 1024", "Request id", told["job"]["request_id"]):
        assert words in page
    again = await alice.get(f"/images/?again={picture['job']}", Accept="text/html")
    assert ">A bridge</textarea>" in again.text
    assert 'value="1536x1024" checked' in again.text


async def test_a_refused_form_comes_back_with_its_reason_and_its_words(alice: Person) -> None:
    given = {
        "prompt": "A <b>mill</b>",
        "model": "sandbox sandbox-image",
        "size": "custom",
        "width": "1001",
        "height": "7",
    }
    async with alice.http(Accept="text/html") as http:
        answer = await http.post("/images/", data={"client_id": str(uuid.uuid4()), **given})
        assert answer.status_code == 400
        assert "A &lt;b&gt;mill&lt;/b&gt;</textarea>" in answer.text and 'value="1001"' in answer.text
        assert await found(alice, "?q=<b>mill</b>") == []
        none = await http.post("/images/edit/", data={"client_id": str(uuid.uuid4()), "prompt": "A boat"})
    assert none.status_code == 400 and "Choose the picture that is to be changed." in none.text


async def test_what_the_chosen_model_has_not_is_not_offered(alice: Person) -> None:
    new = (await alice.get("/images/?model=sandbox%20sandbox-image", Accept="text/html")).text
    old = (await alice.get("/images/?model=sandbox%20sandbox-image-classic&prompt=Kept", Accept="text/html")).text
    assert 'name="background"' in new and 'name="style"' not in new and 'value="custom"' in new
    assert 'name="background"' not in old and 'name="style"' in old and 'value="custom"' not in old
    assert ">Kept</textarea>" in old
    vary = (await alice.get("/images/vary/", Accept="text/html")).text
    assert "sandbox-image-classic" in vary and ">sandbox-image<" not in vary


async def test_others_see_nothing_of_it(alice: Person, charlie: Person) -> None:
    (picture,) = await make(alice, "Mine alone")
    for path in (picture["url"], f"/images/jobs/{picture['job']}/card/", f"/images/?again={picture['job']}"):
        assert (await charlie.get(path, Accept="text/html")).status_code == 404, path
    assert (await charlie.get(f"/images/edit/?file={picture['file']}", Accept="text/html")).status_code == 404
    for path, fields in (
        ("/images/pictures/favour/", {"pictures": [picture["id"]]}),
        (f"/images/{picture['id']}/favour/", {}),
        ("/images/pictures/delete/", {"pictures": [picture["id"]]}),
        ("/images/pictures/zip/", {"pictures": [picture["id"]]}),
        (f"/images/jobs/{picture['job']}/forget/", {}),
    ):
        assert (await charlie.post(path, **fields)).status_code == 404, path
    gone = (await alice.post("/images/pictures/delete/", pictures=[picture["id"]])).json()
    assert (await charlie.post("/images/pictures/restore/", moment=gone["moment"])).status_code == 404
    assert (await charlie.get(f"/images/pictures/?before={picture['id']}")).json()["pictures"] == []


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/images/pictures/delete/", {}, 400),
        ("/images/pictures/delete/", {"pictures": "all"}, 400),
        ("/images/pictures/delete/", {"pictures": [NOBODY]}, 404),
        ("/images/pictures/favour/", {"pictures": ["no id"]}, 404),
        ("/images/pictures/restore/", {"moment": "yesterday"}, 404),
        ("/images/pictures/restore/", {"moment": "2026-11-21T10:00:00"}, 404),
        ("/images/pictures/zip/", {"pictures": [NOBODY]}, 404),
    ],
)
async def test_what_makes_no_sense_is_refused(alice: Person, path: str, fields: dict[str, Any], status: int) -> None:
    assert (await alice.post(path, **fields)).status_code == status


async def test_an_address_that_makes_no_sense_is_not_there(alice: Person) -> None:
    for path in ("/images/pictures/?before=x", "/images/?again=x", f"/images/?again={NOBODY}", f"/images/{NOBODY}/"):
        assert (await alice.get(path, Accept="text/html")).status_code == 404, path
    assert (await alice.get("/images/?undo=x&q=%00", Accept="text/html")).status_code == 200


async def test_strangers_are_sent_to_sign_in(site: Site, alice: Person) -> None:
    async with site.stranger().http(Accept="text/html") as http:
        for path in ("/images/", "/images/edit/", f"/images/{NOBODY}/"):
            assert (await http.get(path)).status_code == httpx.codes.FOUND, path
