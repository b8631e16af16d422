"""From what a server said to the exception that says what to do: every error shape of quirks section 6."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from openai_client import _json, _kinds
from openai_client._retries import rate_limits, retry_after, seconds
from openai_client._secret import Secret, mask
from openai_client.exceptions import APIError, OutOfMoney

KEPT_BODY = 4096
LONGEST_MESSAGE = 1000
_KNOWN = frozenset({"message", "msg", "code", "type", "param", "status"})
_FIELD = re.compile(r"Field '(\w{1,64})':")  # llama.cpp names a parameter only in its sentence
_TAG = re.compile(r"<[^<>]{0,1000}>")


@dataclass(slots=True)
class Facts:
    """What an error object says, whatever its shape."""

    message: str = ""
    code: str = ""
    type: str = ""
    param: str | None = None
    status: int | None = None  # a number given as code
    details: dict[str, object] = field(default_factory=dict)


def is_error(message: Mapping[str, object]) -> bool:
    """Whether a JSON object of a 200 answer is an error (quirks 6.1 to 6.9, 6.15), judged without its status."""
    if message.get("error"):
        return True
    if message.get("choices") is not None or message.get("data") is not None:
        return False
    if message.get("object") == "error" or message.get("success") is False:
        return True
    status = _json.as_int(_json.as_mapping(message.get("base_resp")).get("status_code"))
    if status:
        return True
    if isinstance(message.get("detail"), (str, list)):
        return True
    text = message.get("message") or message.get("msg")
    return isinstance(text, str) and any(message.get(key) for key in ("code", "statusCode", "status", "type"))


def api_error(
    value: object,
    *,
    status: int | None,
    headers: Mapping[str, str],
    secrets: Iterable[Secret],
    text: str = "",
) -> APIError:
    """The exception for an error answer. `value` is its JSON (None if it was none), `text` its raw form.

    `status` is the HTTP status; below 400 the error came inside a good answer and a numeric code stands in.
    """
    facts = read(value) if isinstance(value, (dict, list)) else Facts()
    secrets = tuple(secrets)
    message = mask(facts.message or from_page(text), secrets)[:LONGEST_MESSAGE].strip()
    shown = status if status is not None and status >= 400 else facts.status
    kind = _kinds.classify(facts.code, facts.type, shown, message, waits="retry-after" in headers)
    wait = retry_after(headers, message) if kind is not OutOfMoney else None
    if wait is None:
        wait = _google_delay(facts.details)
    error = kind(
        message or _phrase(shown),
        code=mask(facts.code or facts.type, secrets)[:100] or None,
        status=shown,
        param=facts.param,
        request_id=request_id(headers),
        retry_after=wait,
        body=mask(text, secrets)[:KEPT_BODY],
        details=_masked(facts.details, secrets),
        rate_limits=rate_limits(headers),
    )
    _judge(error, headers)
    return error


def _judge(error: APIError, headers: Mapping[str, str]) -> None:
    """Whether asking again helps, where the status or the server knows better than the kind of error does."""
    if error.status in {408, 409}:
        error.retryable = True
    if error.status in {501, 505}:
        error.retryable = False
    asked = headers.get("x-should-retry", "").lower()
    if asked in {"true", "false"} and type(error) is not OutOfMoney:
        error.retryable = asked == "true"


def request_id(headers: Mapping[str, str]) -> str | None:
    """The id to quote to the server's people, under the names in use."""
    for name in ("x-request-id", "request-id", "apim-request-id", "x-ms-request-id", "x-litellm-call-id", "cf-ray"):
        value = headers.get(name)
        if value:
            return value[:200]
    return None


def read(value: object) -> Facts:
    """The facts of an error value: object, array of objects (Gemini), string."""
    if isinstance(value, str):
        return Facts(message=_json.clean(value))
    if isinstance(value, list):
        return read(value[0]) if value and not isinstance(value[0], list) else Facts()
    if not isinstance(value, dict):
        return Facts()
    inner = value.get("error")
    if isinstance(inner, list):
        inner = inner[0] if inner and isinstance(inner[0], dict) else None
    if isinstance(inner, dict):
        facts = _read_object(inner)
        outer = _read_object(value)
        facts.message = facts.message or outer.message
        facts.code = facts.code or outer.code
        facts.status = facts.status or outer.status
        return facts
    facts = _read_object(value)
    if isinstance(inner, str) and inner:
        facts.message = _json.clean(inner) if facts.message in ("", inner) else f"{_json.clean(inner)}: {facts.message}"
    return facts


