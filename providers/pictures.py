"""Fetching a picture that a provider's answer links to: from its own server, or from the public internet."""

from typing import IO
from urllib.parse import urljoin, urlsplit

from providers import clients, outbound
from providers.registry import Provider

LIMITS = outbound.Limits(
    size=64 * 1024 * 1024,
    seconds=60.0,
    # What stores call a picture that they know nothing about; what it is, is decided by looking at it.
    types=(*outbound.PICTURE_TYPES, "image/avif", "application/octet-stream", "binary/octet-stream"),
)
_OWN = outbound.Limits(size=LIMITS.size, seconds=LIMITS.seconds, redirects=0, types=LIMITS.types)


async def fetch(provider: Provider, url: str, file: IO[bytes]) -> None:
    """Write what lies there into `file`; no key goes along. Raises outbound.FetchFailed, OSError.

    A server that we ask anyway may have its pictures beside it, in our own network too, when its provider may be there;
    it may not send us on from there to anywhere else inside.
    """
    url = urljoin(provider.base_url + "/", url)
    if _origin(url) == _origin(provider.base_url):
        await outbound.fetch_into(file, url, _OWN, through=clients.transport_of(provider))
    else:
        await outbound.fetch_into(file, url, LIMITS)


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()
