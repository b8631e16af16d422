"""Whatever is sent to whatever address, the sandbox answers or refuses in OpenAI's shape, and never breaks."""

import asyncio
import json
import pathlib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sandbox
from sandbox import app, ask, completions, embeddings, imageask, models, schema
from tests.sandbox.calling import Answer, Door
from tests.sandbox.conftest import DOCUMENTS

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 300) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
PARTS = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, st.text(max_size=20)),
    st.builds(lambda url: {"type": "image_url", "image_url": {"url": url}}, st.text(max_size=20)),
    st.builds(lambda data: {"type": "file", "file": {"file_data": data}}, st.text(max_size=20)),
    VALUES,
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {"role": st.sampled_from(["system", "user", "assistant", "tool", "function"])},
        optional={"content": st.text(max_size=30) | st.lists(PARTS, max_size=3), "tool_calls": VALUES, "name": VALUES},
    )
    | VALUES,
    max_size=4,
)
TOOLS = st.lists(
    st.builds(
        lambda name, parameters: {"type": "function", "function": {"name": name, "parameters": parameters}},
        st.sampled_from(["weather", "sum"]) | st.text(max_size=4),
        st.dictionaries(st.sampled_from(["type", "properties", "anyOf", "enum", "$ref", "items"]), VALUES, max_size=3),
    ),
    max_size=2,
)
WORDS = [
    "type", "properties", "required", "anyOf", "allOf", "enum", "const", "$ref", "items", "minItems", "maxItems",
    "uniqueItems", "minimum", "maximum", "multipleOf", "exclusiveMinimum", "minLength", "maxLength", "pattern",
    "format", "default", "description",
]  # fmt: skip
SCHEMAS = st.dictionaries(
    st.sampled_from(WORDS),
    VALUES | st.sampled_from(["object", "array", "string", "integer", "#"]),
    max_size=4,
)
LIKELY: dict[str, st.SearchStrategy[Any]] = {
    "messages": MESSAGES,
    "tools": TOOLS,
    "model": st.sampled_from(sorted(models.MODELS)),
    "prompt": st.text(max_size=20),
    "input": st.text(max_size=20) | st.lists(st.text(max_size=5), max_size=3),
    "size": st.sampled_from(["auto", "64x64", "256x256"]),
    "n": st.integers(1, 3),
    "max_tokens": st.integers(1, 40),
    "response_format": st.builds(
        lambda rules: {"type": "json_schema", "json_schema": {"name": "x", "schema": rules}}, SCHEMAS
    ),
}
FIELDS = {
    "/v1/chat/completions": ask.FIELDS,
    "/v1/completions": completions.FIELDS,
    "/v1/embeddings": embeddings.FIELDS,
    "/v1/images/generations": imageask.TODAY | imageask.CLASSIC,
    "/v1/images/edits": imageask.TODAY,
}
NEEDED = ("model", "messages", "prompt", "input")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> pathlib.Path:
    """A data folder that all examples share."""
    return tmp_path_factory.mktemp("sandbox")


@st.composite
def bodies(draw: st.DrawFn, path: str) -> dict[str, Any]:
    """Draw a body for an address: what it needs, mostly likely, and a few other fields with anything in them."""
    known = FIELDS[path]
    chosen = [name for name in NEEDED if name in known] + draw(st.lists(st.sampled_from(sorted(known)), max_size=4))
    return {name: draw(LIKELY.get(name, VALUES) if draw(st.integers(0, 9)) else VALUES) for name in chosen}


def well_formed(answer: Answer) -> None:
    """Fail unless the answer is a success, or a refusal in OpenAI's shape."""
    if answer.status == 200:
        assert answer.body
    elif answer.headers["content-type"] == "application/json" and isinstance(answer.json.get("error"), dict):
        assert answer.error["message"]


@pytest.mark.parametrize("path", sorted(FIELDS))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_body_is_answered_or_refused(folder: pathlib.Path, path: str, data: st.DataObject) -> None:
    body = data.draw(bodies(path))
    door = Door(sandbox.create_app(data_dir=folder, documents=lambda: DOCUMENTS, pace=0))

    async def run() -> Answer:
        async with asyncio.timeout(60):
            return await door.post(path, body)

    if "timeout" not in str(body):  # the word that makes sandbox-error keep silent for an hour
        well_formed(asyncio.run(run()))


@given(path=st.text(max_size=20), method=st.sampled_from(["GET", "POST", "DELETE", "PUT", "HEAD"]))
def test_any_address_is_answered_or_refused(folder: pathlib.Path, path: str, method: str) -> None:
    door = Door(sandbox.create_app(data_dir=folder, documents=dict, pace=0))

    async def run() -> list[Answer]:
        return [await door.call(method, start + path).answer() for start in ("/", "/v1/", "/v1/models/", "/v1/files/")]

    for answer in asyncio.run(run()):
        assert answer.status in (200, 400, 404, 405)
        well_formed(answer)


@given(rules=SCHEMAS, inner=SCHEMAS, key=st.sampled_from(["items", "properties"]), text=st.text(max_size=30))
def test_any_schema_gives_something_that_json_can_hold(rules: Any, inner: Any, key: str, text: str) -> None:
    rules = rules | {key: inner if key == "items" else {"a": inner}}
    json.dumps(schema.instance(rules, schema.Hints(text)))


def test_every_address_of_the_table_is_reached_by_some_test_above_or_beside() -> None:
    assert {path for _, path, _ in app.ROUTES if "(" not in path} == {
        "/models", "/engines", "/chat/completions", "/completions", "/embeddings", "/images/generations",
        "/images/edits", "/images/variations", "/files",
    }  # fmt: skip
