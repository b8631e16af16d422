"""JSON as servers write it: read without complaint where something can be made of it, typed on the way out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

MAXIMUM_DEPTH = 40  # deeper nesting is nothing a person made
LAST_SECOND = 253_402_300_799  # 9999-12-31: later dates fit no calendar type

# Raw control characters inside strings are let through; NaN and Infinity, which no database takes, become null.
_DECODER = json.JSONDecoder(strict=False, parse_constant=lambda name: None)
_scan = _DECODER.raw_decode


class NotJSONError(ValueError):
    """The text is not one JSON value."""


def parse(text: str) -> object:
    """The one JSON value in `text`, which may have blanks around it. Raises NotJSONError, and nothing else."""
    text = text.strip()
    try:
        value, end = _scan(text, 0)
    except (ValueError, RecursionError):  # ValueError also for numbers of thousands of digits
        raise NotJSONError(text[:60]) from None
    if end != len(text):
        raise NotJSONError(text[end : end + 60])
    return value


def dumps(value: object) -> bytes:
    """A request body. Lone surrogates, which UTF-8 cannot hold, are escaped. Raises ValueError for what is no JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return json.dumps(value, allow_nan=False, separators=(",", ":")).encode()


def objects(text: str) -> tuple[dict[str, object], ...]:
    """The JSON objects written one after the other in `text` (quirk 5.9); () when anything else is in it."""
    found: list[dict[str, object]] = []
    position, text = 0, text.strip()
    while position < len(text):
        try:
            value, position = _scan(text, position)
        except (ValueError, RecursionError):
            return ()
        if not isinstance(value, dict):
            return ()
        found.append(value)
        while position < len(text) and text[position] in " \t\r\n,":
            position += 1
    return tuple(found)


def decode(raw: bytes) -> str:
    """Bytes as text, whatever they are.

    Halves of surrogate pairs, and bytes that are not UTF-8, stay as lone surrogates so that text.Joiner can put
    together what a server cut (quirk 1.10).
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        pass
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape")


def clean(text: str) -> str:
    """Text that every database and encoder takes: halves joined, lone surrogates and NUL shown as U+FFFD."""
    if "\0" in text:
        text = text.replace("\0", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return _mended(text)
    return text


def _mended(text: str) -> str:
    try:  # bytes that were escaped one by one may be whole characters by now
        return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def storable(value: object, depth: int = MAXIMUM_DEPTH) -> object:
    """A copy of a JSON value that every database takes: clean strings, finite numbers, bounded depth."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, (dict, list)) and not depth:
        return None
    if isinstance(value, dict):
        return {clean(str(key)): storable(item, depth - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item, depth - 1) for item in value]
    return value


def unknown(fields: Mapping[str, object], known: frozenset[str]) -> dict[str, object]:
    """What a typed value does not name, kept as it came. Nulls are left out."""
    return {clean(key): storable(value) for key, value in fields.items() if key not in known and value is not None}


def as_text(value: object) -> str:
    """A string field; numbers are written out, everything else is empty."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value) if not isinstance(value, int) or value.bit_length() < 128 else ""
    return ""


def as_int(value: object, low: int = 0, high: int = 2**63 - 1) -> int | None:
    """A whole number between `low` and `high`, also from a float or a string; None for anything else."""
    if isinstance(value, str) and len(value) <= 24:
        try:
            value = float(value) if not value.strip().lstrip("-").isdecimal() else int(value)
        except ValueError:
            return None
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if low <= value <= high else None


def as_seconds(value: object) -> int | None:
    """A Unix time in whole seconds; None when no calendar could show it (the year 300000)."""
    return as_int(value, 1, LAST_SECOND)


def as_mapping(value: object) -> Mapping[str, object]:
    """An object, or an empty one for null and for everything that is none."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """A list; null is empty, a single object a list of one."""
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, dict) else []
