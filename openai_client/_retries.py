"""When to send again and how long to wait first: pure rules of wire.md section 0."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime

from openai_client._settings import Retries
from openai_client._values import RateLimit, RateLimits
from openai_client.exceptions import OpenAIClientError, OutOfMoney

_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|h|m|s|d)")
_UNITS = {"d": 86_400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_TRY_AGAIN = re.compile(
    r"(?:try again|retry)\s+(?:in|after)\s+((?:\d+(?:\.\d+)?\s?(?:seconds?|minutes?|hours?|ms|h|m|s)\s?){1,4})",
    re.IGNORECASE,
)
MOST_LIMITS, LONGEST_LIMIT = 20, 100  # headers about rates, and characters of one, that are kept
_LONGEST = 366 * 86_400.0


@dataclass(frozen=True, slots=True)
class Retry:
    """Told before a wait: attempt number `attempt` (2, 3 ...) comes in `wait_seconds` because of `error`."""

    attempt: int
    wait_seconds: float
    error: OpenAIClientError


def seconds(text: str, now: float | None = None) -> float | None:
    """Seconds from a Go duration ("1h2m3.5s", "12ms"), a number of seconds, or an epoch in seconds or milliseconds.

    None when it is none of these or negative (Azure sends -1).
    """
    text = text.strip()
    if len(text) > 40 or not text:
        return None
    try:
        value = float(text)
    except ValueError:
        pieces = _DURATION.findall(text)
        if not pieces or "".join(number + unit for number, unit in pieces) != text:
            return None
        return min(sum(float(number) * _UNITS[unit] for number, unit in pieces), _LONGEST)
    if value > 1e11:
        value /= 1000
    if value > 1e9:  # a point in time
        value = max(0.0, value - (time.time() if now is None else now))
    return value if 0 <= value <= _LONGEST else None  # also drops nan


def retry_after(headers: Mapping[str, str], message: str = "") -> float | None:
    """Seconds the server asks us to wait: retry-after-ms, retry-after (number or date), or its message."""
    milliseconds = seconds(headers.get("retry-after-ms", ""), now=0)
    if milliseconds is not None:
        return milliseconds / 1000
    after = headers.get("retry-after", "")
    plain = seconds(after)
    if plain is not None:
        return plain
    if after:
        try:
            date = parsedate_to_datetime(after)
            date = date if date.tzinfo else date.replace(tzinfo=UTC)
            return max(0.0, date.timestamp() - time.time())
        except (ValueError, OverflowError, TypeError):
            pass
    asked = _TRY_AGAIN.search(message)
    if not asked:
        return None
    pieces = _DURATION.findall(asked[1].replace(" ", ""))
    return sum(float(number) * _UNITS[unit] for number, unit in pieces)


def rate_limits(headers: Mapping[str, str]) -> RateLimits:
    """The x-ratelimit-* headers, read defensively."""
    found = [name for name in headers if name.startswith("x-ratelimit-")]
    raw = {name[:LONGEST_LIMIT]: headers[name][:LONGEST_LIMIT] for name in found[:MOST_LIMITS]}

    def whole(name: str) -> int | None:
        value = raw.get(name, "").strip()
        return int(value) if value.isdecimal() and len(value) < 19 else None

    def window(kind: str) -> RateLimit:
        return RateLimit(
            limit=whole(f"x-ratelimit-limit-{kind}"),
            remaining=whole(f"x-ratelimit-remaining-{kind}"),
            reset_seconds=seconds(raw.get(f"x-ratelimit-reset-{kind}", "")),
        )

    return RateLimits(requests=window("requests"), tokens=window("tokens"), raw=raw) if raw else RateLimits()


def wait_before(attempt: int, error: OpenAIClientError, retries: Retries) -> float | None:
    """Seconds to wait before attempt number `attempt` (2, 3 ...), or None when the error is final."""
    if attempt > retries.attempts or not error.retryable or isinstance(error, OutOfMoney):
        return None
    asked = error.retry_after
    if asked is not None and asked > retries.honour:
        return None
    if asked:
        return asked
    backoff: float = min(retries.base * 2 ** min(attempt - 2, 30), retries.maximum)
    return backoff * random.uniform(0.75, 1.0)  # noqa: S311  spreads waiting clients, guards nothing
