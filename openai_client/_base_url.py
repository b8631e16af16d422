"""Addresses as people type them, made into the base address of an API (quirk 6.17), and one call's address from it."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qs, quote, unquote, urlencode, urlsplit, urlunsplit

_ENDPOINTS = re.compile(
    r"/(?:chat/completions|completions|models|embeddings|responses|moderations|engines"
    r"|images/(?:generations|edits|variations)|audio/(?:speech|transcriptions|translations))/*$"
)
_LOCAL = re.compile(r"^(?:localhost|127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[::1\]|[^.:/]+(?::\d+)?$)")
_AZURE = re.compile(r"\.(?:openai|cognitiveservices|services\.ai)\.azure\.(?:com|us|cn)$")
_DEPLOYMENT = re.compile(r"/deployments/([^/]+)(?:/.*)?$")
# What Azure's older addresses have below a deployment; all else is below the resource (wire.md 14).
_OF_A_DEPLOYMENT = ("/chat/", "/completions", "/embeddings", "/images/", "/audio/")


def normalize_base_url(text: str) -> str:
    """The base address meant by `text`: scheme added, endpoint, query and doubled /v1 taken off, /v1 added when
    there is no path at all. Raises ValueError when it names no http or https server.

    Of a query `api-version` stays: it makes the address one of Azure's older ones, without their deployment, which
    `deployment_of` tells and each call names as its model.
    """
    parts, version = _split(text)
    path = re.sub(r"/{2,}", "/", parts.path).rstrip("/")
    path = _ENDPOINTS.sub("", path)
    path = re.sub(r"(/v\d+)\1+$", r"\1", path)
    if version:
        path = _DEPLOYMENT.sub("", path)
    if _AZURE.search(parts.hostname or "") and path in ("", "/openai"):
        path = "/openai" if version else "/openai/v1"
    query = urlencode({"api-version": version}) if version else ""
    return urlunsplit((parts.scheme, parts.netloc, path or "/v1", query, ""))


def deployment_of(text: str) -> str:
    """The deployment that one of Azure's older addresses names, or nothing. Raises ValueError as normalize_base_url."""
    parts, version = _split(text)
    found = _DEPLOYMENT.search(parts.path) if version else None
    return unquote(found[1]) if found else ""


def address_of(base_url: str, path: str, model: object) -> str:
    """Where a call goes. At Azure's older addresses its deployment, which is the model's id, is part of the path."""
    base, _, query = base_url.partition("?")
    base = base.rstrip("/")
    if not query:
        return base + path
    if isinstance(model, str) and path.startswith(_OF_A_DEPLOYMENT) and not re.search(r"/v\d+$", base):
        path = f"/deployments/{quote(model, safe='')}{path}"
    return f"{base}{path}?{query}"


def _split(text: str) -> tuple[SplitResult, str]:
    """The parts of an address with its scheme, and its api-version."""
    text = text.strip()
    if "://" not in text:
        text = f"{'http' if _LOCAL.match(text) else 'https'}://{text}"
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or re.search(r"\s", text):
        raise ValueError("not an http or https address")
    parts.port  # noqa: B018  raises ValueError when it is none
    return parts, parse_qs(parts.query).get("api-version", [""])[0]
