"""Forms: the same fields and files however the body is cut on its way, and a refusal of broken ones."""

import asyncio
import collections.abc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import asgi, errors, multipart

BOUNDARY = b"----x"


def read(body: bytes, cuts: collections.abc.Iterable[int], limit: int = 10**6) -> multipart.Form:
    """Read a body that arrives cut at some places."""
    places = sorted({min(cut, len(body)) for cut in cuts} | {0, len(body)})
    pieces = [body[start:end] for start, end in zip(places, [*places[1:], len(body)], strict=True)]

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": pieces.pop(0) if pieces else b"", "more_body": bool(pieces)}

    async def run() -> multipart.Form:
        headers = {"content-type": f'multipart/form-data; boundary="{BOUNDARY.decode()}"'}
        return await multipart.read(asgi.Request("POST", "/files", {}, headers, "", receive), limit)

    return asyncio.run(run())


def part(name: str, data: bytes, filename: str | None = None) -> bytes:
    """Return one part of a form."""
    file = f'; filename="{filename}"' if filename is not None else ""
    head = f'--{BOUNDARY.decode()}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + data + b"\r\n"


@given(
    content=st.binary(max_size=300) | st.just(b"\r\n----" * 9) | st.just(b"\r\n------\r\n"),
    text=st.text(max_size=20),
    cuts=st.lists(st.integers(0, 700), max_size=12),
)
def test_a_form_is_the_same_however_it_is_cut(content: bytes, text: str, cuts: list[int]) -> None:
    if b"\r\n--" + BOUNDARY in b"\r\n" + content:
        return
    value = text.encode("utf-8", "replace")
    body = (
        part("note", value) + part("file", content, "a.bin") + part("image[]", b"1", "1") + part("image[]", b"2", "2")
    )
    form = read(b"ignored" + b"\r\n" + body + b"--" + BOUNDARY + b"--\r\nafter", cuts)
    try:
        assert form.fields == {"note": [value.decode()]}
        (file,) = form.files("file")
        assert (file.read(), file.size, file.filename) == (content, len(content), "a.bin")
        assert [image.read() for image in form.files("image")] == [b"1", b"2"]
    finally:
        form.close()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no boundary at all",
        part("a", b"x"),
        part("a", b"x")[:-4],
        b"--" + BOUNDARY + b"\r\nX: y\r\n\r\nnameless\r\n--" + BOUNDARY + b"--",
        b"--" + BOUNDARY + b"\r\n" + b"h" * 20_000,
        part("long", b"x" * 1_100_000) + b"--" + BOUNDARY + b"--",
        part("many", b"") * 201 + b"--" + BOUNDARY + b"--",
    ],
    ids=lambda body: f"{len(body)} bytes",
)
def test_a_broken_form_is_refused(body: bytes) -> None:
    with pytest.raises(errors.ApiError) as caught:
        read(body, [], limit=2_000_000)
    assert caught.value.status == 400


def test_a_form_beyond_its_limit_is_a_413() -> None:
    with pytest.raises(errors.ApiError) as caught:
        read(part("a", b"x" * 100), [], limit=50)
    assert caught.value.status == 413


def test_the_kind_of_the_body_must_be_a_form() -> None:
    async def run() -> None:
        request = asgi.Request("POST", "/files", {}, {"content-type": "application/json"}, "", None)  # type: ignore[arg-type]
        await multipart.read(request, 10)

    with pytest.raises(errors.ApiError, match="multipart/form-data"):
        asyncio.run(run())


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('filename="na%22me.txt"', 'na"me.txt'),
        (r'filename="na\"me.txt"', 'na"me.txt'),
        ("filename=plain.txt", "plain.txt"),
        ("filename*=utf-8''%E5%9B%BE.png; filename=\"x.png\"", "图.png"),
        ('filename="图.png"', "图.png"),
    ],
)
def test_file_names_are_read_in_every_spelling(head: str, name: str) -> None:
    body = f"--{BOUNDARY.decode()}\r\ncontent-disposition: form-data; name=file; {head}\r\n\r\nx\r\n"
    form = read(body.encode() + b"--" + BOUNDARY + b"--", [])
    assert form.uploads[0].filename == name
    form.close()
