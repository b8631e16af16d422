"""Keys that cannot be printed by accident, and the masking of keys in what servers say."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping

MASK = "****"
_KEY_LIKE = re.compile(r"\b(?:sk|sess|gsk|xai|pk|rk)-[A-Za-z0-9_\-]{6,}|(?i:\bbearer)\s+[A-Za-z0-9._~+/\-]{6,}=*")

_BEGINNINGS = ("sk-", "sess-", "xai-", "pk-", "rk-")


class Secret:
    """A string whose repr, str and format show nothing. `reveal()` gives the value.

    It cannot be pickled, so it cannot slip into a cache or a queue.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> str:
        raise TypeError("a Secret is not stored")


def mask(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text with these secrets, and whatever looks like an OpenAI-style key, replaced by asterisks.

    Servers repeat the key in 401 messages, sometimes whole (wire.md section 0).
    """
    for secret in secrets:
        value = secret.reveal()
        if len(value) >= 4:  # shorter "keys" (none, x) would blank ordinary words
            text = text.replace(value, MASK)
    return _KEY_LIKE.sub(MASK, text) if _is_suspicious(text) else text


def masked(value: object, secrets: Iterable[Secret] = ()) -> object:
    """A JSON value with `mask` in all of its texts, names included; the very same where there is nothing to mask."""
    secrets = tuple(secrets)
    text = json.dumps(value, ensure_ascii=False)
    written = (json.dumps(secret.reveal(), ensure_ascii=False)[1:-1] for secret in secrets if len(secret.reveal()) >= 4)
    if any(one in text for one in written) or (_is_suspicious(text) and _KEY_LIKE.search(text)):
        return _masked(value, secrets)
    return value


def _is_suspicious(text: str) -> bool:
    """Whether a look with _KEY_LIKE is worth its time: most texts have none of what it begins with."""
    lower = text.lower()
    return any(one in text for one in _BEGINNINGS) or lower.count("bearer") > lower.count(f"bearer {MASK}")


def _masked(value: object, secrets: tuple[Secret, ...]) -> object:
    if isinstance(value, str):
        return mask(value, secrets)
    if isinstance(value, Mapping):
        return {mask(str(name), secrets): _masked(one, secrets) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_masked(one, secrets) for one in value]
    return value
