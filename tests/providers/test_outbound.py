"""The guarded way out: what others than the owner name cannot reach this machine or its network, by no spelling."""

import socket
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import httpx
import pytest

import openai_client as oc
from openai_client.transports import DirectTransport
from providers import addresses, outbound
from tests.upstream import Hang, Pause, Send, Step, Upstream, head
from tests.upstream.certificates import certificate, trusting

PNG = b"\x89PNG\r\n\x1a\n not much of a picture"

INSIDE = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "192.0.2.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1", "3fff::1",
    "2001::1", "100::1", "64:ff9b:1::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2002:a9fe:a9fe::1", "::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1",
]  # fmt: skip
OUTSIDE = [
    "1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "172.15.255.255", "169.255.0.1", "192.169.0.1", "9.255.255.255",
    "11.0.0.1", "128.0.0.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888",
    "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1", "2400:cb00::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_of_a_machine_its_network_or_its_host_are_not_public(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert addresses.is_public(address)


def test_a_network_holds_an_address_however_it_is_written() -> None:
    mine = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]
    assert all(addresses.is_in(one, mine) for one in ("10.2.3.4", "::ffff:10.2.3.4", "64:ff9b::10.2.3.4", "fd00::1"))
    assert not any(addresses.is_in(one, mine) for one in ("11.2.3.4", "fe80::1", "192.168.0.1"))


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def at_home(settings: Any) -> None:
    """This machine is among the addresses that the owner allows."""
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.0/8"), ip_network("::1/128")]


