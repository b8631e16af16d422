"""The files page and one file's: listed, found, shown, renamed, deleted and had back; without scripts too."""

import io
import re

import pytest
from PIL import Image

from tests.files.making import pdf
from tests.files.sending import stored
from tests.site import Person

HTML = {"Accept": "text/html"}


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    return out.getvalue()


async def names(person: Person, query: str = "") -> list[str]:
    return [file["name"] for file in (await person.get(f"/files/{query}")).json()["files"]]


async def test_files_are_listed_searched_filtered_and_ordered(dora: Person) -> None:
    for name, data in [("Zebra.txt", b"1"), ("ÄPFEL.txt", b"22"), ("teal.png", picture()), ("main.py", b"x = 1")]:
        await stored(dora, name, data)

    assert await names(dora) == ["main.py", "teal.png", "ÄPFEL.txt", "Zebra.txt"]
    assert await names(dora, "?q=äpf") == ["ÄPFEL.txt"]
    assert await names(dora, "?kind=image") == ["teal.png"]
    assert await names(dora, "?sort=size") == ["Zebra.txt", "ÄPFEL.txt", "main.py", "teal.png"]
    assert (await names(dora, "?sort=name"))[:2] == ["main.py", "teal.png"]
    assert len(await names(dora, "?sort=nonsense&kind=nonsense&page=99")) == 4
    page = (await dora.get("/files/?view=grid", **HTML)).text
    assert page.count('class="files-cell"') == 4
    assert "/thumb/256" in page


async def test_what_is_used_of_the_quota_is_told(dora: Person) -> None:
    await stored(dora, "a.txt", b"12345")
    await stored(dora, "b.txt", b"12345")

    listed = (await dora.get("/files/")).json()

    assert (listed["used"], listed["quota"]) == (5, 2048 * 1024**2)


async def test_a_form_without_scripts_adds_several_and_says_what_was_refused(dora: Person) -> None:
    async with dora.http(**HTML) as http:
        sent = [("file", ("a.txt", b"first")), ("file", ("bad.png", b"no picture")), ("file", ("b.txt", b"second"))]
        answer = await http.post("/files/", files=sent)
        page = (await http.get("/files/")).text

    assert (answer.status_code, answer.headers["Location"]) == (303, "/files/")
    assert "2 files added." in page
    assert "bad.png: This has a picture’s name, but it is no picture" in page
    assert await names(dora) == ["b.txt", "a.txt"]


async def test_a_form_without_a_file_says_so(dora: Person) -> None:
    answer = await dora.post("/files/")

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


@pytest.mark.parametrize(
    ("name", "data", "shown"),
    [
        ("teal.png", picture(), '<img src="/files/'),
        ("notes.txt", "<b>für</b> Käfer".encode(), "&lt;b&gt;für&lt;/b&gt; Käfer"),
        ("gbk.txt", "你好，世界".encode("gb18030"), "你好，世界"),
        ("table.csv", b"name;price\napple;3\n", '<td dir="auto">apple</td>'),
        ("song.mp3", b"ID3\x04\0\0\0\0\0\0" + b"\0" * 99, "<audio controls"),
        ("noise.bin", bytes(range(256)), "There is no preview"),
    ],
)
async def test_a_file_is_previewed_as_what_it_is(name: str, data: bytes, shown: str, dora: Person) -> None:
    file = await stored(dora, name, data)

    page = await dora.get(file["url"], **HTML)

    assert shown in page.text
    assert "<b>für" not in page.text


async def test_the_text_of_a_pdf_is_shown_by_its_pages(dora: Person) -> None:
    async with dora.watch("/ws/me/") as socket:
        await socket.receive()
        file = await stored(dora, "two.pdf", pdf(["Once upon a time", "they lived"]))
        while (await dora.get(file["url"])).json()["file"]["text"]["status"] != "completed":
            await socket.until("file.ready", "job.progress")

    page = (await dora.get(file["url"], **HTML)).text
    assert "Once upon a time" in page
    assert re.search("Page 2</h2>.*they lived", page, re.DOTALL)


async def test_a_rename_keeps_what_can_be_kept_of_a_name(dora: Person) -> None:
    file = await stored(dora, "a.txt", b"text")

    renamed = await dora.post(f"{file['url']}rename/", name="../../etc/\u202epass\x00wd.txt")
    empty = await dora.post(f"{file['url']}rename/", name=" ")

    assert renamed.json()["file"]["name"] == "passwd.txt"
    assert (empty.status_code, empty.json()["error"]["code"]) == (400, "invalid")
    assert await names(dora) == ["passwd.txt"]


async def test_a_deleted_file_is_gone_at_once_and_comes_back(dora: Person) -> None:
    file = await stored(dora, "a.txt", b"text")

    async with dora.http(**HTML) as http:
        answer = await http.post(f"{file['url']}delete/")
        page = (await http.get(answer.headers["Location"])).text
    assert answer.status_code == 303
    assert f'action="/files/{file["id"]}/restore/"' in page
    assert [(await dora.get(file[door])).status_code for door in ("url", "content")] == [404, 404]
    assert await names(dora) == []

    assert (await dora.post(f"{file['url']}restore/")).status_code == 200
    assert (await dora.get(file["content"])).text == "text"
    assert (await dora.post(f"{file['url']}restore/")).status_code == 404


async def test_nobody_else_reads_renames_deletes_or_restores_it(dora: Person, charlie: Person) -> None:
    file = await stored(dora, "teal.png", picture())

    read = [await charlie.get(file[door]) for door in ("url", "content", "thumb")]
    changed = [await charlie.post(f"{file['url']}{verb}/", name="mine") for verb in ("rename", "delete", "restore")]

    assert [answer.status_code for answer in (*read, *changed)] == [404] * 6
    assert file["name"] not in (await charlie.get("/files/", **HTML)).text
    assert (await dora.get(file["url"])).json()["file"]["name"] == "teal.png"


async def test_a_page_that_cannot_be_is_the_first_one(dora: Person) -> None:
    for query in ("page=0", "page=-1", "page=x", "q=%00a%ff&kind=%00&sort=--x"):
        assert (await dora.get(f"/files/?{query}")).json()["page"] == 1
