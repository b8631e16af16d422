"""The shapes of a choice: a whole message, or the deltas of a stream, with log probabilities (wire.md section 1)."""

import collections.abc
import itertools
from typing import Any

from sandbox import answers, ask, house

Ask = ask.Ask


class Measure:
    """Log probabilities for the tokens of an answer, by the word chain over the site's documents (B15); reads them."""

    def __init__(self, wanted: Ask, here: house.House) -> None:
        self._on = bool(wanted.set_fields.get("logprobs"))
        self._top = int(wanted.set_fields.get("top_logprobs", 0))
        self._chain = here.library.open().chain if self._on else None

    def of(self, pieces: list[str], before: str = "") -> dict[str, Any] | None:
        """Return the logprobs of tokens that follow another, None when they are off."""
        if self._chain is None:
            return None
        rows = []
        for one, piece in itertools.pairwise([before, *pieces]):
            logprob, top = self._chain.logprobs(one, piece, self._top)
            rows.append(_entry(piece, logprob) | {"top_logprobs": [_entry(token, value) for token, value in top]})
        return {"content": rows, "refusal": None}


def _entry(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode("utf-8", "replace"))}


def _call(call: answers.Call, text: str) -> dict[str, Any]:
    inner = {"name": call.name, "arguments" if call.kind == "function" else "input": text}
    return {"id": call.id, "type": call.kind, call.kind: inner}


def _finish(wanted: Ask, choice: answers.Choice) -> str:
    """Return the finish reason: a whole call ends with tool_calls, in the old form with function_call (E4, E5).

    A named choice ends with "stop", as at OpenAI: the call was asked for, not decided on.
    """
    if not choice.calls or choice.finish != "stop":
        return choice.finish
    if wanted.tools.mode == "named":
        return "stop"
    return "function_call" if wanted.tools.old else "tool_calls"


def all_whole(wanted: Ask, choices: list[answers.Choice], measure: Measure) -> list[dict[str, Any]]:
    """Return the choices of an answer that is not streamed; with log probabilities that takes a while."""
    return [whole(wanted, choice, index, measure) for index, choice in enumerate(choices)]


def whole(wanted: Ask, choice: answers.Choice, index: int, measure: Measure) -> dict[str, Any]:
    """Return a choice of an answer that is not streamed."""
    content = "".join(choice.content)
    message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": None, "annotations": []}
    if choice.reasoning:
        message["reasoning_content"] = "".join(choice.reasoning)
    calls = [_call(call, "".join(text)) for call, text in zip(choice.calls, choice.arguments, strict=True)]
    if calls:
        message["content"] = content or None
        if wanted.tools.old:
            message["function_call"] = calls[0]["function"]
        else:
            message["tool_calls"] = calls
    return {
        "index": index,
        "message": message,
        "logprobs": measure.of(choice.content),
        "finish_reason": _finish(wanted, choice),
    }


def pieces(
    wanted: Ask, choice: answers.Choice, index: int, measure: Measure
) -> collections.abc.Iterator[dict[str, Any]]:
    """Yield the choice of each chunk: role, reasoning, text, calls, and at the end the finish reason alone."""

    def chunk(
        delta: dict[str, Any], logprobs: dict[str, Any] | None = None, finish: str | None = None
    ) -> dict[str, Any]:
        return {"index": index, "delta": delta, "logprobs": logprobs, "finish_reason": finish}

    yield chunk({"role": "assistant", "content": None if choice.calls and not choice.content else "", "refusal": None})
    for piece in choice.reasoning:
        yield chunk({"reasoning_content": piece})
    for before, piece in itertools.pairwise(["", *choice.content]):
        yield chunk({"content": piece}, measure.of([piece], before))
    for position, (call, text) in enumerate(zip(choice.calls, choice.arguments, strict=True)):
        for delta in _call_deltas(call, text, position, old=wanted.tools.old):
            yield chunk(delta)
    yield chunk({}, None, _finish(wanted, choice))


def _call_deltas(
    call: answers.Call, text: list[str], position: int, *, old: bool
) -> collections.abc.Iterator[dict[str, Any]]:
    """Yield a call: its id and name first, then its arguments piece by piece."""
    key = "arguments" if call.kind == "function" else "input"
    if old:
        yield {"function_call": {"name": call.name, key: ""}}
    else:
        yield {"tool_calls": [{"index": position} | _call(call, "")]}
    for piece in text:
        yield {"function_call": {key: piece}} if old else {"tool_calls": [{"index": position, call.kind: {key: piece}}]}
