"""Through an outbound HTTP proxy: tunnels for https, whole addresses for http, and proxies that do not help."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

import openai_client as oc
from openai_client.transports import AddressForbidden, DirectTransport, default_transport
from tests.openai_client.support import ONCE, REQUEST, MakeClient, fetched, read
from tests.upstream import Upstream, json_answer
from tests.upstream.certificates import certificate, trusting

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class TunnelProxy:
    """Opens tunnels to one port of this machine, whatever name it is asked for, and notes what it was asked."""

    def __init__(self, port: int, *, login: str | None = None) -> None:
        self.heads: list[str] = []
        self._port = port
        self._login = login

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        if self._login and f"Basic {base64.b64encode(self._login.encode()).decode()}" not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        far, near = await asyncio.open_connection("127.0.0.1", self._port)
        writer.write(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
        await asyncio.gather(pump(reader, near), pump(far, writer))


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def serving(talk: Talk) -> AsyncIterator[int]:
    """A server on a free port, which is given."""
    open_now: set[asyncio.Task[None]] = set()

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now.add(task)
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            open_now.discard(task)

    server = await asyncio.start_server(one, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]
        for task in list(open_now):
            task.cancel()
        await asyncio.gather(*open_now, return_exceptions=True)


def port_of(upstream: Upstream) -> int:
    return httpx.URL(upstream.url).port or 0


async def test_https_goes_through_a_tunnel_and_the_name_is_resolved_by_the_proxy(
    make_client: MakeClient, tmp_path: Path
) -> None:
    with Upstream(tls=certificate(tmp_path, "model.example")) as secure:
        proxy = TunnelProxy(port_of(secure), login="me:p w")
        async with serving(proxy.talk) as port:
            transport = DirectTransport(verify=trusting(tmp_path), proxy=f"http://me:p%20w@127.0.0.1:{port}")
            client = make_client(base_url="https://model.example/v1", transport=transport)
            for _ in range(2):
                outcome = await read(client, {**REQUEST, "model": "any-t500-r0"})
                assert (outcome.error, len(outcome.text)) == (None, 500 * 6)
            await client.aclose()
        assert secure.requests[0].headers["host"] == "model.example"
    assert len(proxy.heads) == 1, "the tunnel is used again"
    assert proxy.heads[0].startswith("CONNECT model.example:443 HTTP/1.1\r\nHost: model.example:443\r\n")


async def test_the_certificate_is_still_the_servers(make_client: MakeClient, tmp_path: Path) -> None:
    with Upstream(tls=certificate(tmp_path, "model.example")) as secure:
        async with serving(TunnelProxy(port_of(secure)).talk) as port:
            transport = DirectTransport(verify=trusting(tmp_path), proxy=f"http://127.0.0.1:{port}")
            client = make_client(base_url="https://other.example/v1", transport=transport, retries=ONCE)
            outcome = await read(client)
    assert isinstance(outcome.error, oc.ConnectionFailed)
    assert outcome.error.reason == "tls"


async def test_http_is_asked_for_with_the_whole_address(upstream: Upstream, make_client: MakeClient) -> None:
    proxied = default_transport(proxy=upstream.url.replace("http://", "http://me:secret@").removesuffix("/v1"))
    upstream.script(json_answer({"data": ["through"]}), path="/v1/models")
    client = make_client(base_url="http://model.example/v1", transport=proxied)
    assert [model.id for model in await client.models()] == ["through"]
    assert upstream.requests[0].path == "http://model.example/v1/models"
    assert upstream.requests[0].headers["host"] == "model.example"
    assert base64.b64decode(upstream.requests[0].headers["proxy-authorization"].split()[1]) == b"me:secret"


async def test_without_a_proxy_nothing_of_it_is_sent(upstream: Upstream) -> None:
    async with default_transport() as transport:
        await fetched(transport, upstream.url + "/models")
    assert "proxy-authorization" not in upstream.requests[0].headers


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", "user name"),
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>", "502"),
        (b"HTTP/1.1 200 OK\r\n\r\nsurplus", "spoke before"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "as a proxy does"),
        (b"x" * 70_000, "as a proxy does"),
        (b"HTTP/1.1 200", "hung up"),
        (b"", "hung up"),
    ],
)
async def test_a_proxy_that_does_not_help_is_named_as_the_cause(
    make_client: MakeClient, answer: bytes, told: str
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()

    async with serving(talk) as port:
        client = make_client(
            base_url="https://model.example/v1", transport=DirectTransport(proxy=f"127.0.0.1:{port}"), retries=ONCE
        )
        outcome = await read(client)
    assert isinstance(outcome.error, oc.ConnectionFailed)
    assert outcome.error.reason == "proxy"
    assert told in outcome.error.message


async def test_a_proxy_that_is_not_there_or_silent(make_client: MakeClient) -> None:
    for base in ("http://model.example/v1", "https://model.example/v1"):
        client = make_client(base_url=base, transport=DirectTransport(proxy="http://127.0.0.1:1"), retries=ONCE)
        outcome = await read(client)
        assert isinstance(outcome.error, oc.ConnectionFailed)
        assert (outcome.error.reason, outcome.error.retryable) == ("proxy", True)

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(silent) as port:
        transport = DirectTransport(proxy=f"http://127.0.0.1:{port}")
        client = make_client(
            base_url="https://model.example/v1",
            transport=transport,
            timeouts=oc.Timeouts(connect=0.2),
            retries=ONCE,
        )
        outcome = await read(client)
    assert isinstance(outcome.error, oc.TimedOut)
    assert outcome.error.phase == "connect"


async def test_the_proxys_own_address_is_checked(make_client: MakeClient) -> None:
    def forbid(address: str) -> None:
        raise AddressForbidden(f"not {address}")

    transport = DirectTransport(proxy="http://localhost:1", check_address=forbid)
    outcome = await read(make_client(base_url="https://model.example/v1", transport=transport))
    assert isinstance(outcome.error, oc.ConnectionFailed)
    assert (outcome.error.reason, outcome.error.retryable) == ("forbidden", False)


@pytest.mark.parametrize(
    "address", ["ftp://a", "socks4://127.0.0.1:1080", "socks5://:p@h", "http://", "http://a b", "http://a:b:c", ""]
)
def test_what_is_no_address_of_a_proxy_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        DirectTransport(proxy=address)


def test_a_password_is_in_no_repr() -> None:
    transport = DirectTransport(proxy="http://me:secret@127.0.0.1:1")
    assert "secret" not in repr(transport._dialer.proxy)
    assert base64.b64encode(b"me:secret").decode() not in repr(transport._dialer.proxy)
