"""The transports for the network: bare asyncio, and the stock one for proxies."""

from __future__ import annotations

import asyncio
import io
import socket
import threading
import time
from collections.abc import AsyncIterator

import httpx
import pytest

import openai_client as oc
from openai_client.transports import DirectTransport, default_transport
from tests.openai_client.support import ONCE, REQUEST, MakeClient, fetched, read
from tests.upstream import Close, Hang, Pause, Send, Upstream, head, json_answer, text_chunk


async def test_it_works_as_a_transport_of_httpx(upstream: Upstream) -> None:
    async with httpx.AsyncClient(transport=DirectTransport(), base_url=upstream.url) as client:
        answer = await client.get("/models")
        assert answer.json()["data"][0]["id"] == "any"
        assert (await client.post("/chat/completions", json={"model": "echo", "messages": []})).status_code == 200
        assert (await client.get("/models?a=b%20c")).status_code == 200
    assert upstream.requests[-1].query == "a=b%20c"
    assert upstream.requests[-1].headers["host"] == upstream.url.removeprefix("http://").removesuffix("/v1")


async def test_idle_connections_are_closed_after_a_while(upstream: Upstream) -> None:
    async with DirectTransport(keepalive_seconds=0.05) as transport:
        before = upstream.connections
        await fetched(transport, upstream.url + "/models")
        await fetched(transport, upstream.url + "/models")
        assert upstream.connections == before + 1
        await asyncio.sleep(0.3)
        assert not transport._open
        await fetched(transport, upstream.url + "/models")
        assert upstream.connections == before + 2


