"""The doors to stored bytes: types, ranges, caches, and what keeps a browser from running any of it."""

import io

import pytest
from PIL import Image

from files import ranges
from tests.files.drawing import drawn, turned
from tests.files.sending import stored
from tests.site import Person

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("name", "data", "kind", "inline"),
    [
        ("teal.png", drawn("RGB", "PNG"), "image/png", True),
        ("wrong-ending.txt", drawn("RGB", "JPEG"), "image/jpeg", True),
        ("polyglot.gif", drawn("P", "GIF", comment=b"*/=1;alert(1)//"), "image/gif", True),
        ("page.html", b"<script>alert(1)</script>", "text/plain; charset=utf-8", True),
        ("page.txt", b"<!doctype html><script>alert(1)</script>", "text/plain; charset=utf-8", True),
        ("drawing.svg", SVG, "text/plain; charset=utf-8", True),
        ("gbk.txt", "你好，世界".encode("gb18030"), "text/plain; charset=gb18030", True),
        ("script.js", b"alert(1)", "text/plain; charset=utf-8", True),
        ("song.wav", b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav", True),
        ("paper.pdf", b"%PDF-1.7\n<script>alert(1)</script>", "application/pdf", False),
        ("archive.zip", b"PK\x03\x04" + b"\0" * 40, "application/zip", False),
        ("program", b"\x7fELF" + bytes(range(200)), "application/octet-stream", False),
    ],
)
async def test_a_type_is_by_content_and_only_what_is_safe_is_shown(
    name: str, data: bytes, kind: str, inline: bool, alice: Person
) -> None:
    file = await stored(alice, name, data)

    answer = await alice.get(file["content"])
    download = await alice.get(f"{file['content']}?download")

    assert answer.content == data
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Content-Disposition"].startswith("inline" if inline else "attachment")
    assert download.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "Cookie" in answer.headers["Vary"]


async def test_a_name_in_any_script_is_told_to_the_browser(alice: Person) -> None:
    file = await stored(alice, '季"度\r\nSet-Cookie: a=b.txt', b"text")

    answer = await alice.get(file["content"])

    assert "filename*=utf-8''%E5%AD%A3%22%E5%BA%A6" in answer.headers["Content-Disposition"]
    assert "Set-Cookie" not in answer.headers


async def test_ranges_tags_and_heads(alice: Person) -> None:
    file = await stored(alice, "digits.txt", b"0123456789")
    whole = await alice.get(file["content"])
    tag = whole.headers["ETag"]

    part = await alice.get(file["content"], Range="bytes=2-4")
    assert (part.status_code, part.text, part.headers["Content-Range"]) == (206, "234", "bytes 2-4/10")
    assert (await alice.get(file["content"], Range="bytes=-3")).text == "789"
    assert (await alice.get(file["content"], Range="bytes=7-", **{"If-Range": tag})).text == "789"
    assert (await alice.get(file["content"], Range="bytes=7-", **{"If-Range": '"other"'})).text == "0123456789"
    beyond = await alice.get(file["content"], Range="bytes=10-")
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, "bytes */10")
    assert (await alice.get(file["content"], **{"If-None-Match": tag})).status_code == 304
    async with alice.http() as http:
        head = await http.head(file["content"])
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, "10", b"")


async def test_a_thumbnail_is_drawn_anew_and_kept_by_the_browser(alice: Person) -> None:
    file = await stored(alice, "turned.jpg", turned())

    answer = await alice.get(file["thumb"].replace("/256", "/96"))

    assert (file["width"], file["height"]) == (200, 300)
    assert Image.open(io.BytesIO(answer.content)).size == (96, 96)
    assert answer.headers["Content-Type"] == "image/webp"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]
    assert b"SECRET" not in answer.content
    again = await alice.get(file["thumb"].replace("/256", "/96"), **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert (await alice.get(file["thumb"].replace("/256", "/97"))).status_code == 404


async def test_what_is_no_picture_has_no_thumbnail(alice: Person) -> None:
    file = await stored(alice, "notes.txt", b"text")

    assert (await alice.get(f"{file['url']}thumb/96")).status_code == 404


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", None),
        ("bytes=0-0", (0, 1)),
        ("bytes=3-", (3, 7)),
        ("bytes=3-99", (3, 7)),
        ("bytes=-4", (6, 4)),
        ("bytes=-99", (0, 10)),
        ("bytes=4-3", None),
        ("bytes=-", None),
        ("bytes=1-2,4-5", None),
        ("lines=1-2", None),
        ("bytes=" + "9" * 30 + "-", None),
    ],
)
def test_a_range_is_what_the_standard_says(header: str, found: tuple[int, int] | None) -> None:
    assert ranges.asked(header, 10) == found


@pytest.mark.parametrize("header", ["bytes=10-", "bytes=10-12", "bytes=-0"])
def test_a_range_beyond_the_end_is_none(header: str) -> None:
    with pytest.raises(ranges.Unsatisfiable):
        ranges.asked(header, 10)
