"""Token counts from wherever a server puts them and whatever it calls them (quirks section 9)."""

from __future__ import annotations

from collections.abc import Mapping

from openai_client import _json
from openai_client._values import Usage


def _count(*values: object) -> int:
    """The first of these that is a number."""
    for value in values:
        number = _json.as_int(value)
        if number is not None:
            return number
    return 0


def read_usage(raw: object) -> Usage | None:
    """A usage object, None when it counts nothing: `{}` while running, zeros on faults (quirks 9.3, 9.7)."""
    if not isinstance(raw, dict) or not raw:
        return None
    inputs = _json.as_mapping(raw.get("prompt_tokens_details") or raw.get("input_tokens_details"))
    outputs = _json.as_mapping(raw.get("completion_tokens_details") or raw.get("output_tokens_details"))
    prompt = _count(raw.get("prompt_tokens"), raw.get("input_tokens"))
    completion = _count(raw.get("completion_tokens"), raw.get("output_tokens"))
    total = _count(raw.get("total_tokens")) or prompt + completion
    if not total:
        return None
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        total_tokens=total,
        cached_tokens=_count(
            inputs.get("cached_tokens"),
            raw.get("prompt_cache_hit_tokens"),
            raw.get("cached_tokens"),
            raw.get("cache_read_input_tokens"),
        ),
        reasoning_tokens=_count(outputs.get("reasoning_tokens"), raw.get("reasoning_tokens")),
        raw=_json.as_mapping(_json.storable(raw)),
    )


def usage_of(message: Mapping[str, object]) -> Usage | None:
    """The usage in a chunk or answer: its own, its first choice's, Groq's, or llama.cpp's timings (9.2 to 9.7)."""
    for raw in (message.get("usage"), _json.as_mapping(message.get("x_groq")).get("usage")):
        usage = read_usage(raw)
        if usage:
            return usage
    for choice in _json.as_list(message.get("choices"))[:1]:
        usage = read_usage(_json.as_mapping(choice).get("usage"))
        if usage:
            return usage
    return None


def usage_of_timings(timings: object) -> Usage | None:
    """llama.cpp counts in `timings` what it evaluated and what it took from its cache."""
    fields = _json.as_mapping(timings)
    cached = _count(fields.get("cache_n"))
    return read_usage(
        {
            **fields,
            "prompt_tokens": _count(fields.get("prompt_n")) + cached,
            "completion_tokens": _count(fields.get("predicted_n")),
            "cached_tokens": cached,
        }
        if fields
        else None
    )
