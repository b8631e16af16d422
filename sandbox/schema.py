"""An instance of a JSON Schema: values that fit it, taken from a text where the text has fitting ones (E, D10, F3)."""

import dataclasses
import re
from typing import Any

from sandbox import keywords, patterns

NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?!\w)")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"https?://[^\s<>\"')]+")
DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
TIME = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
PLACE = re.compile(r"\b(?:in|at|for|to|from|near|of)\s+((?:[A-Z][\w'’-]*)(?:[ ,]+[A-Z][\w'’-]*)*)")
HAN_PLACE = re.compile(
    r"(?:在|去|到|查一?下?|问一?下?)?([\u4e00-\u9fff]{2,4}?)(?:市)?(?:今天|明天|现在|后天)?的?(?:天气|气温|温度|时间)"
)
NAME = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)*\b")
SEPARATOR = re.compile(r",\s*(?:and\s+)?|;|、|，|\s+and\s+")
LONGEST = 4000  # characters of a text that are looked at: some expressions take the square of it
MOST_ITEMS = 100
DEEPEST = 8  # levels; a schema that refers to itself stops here
PLACES = re.compile(r"location|city|place|town|country|destination|where|address|地点|城市", re.IGNORECASE)
NAMES = re.compile(r"name|person|author|customer|who|姓名", re.IGNORECASE)
EXPRESSION = re.compile(r"expression|formula|calculation|算式", re.IGNORECASE)
SUM = re.compile(r"[\d.(][\d\s.+*/()^%×÷-]*[\d)]")
NOT = re.compile(r"\b(no|not|without|never|don't)\b|不", re.IGNORECASE)
FORMATS = {
    "date": "2026-01-01", "time": "12:00:00Z", "date-time": "2026-01-01T12:00:00Z", "email": "sandbox@example.com",
    "uri": "https://example.com/sandbox", "url": "https://example.com/sandbox", "hostname": "sandbox.example.com",
    "ipv4": "192.0.2.1", "ipv6": "2001:db8::1", "uuid": "00000000-0000-4000-8000-000000000000", "duration": "P1D",
}  # fmt: skip


@dataclasses.dataclass
class Hints:
    """What a text offers: each number, place and name is used once, so that two fields get two of them."""

    text: str
    words: str = ""  # what a free text field gets; the text itself when empty
    numbers: list[str] = dataclasses.field(default_factory=list)
    places: list[str] = dataclasses.field(default_factory=list)
    names: list[str] = dataclasses.field(default_factory=list)
    budget: int = 2000  # values that are made at most: arrays of arrays of arrays end

    def __post_init__(self) -> None:
        self.text = self.text[:LONGEST]
        self.numbers = [number for number in NUMBER.findall(self.text) if len(number) < 16]
        self.places = places(self.text)
        self.names = [name for name in NAME.findall(self.text) if not self.text.startswith(name)] or NAME.findall(
            self.text
        )

    def listed(self) -> list[str]:
        """Return the parts of an enumeration: "Pack: socks, shirts and a hat" has three; no list has none."""
        parts = [part.strip(" .!?") for part in SEPARATOR.split(self.text.rsplit(":", 1)[-1])]
        return [part for part in parts if part] if len(parts) > 1 else []


def places(text: str) -> list[str]:
    """Return the places that a text names, in order: capitals after in, at, for; Chinese ones before 天气."""
    found = [match.strip(" ,") for match in PLACE.findall(text)]
    split = [one.strip() for match in found for one in re.split(r",? and |;", match)]
    for match in PLACE.finditer(text):  # "in Paris and Berlin": what follows "and" counts too
        rest = text[match.end() :]
        while after := re.match(r",?\s+(?:and|or)\s+([A-Z][\w'’-]*(?: [A-Z][\w'’-]*)*)", rest):
            split.append(after[1])
            rest = rest[after.end() :]
    return list(dict.fromkeys(split + HAN_PLACE.findall(text)))


def instance(schema: Any, hints: Hints, root: Any = None, name: str = "", depth: int = 0) -> Any:
    """Return a value that fits a schema; name is the field's name, which tells what its text should be."""
    root = schema if root is None else root
    hints.budget -= 1
    if not isinstance(schema, dict) or depth > 64 or hints.budget < 0:
        return "sandbox"
    schema = keywords.resolved(schema, root)
    if "const" in schema:
        return schema["const"]
    if "default" in schema and not _mentioned(schema, hints):
        return schema["default"]
    if schema.get("enum"):
        return _enum(schema["enum"], hints.text)
    if branches := schema.get("anyOf") or schema.get("oneOf"):
        return instance(_branch(branches, root, depth), hints, root, name, depth + 1)
    kind = _kind(schema, depth)
    if kind == "object":
        return _object(schema, hints, root, depth)
    if kind == "array":
        return _array(schema, hints, root, name, depth)
    return _simple(kind, schema, hints, name)


def _simple(kind: str, schema: dict[str, Any], hints: Hints, name: str) -> Any:
    if kind == "string":
        return _string(schema, hints, name, f"{name} {schema.get('description', '')}")
    if kind in ("integer", "number"):
        return _number(schema, hints, whole=kind == "integer")
    return None if kind == "null" else not NOT.search(hints.text)