def raw(value: object) -> str:
    """The start of a JSON value as text, for `body`."""
    return json.dumps(_json.storable(value), ensure_ascii=False)[: 4 * KEPT_BODY]


def from_page(text: str) -> str:
    """The sentence in a body that is no JSON: an HTML title, else its first 300 characters without tags."""
    text = text[:8192].strip()
    if not text.startswith("<"):
        return text.removeprefix("data:").strip()[:300]
    start = text.lower().find("<title")
    if start >= 0:
        title = text[start:].partition(">")[2].partition("<")[0].strip()
        if title:
            return html.unescape(title)[:300]
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())[:300]


def _read_object(fields: dict[str, object]) -> Facts:
    base = _json.as_mapping(fields.get("base_resp"))
    facts = Facts(
        message=_json.as_text(fields.get("message") or fields.get("msg") or base.get("status_msg")),
        param=_json.as_text(fields.get("param")) or None,
        details=_json.unknown(fields, _KNOWN | {"error"}),
    )
    _read_detail(fields.get("detail"), facts)
    for raw in (fields.get("code"), fields.get("statusCode"), base.get("status_code"), fields.get("status")):
        number = _json.as_int(raw)
        if number is not None:
            facts.status = facts.status or (number if 400 <= number <= 599 else None)
            facts.code = facts.code or ("" if 400 <= number <= 599 else str(number))
        elif isinstance(raw, str) and not facts.code:
            facts.code = _json.clean(raw)
    blamed = _FIELD.match(facts.message)
    facts.param = facts.param or (blamed[1] if blamed else None)
    facts.type = _json.as_text(fields.get("type"))
    metadata = _json.as_mapping(fields.get("metadata"))
    raw_text = metadata.get("raw")
    if isinstance(raw_text, str) and raw_text and facts.message.startswith("Provider returned error"):
        facts.message = f"{facts.message}: {_json.clean(raw_text)[:300]}"  # OpenRouter keeps the cause there (6.2)
    return facts


def _read_detail(detail: object, facts: Facts) -> None:
    """FastAPI's forms: a text, or a list of places and faults (quirk 6.10)."""
    if isinstance(detail, str):
        facts.message = facts.message or _json.clean(detail)
    elif isinstance(detail, dict):
        inner = read(detail)
        facts.message = facts.message or inner.message
        facts.code = facts.code or inner.code
    elif isinstance(detail, list):
        faults = []
        for fault in detail[:5]:
            if isinstance(fault, dict):
                place = [_json.as_text(step) for step in _json.as_list(fault.get("loc") or []) if step != "body"]
                facts.param = facts.param or (place[0] if place else None)
                faults.append(": ".join(filter(None, [".".join(place), _json.as_text(fault.get("msg"))])))
        facts.message = facts.message or "; ".join(faults)


def _google_delay(details: Mapping[str, object]) -> float | None:
    for detail in _json.as_list(details.get("details")):
        delay = _json.as_mapping(detail).get("retryDelay")
        if isinstance(delay, str):
            return seconds(delay)
    return None


def _masked(details: dict[str, object], secrets: tuple[Secret, ...]) -> dict[str, object]:
    """Details without keys, and small: strings of at most 4 KB, few of them."""

    def masked(value: object, depth: int = 5) -> object:
        if isinstance(value, str):
            return mask(value[:KEPT_BODY], secrets)
        if isinstance(value, dict):
            return {mask(key, secrets): masked(item, depth - 1) for key, item in list(value.items())[:50] if depth}
        if isinstance(value, list):
            return [masked(item, depth - 1) for item in value[:50] if depth]
        return value

    return {mask(key, secrets): masked(value) for key, value in list(details.items())[:50]}


def _phrase(status: int | None) -> str:
    if status is None:
        return "The server reported an error without a text"
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"
