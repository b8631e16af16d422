"""Model and engine lists in the many shapes that servers give them (quirks section 7, wire.md sections 3 and 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from openai_client import _json
from openai_client._values import Deleted, Engine, EngineList, Model, ModelList, ResponseMeta
from openai_client.exceptions import TooLarge

_MODEL_KNOWN = frozenset({"id", "object", "created", "owned_by"})
_ENGINE_KNOWN = frozenset({"id", "object", "owner", "ready", "created"})
_CONTEXT = ("context_length", "max_model_len", "context_window", "max_context_length", "max_input_tokens", "n_ctx")
MOST_TOKENS = 10**9


def rows(value: object, limit: int) -> list[Mapping[str, object]]:
    """The rows of a list answer: `data`, beside or instead of it `models`, or a bare array; ids without doubles."""
    found: list[object] = []
    if isinstance(value, list):
        found = value
    elif isinstance(value, dict):
        found = [*_json.as_list(value.get("data")), *_json.as_list(value.get("models"))]
    if len(found) > limit:
        raise TooLarge(f"A list of more than {limit} rows", code="too_many_items")
    unique: dict[str, Mapping[str, object]] = {}
    for item in found:
        row = {"id": item} if isinstance(item, str) else _json.as_mapping(item)
        ident = _ident(row)
        if ident:
            unique.setdefault(ident, row)
    return list(unique.values())


def read_models(limit: int, value: object, meta: ResponseMeta) -> ModelList:
    """Any model list as values, in the server's order."""
    return ModelList(tuple(_model(row) for row in rows(value, limit)), meta)


def read_model(model_id: str, value: object, meta: ResponseMeta) -> Model:
    """One model, by the id it was asked for unless it gives its own."""
    return replace(_model({"id": model_id, **_json.as_mapping(value)}), meta=meta)


def read_engines(limit: int, value: object, meta: ResponseMeta) -> EngineList:
    """Any engine list as values."""
    return EngineList(tuple(_engine(row) for row in rows(value, limit)), meta)


def read_engine(engine_id: str, value: object, meta: ResponseMeta) -> Engine:
    """One engine, by the id it was asked for unless it gives its own."""
    return replace(_engine({"id": engine_id, **_json.as_mapping(value)}), meta=meta)


def read_deleted(ident: str, value: object, meta: ResponseMeta) -> Deleted:
    """The answer to a deletion, which may be empty."""
    fields = _json.as_mapping(value)
    return Deleted(_json.as_text(fields.get("id")) or ident, fields.get("deleted") is not False, meta)


def _model(row: Mapping[str, object]) -> Model:
    return Model(
        id=_ident(row),
        created=_json.as_seconds(row.get("created")),
        owned_by=_json.as_text(row.get("owned_by") or row.get("organization")),
        context_length=_context(row),
        extra=_json.unknown(row, _MODEL_KNOWN),
    )


def _engine(row: Mapping[str, object]) -> Engine:
    ready = row.get("ready")
    return Engine(
        id=_ident(row),
        owner=_json.as_text(row.get("owner") or row.get("owned_by")),
        ready=ready if isinstance(ready, bool) else None,
        created=_json.as_seconds(row.get("created")),
        extra=_json.unknown(row, _ENGINE_KNOWN),
    )


def _ident(row: Mapping[str, object]) -> str:
    return _json.as_text(row.get("id") or row.get("slug") or row.get("name") or row.get("model")).strip()


def _context(row: Mapping[str, object]) -> int | None:
    """The context in tokens: OpenRouter, vLLM, Groq, Mistral, llama.cpp each have a name for it (C6)."""
    places = (row, _json.as_mapping(row.get("top_provider")), _json.as_mapping(row.get("meta")))
    for place in places:
        for name in _CONTEXT:
            number = _json.as_int(place.get(name), 1, MOST_TOKENS)
            if number is not None:
                return number
    return _json.as_int(places[-1].get("n_ctx_train"), 1, MOST_TOKENS)