def _mentioned(schema: dict[str, Any], hints: Hints) -> bool:
    """Tell whether the text holds a value for a field that has a default."""
    if schema.get("enum"):
        return any(str(one).lower() in hints.text.lower() for one in schema["enum"] if one is not None)
    return schema.get("type") in ("integer", "number") and bool(hints.numbers)


def _kind(schema: dict[str, Any], depth: int) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        kinds = [one for one in kind if one != "null"]
        return str(kinds[0]) if kinds and depth < DEEPEST else ("null" if "null" in kind else str(kind[0]))
    if kind:
        return str(kind)
    return "object" if "properties" in schema else "array" if "items" in schema else "string"


def _branch(branches: list[Any], root: Any, depth: int) -> Any:
    """Return the first alternative that is not null; deep down the simplest, so that trees end."""
    plain = [keywords.resolved(one, root) for one in branches if isinstance(one, dict)]
    if depth >= DEEPEST:
        return min(plain, key=lambda one: ("properties" in one, "items" in one), default={})
    return next((one for one in plain if one.get("type") != "null"), {"type": "null"})


def _enum(values: list[Any], text: str) -> Any:
    return next(
        (one for one in values if one is not None and re.search(rf"(?<!\w){re.escape(str(one))}", text, re.IGNORECASE)),
        values[0],
    )


def _object(schema: dict[str, Any], hints: Hints, root: Any, depth: int) -> dict[str, Any]:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    kept = properties if depth < DEEPEST else {name: one for name, one in properties.items() if name in required}
    made = {name: instance(one, hints, root, name, depth + 1) for name, one in kept.items()}
    return made | {name: "sandbox" for name in required if name not in made}


def _array(schema: dict[str, Any], hints: Hints, root: Any, name: str, depth: int) -> list[Any]:
    least, most = int(schema.get("minItems", 0)), int(schema.get("maxItems", MOST_ITEMS))
    items = schema.get("items", {})
    listed = hints.listed() if isinstance(items, dict) and set(items) <= {"type", "description"} else []
    if listed and items.get("type") == "string" and least <= len(listed):
        return listed[:most]
    length = max(least, 2 if depth < 3 else 1) if depth < DEEPEST else least
    made = [instance(items, hints, root, name, depth + 1) for _ in range(min(length, most, MOST_ITEMS))]
    return _unlike(made, items) if schema.get("uniqueItems") else made


def _unlike(made: list[Any], items: Any) -> list[Any]:
    """Return values of which no two are equal: all that an enumeration has, numbered texts, numbers counted on."""
    choices = keywords.tidy(items).get("enum", []) if isinstance(items, dict) else []
    if choices:
        return [one for place, one in enumerate(choices) if one not in choices[:place]][: max(1, len(made))]
    unlike: list[Any] = []
    for place, one in enumerate(made):
        if one in unlike:
            one = f"{one} {place + 1}" if isinstance(one, str) else one + place if type(one) in (int, float) else one
        if one not in unlike:
            unlike.append(one)
    return unlike


def _string(schema: dict[str, Any], hints: Hints, name: str, described: str) -> str:
    """Return a text: what the hints hold for its format or name, else an example of the format, else words."""
    form = schema.get("format", "")
    for pattern, wanted in ((EMAIL, "email"), (URL, "ur[il]|link"), (DATE, r"\bdate\b"), (TIME, r"\btime\b")):
        if re.search(wanted, f"{form} {name}", re.IGNORECASE) and (match := pattern.search(hints.text)):
            return _fit(match[0], schema)
    if form in FORMATS:
        return FORMATS[form]
    if schema.get("pattern"):
        made = patterns.fitting(str(schema["pattern"]))
        return "sandbox" if made is None else made
    return _fit(_words(hints, name, described), schema)


def _words(hints: Hints, name: str, described: str) -> str:
    """Return the words of a text that suit a field."""
    if PLACES.search(name) or PLACES.search(described):
        return hints.places.pop(0) if hints.places else "Paris"
    if EXPRESSION.search(name) and (match := SUM.search(hints.text)):
        return match[0]
    if NAMES.search(name):
        return hints.names.pop(0) if hints.names else "Sandbox"
    return hints.words or hints.text or "sandbox"


def _fit(text: str, schema: dict[str, Any]) -> str:
    least, most = int(schema.get("minLength", 0)), int(schema.get("maxLength", LONGEST))
    return text.ljust(min(least, LONGEST), ".")[:most]


def _number(schema: dict[str, Any], hints: Hints, *, whole: bool) -> float | int:
    """Return the text's next number, moved into the schema's bounds; without one the smallest that fits from 1 on."""
    value = float(hints.numbers.pop(0)) if hints.numbers else 1.0
    step = float(schema.get("multipleOf") or (1 if whole else 0))
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + (step or 0.5)
    if "exclusiveMaximum" in schema:
        high = schema["exclusiveMaximum"] - (step or 0.5)
    value = value if low is None else max(value, float(low))
    value = value if high is None else min(value, float(high))
    if step:
        steps = -(-value // step) if high is None or -(-value // step) * step <= high else value // step
        value = steps * step
    return int(value) if whole or value.is_integer() else value
