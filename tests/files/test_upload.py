"""An upload in parts: begun, sent, finished; broken off and gone on with; by its owner alone."""

import asyncio
import secrets
import uuid

import pytest

from tests.files.sending import PART, begin, begun, finish, put, send, stored
from tests.site import Person, Site


def parts_on_disk(site: Site) -> int:
    return sum(path.is_file() for path in (site.data_dir / "files" / "parts").rglob("*"))


async def test_bytes_in_several_parts_become_a_file(alice: Person, site: Site) -> None:
    data = b"first line\n" + secrets.token_hex(PART // 2 + 10).encode()
    before = parts_on_disk(site)

    file = await stored(alice, "long.txt", data)

    assert (file["name"], file["kind"], file["size"]) == ("long.txt", "text", len(data))
    assert (await alice.get(file["content"])).content == data
    assert parts_on_disk(site) == before


async def test_what_was_broken_off_goes_on_with_the_parts_that_are_missing(alice: Person) -> None:
    data = secrets.token_bytes(PART + 5)
    client_id = str(uuid.uuid4())
    first = (await begin(alice, "noise", len(data), client_id=client_id)).json()["upload"]
    await put(alice, first["id"], 1, data[PART:])

    again = await begin(alice, "noise", len(data), client_id=client_id)
    assert (again.status_code, again.json()["upload"]["received"]) == (200, [1])
    listed = (await alice.get("/files/uploads/")).json()["uploads"]
    assert first["id"] in [upload["id"] for upload in listed]
    too_early = await finish(alice, first["id"])
    assert (too_early.status_code, too_early.json()["error"]["data"]) == (409, {"missing": [0]})
    part = await put(alice, first["id"], 0, data[:PART])
    assert part.status_code == 200, part.text

    whole = await finish(alice, first["id"])
    assert whole.status_code == 201, whole.text
    assert whole.json()["file"]["size"] == len(data)


async def test_finished_twice_it_is_one_file(alice: Person) -> None:
    upload = await begun(alice, "a.txt", 3)
    await put(alice, upload, 0, b"abc")

    first, second = await finish(alice, upload), await finish(alice, upload)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    late = await put(alice, upload, 0, b"abd")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "upload_finished")


async def test_nobody_else_finds_finishes_or_cancels_it(alice: Person, charlie: Person) -> None:
    upload = await begun(alice, "a.txt", 3)
    await put(alice, upload, 0, b"abc")

    answers = [
        await charlie.get(f"/files/uploads/{upload}/"),
        await put(charlie, upload, 0, b"xyz"),
        await finish(charlie, upload),
        await charlie.post(f"/files/uploads/{upload}/cancel/"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert (await charlie.get("/files/uploads/")).json() == {"uploads": []}
    file = (await finish(alice, upload)).json()["file"]
    assert (await alice.get(file["content"])).text == "abc"
    assert [(await charlie.get(file[door])).status_code for door in ("content",)] == [404]


async def test_cancelled_nothing_of_it_is_left(alice: Person, site: Site) -> None:
    upload = await begun(alice, "a.txt", 3)
    await put(alice, upload, 0, b"abc")
    before = parts_on_disk(site)

    assert (await alice.post(f"/files/uploads/{upload}/cancel/")).status_code == 200

    assert parts_on_disk(site) == before - 1
    assert (await finish(alice, upload)).status_code == 404


@pytest.mark.parametrize(
    ("number", "data", "expected"), [(0, b"ab", 3), (0, b"abcd", 3), (1, b"abc", 0), (999_999, b"", 0)]
)
async def test_a_part_of_another_size_is_refused(number: int, data: bytes, expected: int, alice: Person) -> None:
    upload = await begun(alice, "a.txt", 3)

    answer = await put(alice, upload, number, data)

    assert answer.status_code == 400
    assert answer.json()["error"]["data"] == {"number": number, "expected": expected}
    assert (await alice.get(f"/files/uploads/{upload}/")).json()["upload"]["received"] == []


async def test_a_part_without_a_length_is_counted(alice: Person) -> None:
    upload = await begun(alice, "a.txt", 3)

    async def pieces():
        yield b"ab"
        yield b"cd"

    answer = await put(alice, upload, 0, pieces())  # type: ignore[arg-type]

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "part_wrong")


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [(0, 400, "file_empty"), (2 * 1024**3, 413, "file_too_large"), (-1, 400, "invalid"), ("3", 400, "invalid")],
)
async def test_what_would_not_be_taken_is_refused_before_any_of_it_comes(
    size: object, status: int, code: str, alice: Person
) -> None:
    answer = await begin(alice, "movie.bin", size)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_script_with_a_pictures_name_is_refused_with_its_first_part(alice: Person, site: Site) -> None:
    before = parts_on_disk(site)

    answer = await send(alice, "setup.png", b"#!/bin/sh\nrm -rf ~\n")

    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "script_not_picture")
    assert parts_on_disk(site) == before


async def test_who_is_not_signed_in_uploads_nothing(site: Site) -> None:
    assert (await begin(site.stranger(), "a.txt", 3)).status_code == 401


async def test_without_the_token_nothing_is_put(alice: Person) -> None:
    upload = await begun(alice, "a.txt", 3)

    async with alice.http() as http:
        answer = await http.put(f"/files/uploads/{upload}/parts/0/", content=b"abc", headers={"X-CSRFToken": "wrong"})

    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "csrf_failed")


async def test_a_part_that_comes_again_during_the_finish_takes_nothing_away(alice: Person) -> None:
    for _ in range(3):
        upload = await begun(alice, "twice.txt", 5)
        await put(alice, upload, 0, b"hello")
        await asyncio.gather(finish(alice, upload), put(alice, upload, 0, b"hello"), finish(alice, upload))

        whole = await finish(alice, upload)
        assert whole.status_code in (200, 201), whole.text
        assert (await alice.get(whole.json()["file"]["content"])).content == b"hello"
