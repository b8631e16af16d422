"""Daphne with limits: bodies are refused before they are read, and a download waits for its reader."""

import asyncio
import json
import socket
import uuid

from tests.site import Person, Site
from tests.site.person import CSRF

EIGHT_MIB = 8 * 1024 * 1024


def _raw(site: Site, data: bytes) -> bytes:
    host, port = site.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(data)
        found = b""
        while piece := connection.recv(65536):
            found += piece
        return found


async def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(site: Site) -> None:
    head = b"POST /c/ HTTP/1.1\r\nHost: x\r\nContent-Length: 300000000\r\n\r\n"
    answer = await asyncio.to_thread(_raw, site, head)
    assert answer.startswith(b"HTTP/1.1 413 ") and b'"code":"too_large"' in answer


async def test_a_chunked_body_that_grows_too_large_is_refused(site: Site) -> None:
    piece = b"%x\r\n" % 1048576 + b"x" * 1048576 + b"\r\n"
    head = b"POST /c/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = await asyncio.to_thread(_raw, site, head + piece * 9)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_chunked_body_whose_end_comes_with_its_excess_is_refused_and_not_carried_out(alice: Person) -> None:
    """The first 8 MiB are a whole command, padded with blanks: cut there, it would make a conversation."""
    count = "SELECT COUNT(*) FROM conversations_conversation"
    [(before,)] = alice.site.query(count)
    command = json.dumps({"client_id": str(uuid.uuid4()), "text": "cut off"}).encode().ljust(EIGHT_MIB)
    cookie = "; ".join(f"{name}={value}" for name, value in alice.cookies.items())
    head = (
        f"POST /c/ HTTP/1.1\r\nHost: {alice.site.url.removeprefix('http://')}\r\nTransfer-Encoding: chunked\r\n"
        f"Content-Type: application/json\r\nCookie: {cookie}\r\nX-CSRFToken: {CSRF}\r\n\r\n"
    ).encode()
    body = b"%x\r\n%b\r\n" % (len(command), command) + b"3\r\n   \r\n0\r\n\r\n"
    answer = await asyncio.to_thread(_raw, alice.site, head + body)
    assert answer.startswith(b"HTTP/1.1 413 ") and answer.count(b"HTTP/1.1") == 1
    for _ in range(3):  # what was sent before them would be there after them
        await alice.post("/c/")
    assert alice.site.query(count) == [(before + 3,)]


async def test_a_body_just_under_the_limit_reaches_the_door(alice: Person) -> None:
    response = await alice.post("/c/", client_id=str(uuid.uuid4()), text="x", params={"p": "x" * (EIGHT_MIB - 4096)})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid")


async def test_every_answer_names_its_request(site: Site) -> None:
    first, second = [await site.stranger().get("/healthz") for _ in range(2)]
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


async def test_an_unknown_host_is_a_bad_request(site: Site) -> None:
    async with site.stranger().http(Host="evil.example") as http:
        response = await http.get("/accounts/login/")
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_request"