async def test_an_idle_connection_that_speaks_unasked_is_dropped(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        upstream.script([*json_answer({}), Pause(0.05), Send(b"HTTP/1.1 200 OK\r\n\r\n")], path="/models")
        await fetched(transport, upstream.url + "/models")
        await asyncio.sleep(0.3)
        assert not transport._open


async def test_bytes_after_an_answer_end_its_connection(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        upstream.script([Send(json_answer({})[0].data + b"surplus")], path="/models")  # type: ignore[union-attr]
        assert await fetched(transport, upstream.url + "/models") == (200, b"{}")
        await asyncio.sleep(0.05)
        assert not transport._open


async def test_not_more_than_a_hundred_idle_connections_are_kept(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        url = upstream.url + "/chat/completions"
        body = {"model": "any-t1-r0-d200", "messages": []}
        await asyncio.gather(*(fetched(transport, url, method="POST", json=body) for _ in range(120)))
        await asyncio.sleep(0.05)
        assert sum(map(len, transport._idle.values())) == 100


async def test_addresses_are_checked_before_they_are_connected_to(upstream: Upstream, make_client: MakeClient) -> None:
    seen: list[str] = []

    def forbid(address: str) -> None:
        seen.append(address)
        raise httpx.ConnectError("not allowed")

    for host in ("127.0.0.1", "localhost"):
        client = make_client(
            base_url=upstream.url.replace("127.0.0.1", host),
            transport=default_transport(check_address=forbid),
            retries=ONCE,
        )
        with pytest.raises(oc.ConnectionFailed):
            await client.models()
    assert seen[0] == "127.0.0.1"
    assert set(seen) <= {"127.0.0.1", "::1"}
    assert upstream.requests == []
    allowed = make_client(transport=default_transport(check_address=seen.append))
    await allowed.models()
    assert seen[-1] == "127.0.0.1"


async def test_the_next_address_is_tried_when_one_does_not_answer(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = httpx.URL(upstream.url).port
    rows = [(2, 1, 6, "", ("127.0.0.9", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: rows)
    async with DirectTransport() as transport:
        status, _ = await fetched(transport, upstream.url.replace("127.0.0.1", "two.example") + "/models")
        assert status == 200
        rows.clear()
        with pytest.raises(httpx.ConnectError):
            await fetched(transport, "http://none.example/")


async def test_names_that_nobody_answers_for_do_not_hold_up_the_loops_own_threads(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: held.wait() and [])
    async with DirectTransport() as transport:
        lost = [asyncio.create_task(fetched(transport, f"http://lost{number}.example/")) for number in range(20)]
        await asyncio.sleep(0)
        assert await asyncio.to_thread(lambda: "free") == "free"
        assert (await fetched(transport, upstream.url + "/models"))[0] == 200
        held.set()
        assert {type(one) for one in await asyncio.gather(*lost, return_exceptions=True)} == {httpx.ConnectError}


async def test_an_upload_that_is_refused_half_way_stops(upstream: Upstream) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 50_000
            await asyncio.sleep(0)

    async with DirectTransport() as transport:
        # The upstream answers as soon as it has what was promised; we go on sending more than that.
        upstream.script(json_answer({}, 413), path="/files")
        request = httpx.Request(
            "POST", upstream.url + "/files", content=endless(), headers={"Content-Length": "100000"}
        )
        response = await transport.handle_async_request(request)
        assert (response.status_code, await response.aread()) == (413, b"{}")
        assert not transport._idle.get(("http", "127.0.0.1", httpx.URL(upstream.url).port or 0))


async def test_an_upload_that_fails_on_our_side_comes_out(upstream: Upstream) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise OSError("disk")

    async with DirectTransport() as transport:
        with pytest.raises(OSError, match="disk"):
            await fetched(transport, upstream.url + "/files", method="POST", content=broken())


async def test_an_upload_without_a_known_length_goes_in_chunks(upstream: Upstream, client: oc.Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(3):
            yield b"%d" % number

    async with DirectTransport() as transport:
        upstream.script(json_answer({}), path="/files")
        assert (await fetched(transport, upstream.url + "/files", method="POST", content=pieces()))[0] == 200
    assert upstream.requests[0].body == b"1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n"


async def test_an_upload_that_moves_counts_as_life(upstream: Upstream, make_client: MakeClient) -> None:
    class Slow(io.BytesIO):
        """A file from a slow disk: the whole takes longer than the limit, no piece does."""

        def read(self, size: int | None = -1) -> bytes:
            time.sleep(0.04)
            return super().read(size)

    upstream.script(json_answer({"id": "f"}), path="/files")
    client = make_client(timeouts=oc.Timeouts(first_byte=1), retries=ONCE)
    file = await client.files_upload(oc.Upload("f", Slow(b"x" * 2_000_000)), "batch")
    assert file.id == "f"
    assert file.meta.timings.headers is not None
    assert file.meta.timings.headers > 1


async def test_a_client_works_again_in_another_event_loop(upstream: Upstream) -> None:
    transport = DirectTransport()

    def run() -> int:
        return asyncio.run(fetched(transport, upstream.url + "/models"))[0]

    async with oc.Client(upstream.url, transport=transport) as client:
        await client.models()
        before = upstream.connections
        assert await asyncio.to_thread(run) == 200
        assert upstream.connections == before + 1


# Stock


async def test_the_stock_transport_reads_the_same(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(transport=httpx.AsyncHTTPTransport())
    assert (await read(client, {**REQUEST, "model": "any-t20-r0"})).text == "".join(f"w{n:04d} " for n in range(1, 21))
    upstream.script([Send(head(connection="close") + text_chunk("a")), Close()])
    assert isinstance((await read(client)).error, oc.BrokenOff)
    upstream.script([Hang()])
    timed = make_client(transport=httpx.AsyncHTTPTransport(), timeouts=oc.Timeouts(first_byte=0.2), retries=ONCE)
    assert isinstance((await read(timed)).error, oc.TimedOut)
    refused = make_client(base_url="http://127.0.0.1:1/v1", transport=httpx.AsyncHTTPTransport(), retries=ONCE)
    with pytest.raises(oc.ConnectionFailed):
        await refused.models()
