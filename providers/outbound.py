"""The one guarded way out: every connection that leaves the site is made here.

Addresses that came from anyone but the owner reach the public internet only, and the networks in OUTBOUND_ALLOW. What
is checked is the resolved address that is then connected to, so neither a name that changes, nor a redirect, nor an odd
spelling gets around it.
"""

import asyncio
import dataclasses
import errno
import io
from typing import IO
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from openai_client.transports import AddressForbidden, default_transport
from providers import addresses

PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_MOVED = {301, 302, 303, 307, 308}


def transport_for(*, trusted: bool, proxy: str | None = None) -> httpx.AsyncBaseTransport:
    """The transport for a provider. `trusted`: the owner gave its address, and it may be anywhere.

    `proxy` is the address of an outbound HTTP or SOCKS5 proxy (ValueError for what is none); with one it is the proxy's
    own address that is checked, because the proxy makes the connection, from where it stands.
    """
    return default_transport(proxy=proxy or None, check_address=None if trusted else check)


def check(address: str) -> None:
    """Raise AddressForbidden for an IP address that only the owner may have connected to."""
    if not addresses.is_public(address) and not addresses.is_in(address, settings.OUTBOUND_ALLOW):
        raise AddressForbidden("the address is not on the public internet")


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a fetch may cost: bytes, seconds in all, redirects; and which content types are wanted."""

    size: int = 20 * 1024 * 1024
    seconds: float = 20.0
    redirects: int = 3
    types: tuple[str, ...] = PICTURE_TYPES


@dataclasses.dataclass(frozen=True)
class Fetched:
    """What was there. `content_type` is in lower case and without parameters."""

    content: bytes = dataclasses.field(repr=False)
    content_type: str
    url: str


class FetchFailed(Exception):
    """Why nothing was fetched. `code`: bad_url, forbidden_address, unreachable, timed_out, refused (with the status
    as `detail`), too_many_redirects, wrong_type, too_large."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


_DEFAULT = Limits()


async def fetch(url: str, limits: Limits = _DEFAULT, *, trusted: bool = False) -> Fetched:
    """GET what a person's address names, such as a picture. Raises FetchFailed. No cookies, no credentials."""
    content = io.BytesIO()
    content_type, reached = await fetch_into(content, url, limits, through=transport_for(trusted=trusted))
    return Fetched(content.getvalue(), content_type, reached)


async def fetch_into(
    file: IO[bytes], url: str, limits: Limits, *, through: httpx.AsyncBaseTransport | None = None
) -> tuple[str, str]:
    """The same, into a file: content type and where it was in the end. `through` is closed; without it, the public
    internet is what can be reached. Raises FetchFailed, and OSError where the file cannot be written."""
    try:
        async with asyncio.timeout(limits.seconds), through or transport_for(trusted=False) as transport:
            for _ in range(limits.redirects + 1):
                found = await _step(transport, url, limits, file)
                if isinstance(found, tuple):
                    return found
                url = found
    except (TimeoutError, httpx.TimeoutException):
        raise FetchFailed("timed_out") from None
    except AddressForbidden:
        raise FetchFailed("forbidden_address") from None
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError, ValueError):
        raise FetchFailed("bad_url") from None
    except (httpx.HTTPError, OSError) as error:
        if isinstance(error, OSError) and error.errno in _FULL:
            raise
        raise FetchFailed("unreachable") from None
    raise FetchFailed("too_many_redirects")


async def _step(
    transport: httpx.AsyncBaseTransport, url: str, limits: Limits, file: IO[bytes]
) -> tuple[str, str] | str:
    """One request: what kind of thing it found, and where; or where it was pointed to."""
    if "@" in urlsplit(url).netloc:
        raise httpx.InvalidURL("a name and a password in an address")
    headers = {"Accept": ", ".join(limits.types), "Accept-Encoding": "identity", "User-Agent": "chatsite/1"}
    response = await transport.handle_async_request(httpx.Request("GET", url, headers=headers))
    try:
        if response.status_code in _MOVED and "location" in response.headers:
            return str(response.request.url.join(response.headers["location"]))
        if response.status_code != 200:
            raise FetchFailed("refused", str(response.status_code))
        await _body(response, limits, file)
        return _content_type(response), url
    finally:
        await response.aclose()


async def _body(response: httpx.Response, limits: Limits, file: IO[bytes]) -> None:
    if (
        _content_type(response) not in limits.types
        or response.headers.get("content-encoding", "identity") != "identity"
    ):
        raise FetchFailed("wrong_type", _content_type(response)[:100])
    length = response.headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limits.size:
        raise FetchFailed("too_large")
    size = 0
    async for piece in response.aiter_raw():
        size += len(piece)
        if size > limits.size:
            raise FetchFailed("too_large")
        file.write(piece)


def _content_type(response: httpx.Response) -> str:
    return str(response.headers.get("content-type", "")).partition(";")[0].strip().lower()
