"""Uploads that want to do harm, and a disk that is full: a sentence, nothing half stored, and the process lives."""

import asyncio
import resource
import secrets
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.files import drawing
from tests.files.sending import PART, begin, begun, finish, put, send, stored
from tests.site import Person, Site
from tests.site.person import CSRF


def on_disk(site: Site) -> set[Path]:
    return {path for path in (site.data_dir / "files").rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("setup.png", b"#!/bin/sh\nrm -rf ~\n", "script_not_picture"),
        ("page.jpg", b"<html><script>alert(1)</script>", "script_not_picture"),
        ("program.gif", b"MZ\x90\0" + b"\0" * 400, "script_not_picture"),
        ("drawing.webp", b"<svg onload=alert(1)>", "script_not_picture"),
        ("words.png", b"only words", "not_a_picture"),
        ("paper.png", b"%PDF-1.7", "not_a_picture"),
        ("bomb.png", drawing.png(30_000, 30_000, rows=b"\0" * 90_000), "too_many_pixels"),
        ("bomb.txt", drawing.png(30_000, 30_000, rows=b"\0" * 90_000), "too_many_pixels"),
        ("canvas.webp", drawing.webp_canvas(16_000, 16_000), "too_many_pixels"),
        ("rounds.jpg", drawing.many_scans(1_000), "picture_broken"),
        ("half.jpg", drawing.noisy("JPEG")[:9_000], "picture_broken"),
        ("half.png", drawing.noisy("PNG")[:9_000], "picture_broken"),
        ("polyglot.gif", b"GIF89a/*" + b" " * 40 + b"*/=1;alert(1)", "picture_broken"),
        ("polyglot.html", b"\xff\xd8\xff<script>alert(1)</script>", "picture_broken"),
    ],
)
async def test_what_pretends_or_is_damaged_leaves_nothing_behind(
    name: str, data: bytes, code: str, dora: Person, site: Site
) -> None:
    before = on_disk(site)

    answer = await send(dora, name, data)

    assert answer.json()["error"]["code"] == code
    assert len(answer.json()["error"]["message"]) > 20
    assert on_disk(site) <= before
    assert (await dora.get("/files/")).json()["total"] == 0
    assert (await dora.get("/files/uploads/")).json() == {"uploads": []}


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("a\x00\x1b[2J\u202egnp.exe", "a[2Jgnp.exe"),
        ("ملخص.txt", "ملخص.txt"),
        ("x" * 4096 + ".txt", "x" * 193 + "….txt"),
        ("\u202e\u2066", "unnamed"),
    ],
)
async def test_a_name_that_deceives_is_cleaned(name: str, kept: str, dora: Person) -> None:
    file = await stored(dora, name, b"text")

    assert file["name"] == kept
    assert (await dora.get(file["content"])).text == "text"
    assert (await dora.get(file["url"], Accept="text/html")).status_code == 200


async def test_finished_twice_at_once_it_is_one_file(dora: Person) -> None:
    data = secrets.token_bytes(3 * 1024 * 1024)
    upload = await begun(dora, "noise", len(data))
    await put(dora, upload, 0, data)

    answers = await asyncio.gather(*(finish(dora, upload) for _ in range(4)))

    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert [answer.status_code for answer in answers].count(201) == 1
    assert (await dora.get("/files/")).json()["total"] == 1


async def test_the_same_bytes_at_once_are_stored_once(dora: Person, site: Site) -> None:
    before, data = on_disk(site), secrets.token_bytes(100_000)

    files = await asyncio.gather(*(stored(dora, f"{number}.bin", data) for number in range(4)))

    assert len({file["id"] for file in files}) == 4
    assert len(on_disk(site) - before) == 1


async def test_a_part_that_is_cut_short_does_not_count(dora: Person, site: Site) -> None:
    upload = await begun(dora, "a.bin", 1_000_000)
    address = urlsplit(site.url)
    head = (
        f"PUT /files/uploads/{upload}/parts/0/ HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 1000000\r\n"
        f"Cookie: csrftoken={CSRF}; sessionid={dora.session}\r\nX-CSRFToken: {CSRF}\r\n\r\n"
    )

    with socket.create_connection((address.hostname, address.port)) as connection:
        connection.sendall(head.encode() + b"x" * 400_000)

    assert (await dora.get(f"/files/uploads/{upload}/")).json()["upload"]["received"] == []
    assert (await finish(dora, upload)).json()["error"]["code"] == "upload_incomplete"


async def test_a_full_disk_keeps_the_parts_and_nothing_of_the_file(dora: Person, site: Site) -> None:
    """The kernel lets the process write no file over 9 MiB: a part fits, the file that they make does not."""
    data = secrets.token_bytes(PART + 2 * 1024 * 1024)
    upload = await begun(dora, "noise", len(data))
    for number in range(2):
        await put(dora, upload, number, data[number * PART : (number + 1) * PART])
    before = on_disk(site)
    assert site.process is not None
    usual = resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, (9 * 1024 * 1024, resource.RLIM_INFINITY))
    try:
        refused = await finish(dora, upload)
    finally:
        resource.prlimit(site.process.pid, resource.RLIMIT_FSIZE, usual)

    assert (refused.status_code, refused.json()["error"]["code"]) == (507, "disk_full")
    assert on_disk(site) == before
    assert (await dora.get("/files/")).json()["total"] == 0
    assert (await finish(dora, upload)).json()["file"]["size"] == len(data)


async def test_what_is_promised_counts_against_the_quota(dora: Person) -> None:
    quota = (await dora.get("/files/")).json()["quota"]
    most = 256 * 1024**2
    answers = [await begin(dora, f"{number}.bin", most) for number in range(quota // most + 1)]

    assert [answer.status_code for answer in answers] == [201] * (quota // most) + [413]
    error = answers[-1].json()["error"]
    assert (error["code"], error["data"]) == ("quota_exceeded", {"needed": most, "left": 0})
    first = answers[0].json()["upload"]["id"]
    await dora.post(f"/files/uploads/{first}/cancel/")
    assert (await begin(dora, "again.bin", most)).status_code == 201
