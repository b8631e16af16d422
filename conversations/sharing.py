"""One call's usage, shared among the answers that it brought (docs/protocol.md says how). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from billing import tokens
from billing.pricing import Counts
from billing.sharing import divided

Json = dict[str, Any]
Written = tuple[str, str]  # of one answer, in one call: its text, its reasoning


def usage(told: Mapping[str, Any] | None, written: Sequence[Written]) -> list[Json | None]:
    """Each answer's part of what the upstream has counted; the parts add up to it.

    The prompt was read once for all: evenly. What was written: by the length of each text, and of each reasoning.
    """
    if told is None:
        return [None] * len(written)
    count = {name: value for name, value in told.items() if type(value) is int and value >= 0}
    even, texts, thoughts = [1] * len(written), *_lengths(written)
    both = _sums(texts, thoughts)
    written_tokens, reasoning = count.get("completion_tokens", 0), count.get("reasoning_tokens", 0)
    thought = divided(reasoning, thoughts if any(thoughts) else both)
    said = divided(max(0, written_tokens - reasoning), texts if any(texts) else both)
    parts = {
        "prompt_tokens": divided(count.get("prompt_tokens", 0), even),
        "completion_tokens": _sums(said, thought) if reasoning <= written_tokens else divided(written_tokens, both),
        "cached_tokens": divided(count.get("cached_tokens", 0), even),
        "reasoning_tokens": thought,
    }
    each = _sums(parts["prompt_tokens"], parts["completion_tokens"])
    parts["total_tokens"] = divided(count.get("total_tokens", 0), each)
    return [{**told, **{name: parts[name][place] for name in parts if name in told}} for place in range(len(written))]


def counts(used: Sequence[Mapping[str, Any] | None], written: Sequence[Written], prompt_tokens: int) -> list[Counts]:
    """What each answer has used, for the sharing of the cost: as told, else as its length says."""
    prompts = divided(prompt_tokens, [1] * len(written))
    return [
        Counts(
            said.get("prompt_tokens") or prompt,
            said.get("completion_tokens") or length,
            said.get("cached_tokens") or 0,
            said.get("reasoning_tokens") or 0,
        )
        for said, prompt, length in zip([one or {} for one in used], prompts, _sums(*_lengths(written)), strict=True)
    ]


def _sums(some: Sequence[int], others: Sequence[int]) -> list[int]:
    return [one + other for one, other in zip(some, others, strict=True)]


def _lengths(written: Sequence[Written]) -> tuple[list[int], list[int]]:
    """About how many tokens each text has, and each reasoning."""
    return [tokens.estimate(text) for text, _ in written], [tokens.estimate(thought) for _, thought in written]
