"""Addresses as people type them, made into the base address of an API (quirk 6.17)."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

_ENDPOINTS = re.compile(r"/(?:chat/completions|completions|models|embeddings|responses|images/generations|engines)/*$")
_LOCAL = re.compile(r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|[^.:/]+(?::\d+)?$)")


def normalize_base_url(text: str) -> str:
    """The base address meant by `text`: scheme added, endpoint, query and doubled /v1 taken off, /v1 added when
    there is no path at all. Raises ValueError when it names no http or https server."""
    text = text.strip()
    if "://" not in text:
        text = f"{'http' if _LOCAL.match(text) else 'https'}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", text):
        raise ValueError("not an http or https address")
    parts.port  # noqa: B018  raises ValueError when it is none
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    path = _ENDPOINTS.sub("", path)
    path = re.sub(r"(/v\d+)\1+$", r"\1", path)
    return urlunsplit((parts.scheme, parts.netloc, path or "/v1", "", ""))
