"""Through a SOCKS5 proxy: names are looked up by it, TLS is still the server's, and proxies that do not help."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

import openai_client as oc
from openai_client.transports import DirectTransport
from tests.openai_client.support import ONCE, REQUEST, MakeClient, read
from tests.openai_client.test_proxies import port_of, pump, serving
from tests.upstream import Upstream
from tests.upstream.certificates import certificate, trusting

GRANTED = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x1f\x90"


class SocksProxy:
    """Connects to one port of this machine, whatever it is asked for, and notes what that was (RFC 1928)."""

    def __init__(self, port: int, login: bytes = b"", granted: bytes = GRANTED) -> None:
        self.asked: list[tuple[int, bytes, int]] = []
        self._port, self._login, self._granted = port, login, granted

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        version, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        assert version == 5
        if not self._login:
            writer.write(b"\x05\x00")
        elif 2 not in methods:
            writer.write(b"\x05\xff")
            return
        else:
            writer.write(b"\x05\x02")
            assert await reader.readexactly(1) == b"\x01"
            name = await reader.readexactly((await reader.readexactly(1))[0])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            right = name + b":" + password == self._login
            writer.write(b"\x01\x00" if right else b"\x01\x01")
            if not right:
                return
        head = await reader.readexactly(4)
        assert head[:3] == b"\x05\x01\x00"
        length = {1: 4, 4: 16}.get(head[3]) or (await reader.readexactly(1))[0]
        host = await reader.readexactly(length)
        self.asked.append((head[3], host, int.from_bytes(await reader.readexactly(2), "big")))
        far, near = await asyncio.open_connection("127.0.0.1", self._port)
        for byte in self._granted:  # however it is cut
            writer.write(bytes([byte]))
            await writer.drain()
        await asyncio.gather(pump(reader, near), pump(far, writer))


@pytest.mark.parametrize("login", ["", "me:p w@"], ids=["open", "with a password"])
async def test_http_goes_through_and_the_name_is_looked_up_by_the_proxy(
    upstream: Upstream, make_client: MakeClient, login: str
) -> None:
    proxy = SocksProxy(port_of(upstream), login.removesuffix("@").encode())
    async with serving(proxy.talk) as port:
        transport = DirectTransport(proxy=f"socks5://{login.replace(' ', '%20')}127.0.0.1:{port}")
        client = make_client(base_url="http://model.example:81/v1", transport=transport)
        for _ in range(2):
            outcome = await read(client, {**REQUEST, "model": "any-t200-r0"})
            assert (outcome.error, len(outcome.text)) == (None, 200 * 6)
        await client.aclose()
    assert proxy.asked == [(3, b"model.example", 81)], "the connection is used again"
    assert upstream.requests[0].path == "/v1/chat/completions"
    assert "proxy-authorization" not in upstream.requests[0].headers


async def test_https_is_still_the_servers(make_client: MakeClient, tmp_path: Path) -> None:
    named = b"\x05\x00\x00\x03\x01h\x00\x50"  # an answer that gives a name
    with Upstream(tls=certificate(tmp_path, "model.example")) as secure:
        proxy = SocksProxy(port_of(secure), granted=named)
        async with serving(proxy.talk) as port:
            for host, reason in (("model.example", None), ("other.example", "tls")):
                transport = DirectTransport(verify=trusting(tmp_path), proxy=f"socks5h://127.0.0.1:{port}")
                client = make_client(base_url=f"https://{host}/v1", transport=transport, retries=ONCE)
                outcome = await read(client, {**REQUEST, "model": "any-t2-r0"})
                assert getattr(outcome.error, "reason", None) == reason
                await client.aclose()
    assert proxy.asked == [(3, b"model.example", 443), (3, b"other.example", 443)]


async def test_addresses_go_as_addresses(upstream: Upstream, make_client: MakeClient) -> None:
    proxy = SocksProxy(port_of(upstream))
    async with serving(proxy.talk) as port:
        for host in ("192.0.2.7", "[2001:db8::1]"):
            transport = DirectTransport(proxy=f"socks5://127.0.0.1:{port}")
            await make_client(base_url=f"http://{host}/v1", transport=transport).models()
    assert [(kind, len(address), port) for kind, address, port in proxy.asked] == [(1, 4, 80), (4, 16, 80)]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ([b"\x05\xff"], "user name"),
        ([b"\x05\x02"], "user name"),
        ([b"HTTP/1.1 400 Bad Request\r\n\r\n"], "as a SOCKS5 proxy"),
        ([b"\x05\x00", b"\x05\x02\x00\x01\x00\x00\x00\x00\x00\x00"], "rules forbid"),
        ([b"\x05\x00", b"\x05\x63\x00\x01\x00\x00\x00\x00\x00\x00"], "answered 99"),
        ([b"\x05\x00", b"\x05\x00\x00\x09\x00\x00\x00\x00\x00\x00"], "as a SOCKS5 proxy"),
        ([b"\x05\x00", GRANTED + b"surplus"], "spoke before"),
        ([b"\x05\x00", GRANTED[:4]], "hung up"),
        ([], "hung up"),
    ],
)
async def test_a_proxy_that_does_not_help_is_named_as_the_cause(
    make_client: MakeClient, says: list[bytes], told: str
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for answer in says:
            await reader.read(1_000)
            writer.write(answer)
            await writer.drain()

    async with serving(talk) as port:
        transport = DirectTransport(proxy=f"socks5://127.0.0.1:{port}")
        outcome = await read(make_client(base_url="http://model.example/v1", transport=transport, retries=ONCE))
    assert isinstance(outcome.error, oc.ConnectionFailed)
    assert outcome.error.reason == "proxy"
    assert told in outcome.error.message


async def test_a_wrong_password_is_said_to_be_one(upstream: Upstream, make_client: MakeClient) -> None:
    async with serving(SocksProxy(port_of(upstream), b"me:right").talk) as port:
        transport = DirectTransport(proxy=f"socks5://me:wrong@127.0.0.1:{port}")
        outcome = await read(make_client(base_url="http://model.example/v1", transport=transport, retries=ONCE))
    assert outcome.error is not None
    assert "refuses the user name" in outcome.error.message
    assert "wrong" not in repr(transport._dialer.proxy)
