"""POST /v1/completions, the legacy endpoint: prompts in, texts that go on from them out (wire.md 2; G1 to G4)."""

import asyncio
import collections.abc
import itertools
from typing import Any

from sandbox import asgi, chain, checks, continuation, errors, house, models, tokens

FIELDS: dict[str, checks.Check] = {
    "model": checks.text(),
    "prompt": checks.anything,
    "max_tokens": checks.integer(0),
    "temperature": checks.number(0, 2),
    "top_p": checks.number(0, 1),
    "n": checks.integer(1, 128),
    "stream": checks.flag,
    "stream_options": checks.mapping,
    "logprobs": checks.integer(0, 5),
    "echo": checks.flag,
    "stop": checks.string_or_list(0, 4),
    "presence_penalty": checks.number(-2, 2),
    "frequency_penalty": checks.number(-2, 2),
    "best_of": checks.integer(0, 20),
    "logit_bias": checks.bias,
    "suffix": checks.text(),
    "seed": checks.integer(-(2**63), 2**63 - 1),
    "user": checks.text(),
}
PROMPTS_MOST = 128
TEXTS_MOST = 128


async def create(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/completions."""
    body = await request.json()
    if not body.get("model"):
        raise errors.bad_request("you must provide a model parameter")
    values = checks.fields(body, FIELDS)
    model = models.for_kind(values["model"], "completion", "v1/completions")
    _check_pairs(values)
    prompts = _prompts(values.get("prompt", "<|endoftext|>"))
    limit = values.get("max_tokens", continuation.LENGTH)
    longest = await asyncio.to_thread(lambda: max(map(tokens.count, prompts)))
    if longest + limit > model.context:
        raise errors.context_length(model.context, longest, limit)
    if len(prompts) * (values.get("best_of") or values.get("n", 1)) > TEXTS_MOST:
        raise errors.bad_request(f"The sandbox makes at most {TEXTS_MOST} texts a request.", "n")
    learnt = (await asyncio.to_thread(here.library.open)).chain
    texts = await asyncio.to_thread(continuation.texts, learnt, prompts, values)
    writer = _Writer(values, learnt, here)
    usage = _usage(prompts, texts)
    pacer = house.Pacer(here, model.first_after, model.pace)
    if values.get("stream"):
        return asgi.stream(_events(writer, texts, usage, pacer))
    await pacer.several(max(len(text.made) for text in texts))
    choices = await asyncio.to_thread(lambda: [writer.choice(text, index) for index, text in enumerate(texts)])
    return asgi.whole(writer.head | {"choices": choices, "usage": usage})


def _check_pairs(values: dict[str, Any]) -> None:
    best_of, n = values.get("best_of", values.get("n", 1)), values.get("n", 1)
    if best_of < n:
        raise errors.bad_request(f"'best_of' must be at least 'n'. Got best_of {best_of} and n {n}.", "best_of")
    if best_of > n and values.get("stream"):
        raise errors.bad_request("You cannot stream with 'best_of' greater than 'n'.", "best_of")
    if "stream_options" in values:
        if not values.get("stream"):
            message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            raise errors.bad_request(message, "stream_options")
        known: dict[str, checks.Check] = {"include_usage": checks.flag, "include_obfuscation": checks.flag}
        values["stream_options"] = checks.fields(values["stream_options"], known, "stream_options.")
    if values.get("echo") and values.get("suffix"):
        raise errors.bad_request("'echo' and 'suffix' cannot be given together.", "suffix")


def _prompts(value: Any) -> list[str]:
    """Return the prompts: a string or strings; token numbers belong to another tokenizer and are refused."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and value and not isinstance(value[0], int | list):
        return list(checks.array(checks.text(), 1, PROMPTS_MOST)(value, "prompt"))
    if isinstance(value, list) and value:
        message = "Invalid 'prompt': the sandbox has its own tokens and takes strings only."
        raise errors.bad_request(message, "prompt", "unsupported_value")
    raise checks.wrong_type("prompt", "a string or an array of strings", value)


def _usage(prompts: list[str], texts: list[continuation.Text]) -> dict[str, int]:
    asked, made = sum(map(tokens.count, prompts)), sum(len(text.made) for text in texts)
    return {"prompt_tokens": asked, "completion_tokens": made, "total_tokens": asked + made}


class _Writer:
    """Writes choices in the shape of this endpoint, log probabilities included when they were asked for."""

    def __init__(self, values: dict[str, Any], learnt: chain.Chain, here: house.House) -> None:
        self._top: int | None = values.get("logprobs")
        self._learnt = learnt
        self.include_usage = bool(values.get("stream_options", {}).get("include_usage"))
        kind = {"object": "text_completion", "created": here.now(), "model": values["model"]}
        self.head: dict[str, Any] = {"id": asgi.new_id("cmpl-sandbox-")} | kind

    def choice(self, text: continuation.Text, index: int) -> dict[str, Any]:
        """Return a whole choice."""
        logprobs = self._logprobs(text.before, text.shown, 0)
        return {"text": "".join(text.shown), "index": index, "logprobs": logprobs, "finish_reason": text.finish}

    def pieces(self, text: continuation.Text, index: int) -> collections.abc.Iterator[dict[str, Any]]:
        """Yield the choices of a stream: a token each, and an empty one with the finish reason."""
        before, offset = text.before, 0
        for piece in text.shown:
            logprobs = self._logprobs(before, [piece], offset)
            yield {"text": piece, "index": index, "logprobs": logprobs, "finish_reason": None}
            before, offset = piece, offset + len(piece)
        yield {"text": "", "index": index, "logprobs": None, "finish_reason": text.finish}

    def _logprobs(self, before: str, pieces: list[str], offset: int) -> dict[str, Any] | None:
        if self._top is None:
            return None
        rows = [self._learnt.logprobs(*pair, self._top) for pair in itertools.pairwise([before, *pieces])]
        starts = itertools.accumulate(map(len, pieces[:-1]), initial=offset)
        return {
            "tokens": pieces,
            "token_logprobs": [own for own, _ in rows],
            "top_logprobs": [dict(top) for _, top in rows] if self._top else None,
            "text_offset": list(starts) if pieces else [],
        }


async def _events(
    writer: _Writer, texts: list[continuation.Text], usage: dict[str, int], pacer: house.Pacer
) -> collections.abc.AsyncGenerator[bytes, None]:
    tail: dict[str, Any] = {"usage": None} if writer.include_usage else {}
    for row in itertools.zip_longest(*(writer.pieces(text, index) for index, text in enumerate(texts))):
        await pacer.next()
        for choice in row:
            if choice is not None:
                yield asgi.event(writer.head | {"choices": [choice]} | tail)
    if tail:
        yield asgi.event(writer.head | {"choices": [], "usage": usage})
    yield asgi.DONE
