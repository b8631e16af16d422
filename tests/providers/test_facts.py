"""What is known of a model: from its server's row in any of its shapes, then from the table."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openai_client._json import storable
from openai_client._lists import read_models
from openai_client._values import NO_META
from providers import facts, known_models

OPENAI = "https://api.openai.com/v1"
ROWS: list[tuple[Any, dict[str, Any]]] = [
    ({"id": "m"}, {"id": "m"}),
    ({"id": "m", "shutdown_date": "2027-01-14"}, {"shutdown_date": "2027-01-14"}),
    ({"id": "m", "shutdown_date": "soon"}, {}),
    ({"id": "m", "max_model_len": 4096, "root": "base", "permission": []}, {"context_length": 4096, "parent": "base"}),
    (
        {
            "id": "maker/m",
            "name": "Maker: M",
            "context_length": 131072,
            "architecture": {"input_modalities": ["text", "image"], "output_modalities": ["text"]},
            "top_provider": {"max_completion_tokens": 8192},
            "supported_parameters": ["tools", "temperature"],
            "pricing": {"prompt": "0.0000005", "completion": "0.0000015", "note": "free!"},
        },
        {
            "label": "Maker: M",
            "context_length": 131072,
            "longest_answer": 8192,
            "pricing": {"prompt": "0.0000005", "completion": "0.0000015"},
            "capabilities": {
                "tools": True,
                "json": False,
                "reasoning": False,
                "vision": True,
                "images": False,
                "audio": False,
                "chat": True,
            },
        },
    ),
    ({"id": "m", "capabilities": ["completion", "vision"]}, {"capabilities": {"vision": True}}),
    (
        {"id": "m", "capabilities": {"vision": False, "function_calling": True}},
        {"capabilities": {"vision": False, "tools": True}},
    ),
    ({"id": "m", "type": "embeddings"}, {"capabilities": {"embeddings": True, "chat": False}}),
    ({"id": "models/gemini-x", "meta": {"n_ctx_train": 32768}}, {"id": "models/gemini-x", "context_length": 32768}),
    ({"id": "m", "context_length": "many", "max_tokens": True, "pricing": 3, "architecture": [], "name": 7}, {}),
]


@pytest.mark.parametrize(("row", "expected"), ROWS, ids=range(len(ROWS)))
def test_a_servers_row_becomes_facts(row: Any, expected: dict[str, Any]) -> None:
    (model,) = read_models(10, {"data": [row]}, NO_META)
    found = facts.of_server(model)
    assert {name: found.get(name) for name in expected} == expected


@given(st.dictionaries(st.sampled_from([
    "id", "name", "capabilities", "architecture", "pricing", "supported_parameters", "top_provider", "type", "created",
    "max_tokens", "shutdown_date", "description", "parent", "owned_by", "context_length",
]), st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)))  # fmt: skip
def test_whatever_a_server_sends_becomes_facts_or_nothing(row: dict[str, Any]) -> None:
    for model in read_models(10, {"data": [storable(row)]}, NO_META):
        found = facts.of_server(model)
        assert found["id"]
        merged = facts.merged(found, known_models.of_table(model.id, OPENAI))
        assert all(value in (True, False) for value in merged["capabilities"].values())


def test_what_the_server_says_wins_and_each_fact_says_whose_it_is() -> None:
    server = {"id": "gpt-4o", "context_length": 1_000, "capabilities": {"vision": False}}
    found = facts.merged(server, known_models.of_table("gpt-4o", OPENAI))
    assert (found["context_length"], found["sources"]["context_length"]) == (1_000, "server")
    assert (found["capabilities"]["vision"], found["sources"]["vision"]) == (False, "server")
    assert (found["capabilities"]["tools"], found["sources"]["tools"]) == (True, "table")
    assert (found["longest_answer"], found["sources"]["longest_answer"]) == (16_384, "table")


@pytest.mark.parametrize(
    ("model_id", "url", "expected"),
    [
        ("gpt-4o-mini", OPENAI, {"family": "GPT-4o", "shutdown_date": "2027-01-14"}),
        ("openai/gpt-4o", "https://openrouter.ai/api/v1", {"family": "GPT-4o", "shutdown_date": None}),
        ("ft:gpt-4o:acme::x", OPENAI, {"family": "GPT-4o"}),
        ("models/gemini-9", "https://relay.example.org/v1", {"family": "Gemini"}),
        ("gpt-4.1-nano", OPENAI, {"shutdown_date": "2026-10-23"}),
        ("never-heard-of-[x]?", OPENAI, {"family": None, "capabilities": {}}),
        ("sandbox-image", "http://sandbox/v1", {"family": "Sandbox"}),
    ],
)
def test_the_table_knows_families_wherever_they_are(model_id: str, url: str, expected: dict[str, Any]) -> None:
    found = known_models.of_table(model_id, url)
    assert {name: found.get(name) for name in expected} == expected


def test_the_owners_rows_come_last() -> None:
    own = [
        ("gpt-4o*", "", {"context_length": 64_000, "capabilities": {"vision": False}}),
        ("*", "other.host", {"family": "X"}),
    ]
    found = known_models.of_table("gpt-4o", OPENAI, own)
    assert (found["context_length"], found["capabilities"]["vision"], found["family"]) == (64_000, False, "GPT-4o")
    assert found["capabilities"]["tools"] is True


@pytest.mark.parametrize(
    ("model_id", "family"),
    [
        ("llama3.2:latest", "llama3.2"),
        ("org/Mega-7B-chat", "mega"),
        ("x", "x"),
        ("7b-thing", "7b-thing"),
        ("模型", "模型"),
    ],
)
def test_an_id_names_its_family_where_no_table_does(model_id: str, family: str) -> None:
    assert facts.family_of(model_id) == family


@pytest.mark.parametrize(
    ("model_id", "yes"),
    [
        ("gpt-4o-2024-08-06", True),
        ("gpt-4-0613", True),
        ("claude-20250219", True),
        ("gpt-4o", False),
        ("m-1234567", False),
    ],
)
def test_a_dated_id_is_a_fixed_version(model_id: str, yes: bool) -> None:
    assert facts.is_snapshot(model_id) is yes


@pytest.mark.parametrize(
    ("model_id", "owner", "yes"),
    [
        ("ft:gpt-4o:acme::x1", "", True),
        ("curie:ft-acme-2022", "", True),
        ("m", "org-acme", True),
        ("gpt-4o", "openai", False),
    ],
)
def test_only_what_somebody_made_may_be_deleted(model_id: str, owner: str, yes: bool) -> None:
    assert facts.is_fine_tuned(model_id, owner) is yes