def names(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The resolver says these, one after the other and the last for ever; returns what it was asked."""
    asked: list[str] = []

    def getaddrinfo(host: str, port: int, **options: Any) -> list[Any]:
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(0, 0, 0, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def picture(content: bytes = PNG, content_type: str = "image/png", **headers: Any) -> list[Step]:
    return [Send(head(200, content_type=content_type, content_length=len(content), **headers) + content)]


def moved(to: str, status: int = 302) -> list[Step]:
    return [Send(head(status, location=to, content_length=0))]


def at(upstream: Upstream, host: str = "127.0.0.1", path: str = "/picture.png") -> str:
    return upstream.url.removesuffix("/v1").replace("127.0.0.1", host) + path


SPELLINGS = [
    "127.0.0.1", "localhost", "LOCALHOST", "localhost.", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1",
    "0177.0.0.1", "0177.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]", "0", "0.0.0.0",
    "１２７.0.0.1", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost", "127.0.0.1.", "[0:0:0:0:0:0:0:1]", "[fe80::1%25lo]",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_this_machine_is_reached(upstream: Upstream, host: str) -> None:
    upstream.script(picture(), path="/picture.png")
    with pytest.raises(outbound.FetchFailed) as refused:
        await outbound.fetch(at(upstream, host))
    assert refused.value.code in {"forbidden_address", "bad_url", "unreachable"}
    client = oc.Client(
        upstream.url.replace("127.0.0.1", host),
        transport=outbound.transport_for(trusted=False),
        retries=oc.Retries(attempts=1),
    )
    async with client:
        with pytest.raises(oc.ConnectionFailed) as failed:
            await client.models()
    assert failed.value.reason in {"forbidden", "bad_url", "dns"}
    assert upstream.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "[::ffff:127.0.0.1]"])
async def test_it_is_the_check_that_stops_them(upstream: Upstream, host: str) -> None:
    """The owner reaches the same places by the same spellings, so the refusals above prove something."""
    upstream.script(picture(), path="/picture.png")
    assert (await outbound.fetch(at(upstream, host), trusted=True)).content == PNG


@pytest.mark.usefixtures("at_home")
async def test_the_owner_can_allow_networks(upstream: Upstream) -> None:
    upstream.script(picture(), path="/picture.png")
    assert (await outbound.fetch(at(upstream))).content == PNG
    async with oc.Client(upstream.url, transport=outbound.transport_for(trusted=False)) as client:
        assert len(await client.models()) == 2


async def test_a_name_is_judged_by_what_it_resolves_to(upstream: Upstream, monkeypatch: pytest.MonkeyPatch) -> None:
    for answer in (["10.0.0.1"], ["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["fd00:ec2::254"], ["64:ff9b::a00:1"]):
        asked = names(monkeypatch, answer)
        with pytest.raises(outbound.FetchFailed, match="forbidden_address"):
            await outbound.fetch(at(upstream, "innocent.example"))
        assert asked == ["innocent.example"]
    assert upstream.connections == 0


async def test_a_name_is_resolved_once_so_that_its_second_answer_changes_nothing(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.1/32")]  # what the first answer names is allowed, the second is not
    asked = names(monkeypatch, ["127.0.0.1"], ["127.0.0.9"])
    upstream.script(picture(), path="/picture.png")
    assert (await outbound.fetch(at(upstream, "changing.example"))).content == PNG
    assert asked == ["changing.example"]
    assert upstream.requests[0].headers["host"].startswith("changing.example:")
    with pytest.raises(outbound.FetchFailed, match="forbidden_address"):
        await outbound.fetch(at(upstream, "changing.example"))


async def test_the_certificate_is_checked_against_the_name_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names(monkeypatch, ["127.0.0.1"])
    with Upstream(tls=certificate(tmp_path, "pictures.example")) as secure:
        transport = DirectTransport(verify=trusting(tmp_path), check_address=lambda address: None)
        for name, reason in (("pictures.example", None), ("others.example", "tls")):
            client = oc.Client(secure.url.replace("127.0.0.1", name), transport=transport)
            if reason is None:
                assert len(await client.models()) == 2
                continue
            with pytest.raises(oc.ConnectionFailed) as failed:
                await client.models()
            assert failed.value.reason == reason
        await transport.aclose()


async def test_a_redirect_is_checked_like_any_address(upstream: Upstream, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = [ip_network("127.0.0.1/32")]
    for place in ("http://127.0.0.2:80/", "http://169.254.169.254/latest/meta-data/", "//[::1]/", "http://2130706434/"):
        upstream.script(moved(place), path="/picture.png")
        with pytest.raises(outbound.FetchFailed, match="forbidden_address"):
            await outbound.fetch(at(upstream))
    for place in ("file:///etc/passwd", "gopher://127.0.0.1/", "http://me:secret@127.0.0.1/"):
        upstream.script(moved(place), path="/picture.png")
        with pytest.raises(outbound.FetchFailed, match="bad_url"):
            await outbound.fetch(at(upstream))


@pytest.mark.usefixtures("at_home")
async def test_a_few_redirects_are_followed_and_not_more(upstream: Upstream) -> None:
    for status in (301, 302, 303, 307, 308):
        upstream.script(moved("/elsewhere.png", status), path="/picture.png")
        upstream.script(picture(), path="/elsewhere.png")
        assert (await outbound.fetch(at(upstream))).url.endswith("/elsewhere.png")
    for _ in range(5):
        upstream.script(moved("picture.png"), path="/picture.png")
    with pytest.raises(outbound.FetchFailed, match="too_many_redirects"):
        await outbound.fetch(at(upstream))
    assert len(upstream.requests) == 10 + 4


@pytest.mark.usefixtures("at_home")
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (picture(content_type="text/html"), "wrong_type"),
        (picture(content_type="image/svg+xml"), "wrong_type"),
        (picture(content_type=""), "wrong_type"),
        (picture(content_encoding="gzip"), "wrong_type"),
        (picture(b"x" * 1001), "too_large"),
        ([Send(head(404, content_length=0))], "refused 404"),
        ([Send(head(302, content_length=0))], "refused 302"),
        ([Send(b"SSH-2.0-OpenSSH\r\n\r\n")], "unreachable"),
        ([Hang()], "timed_out"),
        ([Send(head(200, content_type="image/png", content_length=9)), Pause(30)], "timed_out"),
    ],
)
async def test_what_is_no_picture_within_the_limits_is_refused(
    upstream: Upstream, answer: list[Step], code: str
) -> None:
    upstream.script(answer, path="/picture.png")
    with pytest.raises(outbound.FetchFailed) as refused:
        await outbound.fetch(at(upstream), outbound.Limits(size=1000, seconds=0.5 if code == "timed_out" else 60))
    assert str(refused.value).startswith(code)


@pytest.mark.usefixtures("at_home")
async def test_a_picture_comes_with_its_type_and_nothing_of_ours_goes_out(upstream: Upstream) -> None:
    upstream.script(picture(content_type="IMAGE/PNG; charset=binary"), path="/picture.png")
    found = await outbound.fetch(at(upstream))
    assert (found.content, found.content_type) == (PNG, "image/png")
    assert PNG.decode("latin-1") not in repr(found)
    assert set(upstream.requests[0].headers) == {"host", "accept", "accept-encoding", "user-agent"}


@pytest.mark.parametrize("url", ["", "picture.png", "ftp://a.example/x", "data:image/png,x", "http://", "http://a\tb/"])
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(outbound.FetchFailed, match="bad_url"):
        await outbound.fetch(url)


async def test_a_persons_proxy_is_checked_and_the_owners_is_not(upstream: Upstream) -> None:
    proxy = upstream.url.removesuffix("/v1")
    upstream.script(picture(), path="/picture.png")
    request = httpx.Request("GET", "http://model.example/picture.png")
    async with outbound.transport_for(trusted=True, proxy=proxy) as transport:
        assert (await transport.handle_async_request(request)).status_code == 200
    async with outbound.transport_for(trusted=False, proxy=proxy) as transport:
        with pytest.raises(outbound.AddressForbidden):
            await transport.handle_async_request(request)
    assert len(upstream.requests) == 1
