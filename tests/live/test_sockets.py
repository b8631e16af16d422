"""Sockets that outlive their session, that are flooded, or that never read."""

import asyncio
import base64
import os
import re
import socket
import uuid
from pathlib import Path

from tests.site import Person, Site
from tests.site.person import PATIENCE
from tests.upstream import Upstream


async def sign_up(site: Site) -> Person:
    """Somebody new, with a session of their own."""
    person = f"p{uuid.uuid4().hex[:8]}"
    session = site.manage("make_people", "1", "--prefix", person, "--password", "correct horse", "--sessions").strip()
    return Person(site, f"{person}1@example.org", session)


async def test_signing_out_closes_the_sockets_of_that_session(site: Site) -> None:
    dora = await sign_up(site)
    async with dora.watch("/ws/me/") as me:
        await me.receive()
        async with dora.http() as http:
            response = await http.post("/accounts/logout/", headers={"Accept": "text/html"})
        assert response.status_code == 302
        async with asyncio.timeout(5):
            assert await me.close_code() == 4401


async def test_a_new_password_closes_every_other_socket(site: Site) -> None:
    dora = await sign_up(site)
    async with dora.watch("/ws/me/") as me:
        await me.receive()
        async with dora.http() as http:
            fields = {"oldpassword": "correct horse", "password1": "battery staple", "password2": "battery staple"}
            response = await http.post("/accounts/password/change/", data=fields, headers={"Accept": "text/html"})
        assert response.status_code == 302, response.text[:2000]
        assert await me.close_code() == 4401


async def test_beyond_the_bound_nothing_is_sent_until_seen_and_then_one_snapshot(alice: Person) -> None:
    made = await alice.begin("x" * 700_000, model_id="any-t1-r0")
    await alice.answer(made["id"])
    async with alice.watch(f"/ws/c/{made['id']}/") as watcher:
        watcher.acknowledges = False
        await watcher.receive()
        sent = await alice.send(made["id"], "y" * 700_000, model_id="any-t20-r0")
        for _ in range(4):  # small events still fit; the large one does not, and nothing after it is sent
            try:
                async with asyncio.timeout(1.5):
                    frame = await watcher.receive()
            except TimeoutError:
                break
            assert frame["type"] != "run.finished"
        await watcher.say(type="seen", run=None)
        frame = await watcher.receive()
        assert frame["type"] == "conversation.snapshot"
        assert frame["messages"][-1]["run"] == sent["run"]["id"]
        assert frame["messages"][-1]["status"] == "completed"


async def test_a_socket_that_never_reads_costs_little_and_delays_nobody(
    upstream: Upstream,
) -> None:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test") as site:
        alice = site.person("alice")
        made = await alice.begin("Flood", model_id="any-t60000-r0")
        stuck = [_open_and_never_read(site, alice, f"/ws/c/{made['id']}/") for _ in range(3)]
        async with alice.watch(f"/ws/c/{made['id']}/") as watcher:
            await watcher.until_quiet()
        for connection in stuck:
            connection.close()
        assert watcher.text.endswith("w60000 ")
        assert site.process is not None
        assert _peak_memory(site.process.pid) < 220, "MiB"


def _open_and_never_read(site: Site, person: Person, path: str) -> socket.socket:
    host, port = site.url.removeprefix("http://").split(":")
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE)
    connection.connect((host, int(port)))
    key = base64.b64encode(os.urandom(16)).decode()
    cookie = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    head = (
        f"GET {path} HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Cookie: {cookie}\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    connection.sendall(head.encode())
    return connection


def _peak_memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+)", status)
    assert found is not None
    return int(found[1]) / 1024
