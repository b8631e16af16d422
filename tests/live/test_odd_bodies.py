"""Bodies that name an odd charset or are no form at all: refused in the one error shape, and nothing is written."""

from typing import Any

import pytest

from tests.site import Person

BOUNDARY = "----x"
FORM = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\nHello\r\n--{BOUNDARY}--\r\n'.encode()
COUNT = "SELECT COUNT(*) FROM conversations_conversation"


async def refusal(person: Person, content_type: str, body: bytes, accept: str = "application/json") -> tuple[int, Any]:
    """Status and code of the answer to a body sent as a new conversation, which must not come of it."""
    before = person.site.query(COUNT)
    async with person.http(Accept=accept) as http:
        response = await http.post("/c/", content=body, headers={"Content-Type": content_type.encode()})
    assert person.site.query(COUNT) == before
    if accept != "application/json":
        assert "<html" in response.text
        return response.status_code, None
    return response.status_code, response.json()["error"]["code"]


@pytest.mark.parametrize("charset", ["hex", "base64", "zip", "rot13", "idna", "undefined"])
@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (f"multipart/form-data; boundary={BOUNDARY}", FORM),
        ("application/x-www-form-urlencoded", b"text=Hello"),
        ("application/json", b"{}"),
    ],
)
async def test_a_codec_that_is_no_text_encoding_is_a_bad_request(
    alice: Person, charset: str, content_type: str, body: bytes
) -> None:
    assert await refusal(alice, f"{content_type}; charset={charset}", body) == (400, "bad_request")


async def test_a_page_is_told_so_on_a_page(alice: Person) -> None:
    content_type = f"multipart/form-data; boundary={BOUNDARY}; charset=hex"
    assert await refusal(alice, content_type, FORM, "text/html") == (400, None)


@pytest.mark.parametrize(
    "content_type",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=é"],
)
async def test_a_multipart_form_without_its_boundary_is_a_bad_request(alice: Person, content_type: str) -> None:
    assert await refusal(alice, content_type, FORM) == (400, "bad_request")
    assert await refusal(alice, content_type, FORM, "text/html") == (400, None)


async def test_a_charset_of_another_script_still_serves(alice: Person) -> None:
    fields = {"client_id": "8a1c5b1e-7d53-4c0e-9d0b-3c5f0c1b2a3d", "model_id": "echo-r0", "text": "Größe"}
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{fields[name]}' for name in fields]
    body = "\r\n".join([*parts, f"--{BOUNDARY}--\r\n"]).encode("latin-1")
    async with alice.http() as http:
        content_type = f"multipart/form-data; boundary={BOUNDARY}; charset=iso-8859-1"
        response = await http.post("/c/", content=body, headers={"Content-Type": content_type})
    assert response.status_code == 201
    assert response.json()["messages"][0]["parts"] == [{"type": "text", "text": "Größe"}]
    await alice.answer(response.json()["id"])
