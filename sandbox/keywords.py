"""The words of JSON Schema that the sandbox obeys, and schemas with all else, and all that is amiss, left out."""

import math
from typing import Any

LARGEST = 10**15  # beyond it decimals are no longer exact


def _object(value: Any) -> bool:
    return isinstance(value, dict)


def _filled(value: Any) -> bool:
    return isinstance(value, list) and bool(value)


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _kind(value: Any) -> bool:
    return _text(value) or (_filled(value) and _texts(value))


def _number(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= LARGEST if isinstance(value, float) else abs(value) <= LARGEST


def _step(value: Any) -> bool:
    return _number(value) and value > 0


def _size(value: Any) -> bool:
    return _number(value) and value >= 0 and value == int(value)


def _any(value: Any) -> bool:
    return True


KEYWORDS = {
    "$ref": _text, "type": _kind, "properties": _object, "required": _texts, "items": _any, "anyOf": _filled,
    "oneOf": _filled, "allOf": _filled, "enum": _filled, "const": _any, "default": _any, "format": _text,
    "pattern": _text, "description": _text, "minLength": _size, "maxLength": _size, "minItems": _size,
    "maxItems": _size, "uniqueItems": _any, "minimum": _number, "maximum": _number, "exclusiveMinimum": _number,
    "exclusiveMaximum": _number, "multipleOf": _step,
}  # fmt: skip


def tidy(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the keywords of a schema whose values are what they have to be."""
    return {word: value for word, value in schema.items() if word in KEYWORDS and KEYWORDS[word](value)}


def resolved(schema: dict[str, Any], root: Any, limit: int = 16) -> dict[str, Any]:
    """Return a tidy schema with $ref followed within the root, and allOf joined; limit ends circles."""
    schema = tidy(schema)
    while "$ref" in schema and limit:
        found = tidy(_pointed(schema.pop("$ref"), root))
        schema = {**found, **schema}
        limit -= 1
    for part in schema.pop("allOf", ()):
        if isinstance(part, dict) and limit:
            schema = _joined(schema, resolved(part, root, limit - 1))
    return schema


def _pointed(pointer: str, root: Any) -> dict[str, Any]:
    """Return what a pointer such as #/$defs/x points at, {} where there is nothing."""
    found = root
    for step in pointer.removeprefix("#").strip("/").split("/"):
        if step:
            found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _joined(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    properties = {**schema.get("properties", {}), **part.get("properties", {})}
    required = [*schema.get("required", []), *part.get("required", [])]
    return {**part, **schema, **({"properties": properties} if properties else {}), "required": required}
