"""JSON mode and schemas: always JSON, and always an instance of the schema (F3 to F5, D10)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import schema
from tests.sandbox.calling import Door

PERSON = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "email": {"type": "string", "format": "email"},
        "tags": {"type": "array", "items": {"type": "string", "enum": ["a", "b"]}, "minItems": 1, "uniqueItems": True},
        "parent": {"anyOf": [{"$ref": "#"}, {"type": "null"}]},
    },
    "required": ["name", "age", "email", "tags", "parent"],
    "additionalProperties": False,
}


async def test_json_mode_answers_an_object(door: Door) -> None:
    answer = await door.chat("Say hello as JSON", response_format={"type": "json_object"})
    assert json.loads(answer.text)["sandbox"] is True


async def test_a_schema_is_filled_from_the_message(door: Door) -> None:
    wanted = {"type": "json_schema", "json_schema": {"name": "person", "strict": True, "schema": PERSON}}
    text = "Please extract: Ada Lovelace, 36 years, ada@example.org"
    person = json.loads((await door.chat(text, response_format=wanted)).text)
    assert (person["name"], person["age"], person["email"]) == ("Ada Lovelace", 36, "ada@example.org")
    fits(person, PERSON, PERSON)


async def test_a_cut_answer_is_no_json_and_says_length(door: Door) -> None:
    answer = await door.chat("json please", response_format={"type": "json_object"}, max_tokens=4)
    assert answer.json["choices"][0]["finish_reason"] == "length"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(answer.text)


async def test_an_open_schema_cannot_be_strict(door: Door) -> None:
    loose = {"type": "object", "properties": {"a": {"type": "string"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": loose}}
    answer = await door.chat("hi", response_format=wanted)
    assert (answer.status, answer.error["param"]) == (400, "response_format")


KINDS: dict[str, Any] = {
    "string": str, "boolean": bool, "null": type(None), "object": dict, "array": list, "integer": int,
    "number": (int, float),
}  # fmt: skip


def fits(value: Any, rules: dict[str, Any], root: dict[str, Any]) -> None:
    """Fail when a value does not fit a schema of the kinds that the property below makes."""
    rules = root if "$ref" in rules else rules
    if "anyOf" in rules:
        _fits_one(value, rules["anyOf"], root)
    elif "const" in rules or "enum" in rules:
        assert value in rules.get("enum", [rules.get("const")])
    else:
        assert isinstance(value, KINDS[rules["type"]])
        assert isinstance(value, bool) == (rules["type"] == "boolean")
        _within(value, rules, root)


def _within(value: Any, rules: dict[str, Any], root: dict[str, Any]) -> None:
    kind = rules["type"]
    if kind in ("integer", "number"):
        assert rules.get("minimum", value) <= value <= rules.get("maximum", value)
    elif kind == "string":
        assert rules.get("minLength", 0) <= len(value) <= rules.get("maxLength", len(value))
    elif kind == "array":
        assert rules.get("minItems", 0) <= len(value) <= rules.get("maxItems", len(value))
        for one in value:
            fits(one, rules["items"], root)
    elif kind == "object":
        assert set(rules.get("required", ())) <= set(value) <= set(rules["properties"])
        for name, one in value.items():
            fits(one, rules["properties"][name], root)


def _fits_one(value: Any, branches: list[dict[str, Any]], root: dict[str, Any]) -> None:
    for branch in branches:
        try:
            return fits(value, branch, root)
        except AssertionError:
            continue
    raise AssertionError(f"{value!r} fits none of {branches}")


def bounded(kind: str, low: str, high: str, numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return schemas of one kind with two bounds in order."""
    pairs = st.lists(numbers, min_size=2, max_size=2).map(sorted)
    return pairs.map(lambda pair: {"type": kind, low: pair[0], high: pair[1]})


SIMPLE = st.one_of(
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": "string"}, {"type": "integer"}, {"$ref": "#"}]),
    st.lists(st.text(max_size=4), min_size=1, max_size=3).map(lambda words: {"enum": words}),
    st.integers().map(lambda number: {"const": number}),
    bounded("integer", "minimum", "maximum", st.integers(-1000, 1000)),
    bounded("number", "minimum", "maximum", st.floats(-1000, 1000)),
    bounded("string", "minLength", "maxLength", st.integers(0, 30)),
)


def compound(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects, arrays and alternatives of other schemas; what refers to itself is never required."""
    names = st.sampled_from(["name", "city", "count", "query", "date", "note"])
    objects = st.dictionaries(names, inner, max_size=4).map(
        lambda properties: {
            "type": "object",
            "properties": properties,
            "required": [name for name, one in properties.items() if "$ref" not in str(one)],
        }
    )
    lengths = st.lists(st.integers(0, 4), min_size=2, max_size=2).map(sorted)
    arrays = st.builds(
        lambda items, pair: {"type": "array", "items": items, "minItems": pair[0], "maxItems": pair[1]},
        inner.filter(lambda one: "$ref" not in str(one)),
        lengths,
    )
    return st.one_of(objects, arrays, st.builds(lambda one: {"anyOf": [one, {"type": "null"}]}, inner))


@given(
    rules=st.dictionaries(st.text(max_size=5), st.recursive(SIMPLE, compound, max_leaves=8), max_size=3).map(
        lambda properties: {"type": "object", "properties": properties}
    ),
    text=st.text(max_size=60) | st.just("Send 17 to Rome and Berlin, 3.5 times, not at 10:30 on 2026-05-01"),
)
def test_whatever_the_schema_the_answer_fits_it(rules: dict[str, Any], text: str) -> None:
    value = schema.instance(rules, schema.Hints(text))
    json.dumps(value)
    fits(value, rules, rules)


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"type": "integer", "multipleOf": 5, "minimum": 3}, 5),
        ({"type": "integer", "exclusiveMinimum": 7}, 8),
        ({"type": "string", "default": "kept"}, "kept"),
        ({"type": ["null", "boolean"]}, True),
        ({"allOf": [{"type": "object", "properties": {"a": {"const": 1}}}, {"required": ["a"]}]}, {"a": 1}),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"const": 2}}}, 2),
        ({"$ref": "#/nowhere"}, "text"),
        ({"properties": {"city": {"type": "string"}}}, {"city": "Paris"}),
        (True, "sandbox"),
    ],
    ids=str,
)
def test_the_rarer_words_of_schemas_are_obeyed(rules: Any, value: Any) -> None:
    assert schema.instance(rules, schema.Hints("text")) == value
