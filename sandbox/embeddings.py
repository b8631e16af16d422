"""POST /v1/embeddings: vectors from the words of a text, so that texts with the same words lie near (wire.md 6; K1)."""

import asyncio
import base64
import hashlib
import math
import struct
from typing import Any

from sandbox import asgi, checks, errors, house, models, search, tokens

SIZE = 1536  # numbers, as with the best known of the old models
ITEMS_MOST = 2048
TOKENS_EACH = 8192
TOKENS_ALL = 300_000
FIELDS: dict[str, checks.Check] = {
    "model": checks.text(),
    "input": checks.anything,
    "encoding_format": checks.word("float", "base64"),
    "dimensions": checks.integer(1, SIZE),
    "user": checks.text(),
}


async def create(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/embeddings."""
    body = await request.json()
    if not body.get("model"):
        raise errors.bad_request("you must provide a model parameter")
    if "input" not in body:
        raise errors.missing("input")
    values = checks.fields(body, FIELDS)
    model = models.for_kind(values["model"], "embedding", "v1/embeddings")
    texts = _texts(values.get("input"))
    if sum(map(len, texts)) > TOKENS_ALL * 12:
        raise errors.bad_request(f"Requested too many tokens, max {TOKENS_ALL} tokens per request.", "input")
    counts = await asyncio.to_thread(lambda: list(map(tokens.count, texts)))
    for count in counts:
        if count > TOKENS_EACH:
            raise errors.bad_request(
                f"This model's maximum context length is {TOKENS_EACH} tokens, got {count}.", "input"
            )
    if sum(counts) > TOKENS_ALL:
        raise errors.bad_request(f"Requested {sum(counts)} tokens, max {TOKENS_ALL} tokens per request.", "input")
    size = values.get("dimensions", SIZE)
    vectors = await asyncio.to_thread(lambda: [vector(text, size) for text in texts])
    coded = values.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": _base64(one) if coded else one}
        for index, one in enumerate(vectors)
    ]
    usage = {"prompt_tokens": sum(counts), "total_tokens": sum(counts)}
    return asgi.whole({"object": "list", "data": data, "model": model.id, "usage": usage})


def _texts(value: Any) -> list[str]:
    """Return the texts to turn into vectors; token numbers belong to another tokenizer and are refused."""
    if isinstance(value, list) and value and isinstance(value[0], int | list):
        message = "Invalid 'input': the sandbox has its own tokens and takes strings only."
        raise errors.bad_request(message, "input", "unsupported_value")
    texts: list[str] = checks.string_or_list(1, ITEMS_MOST)(value, "input")
    for text in texts:
        checks.text(None, 1)(text, "input")
    return texts


def vector(text: str, size: int) -> list[float]:
    """Return a vector of length 1: each word adds to the few places that its hash gives (feature hashing)."""
    made = [0.0] * size
    for word in search.question_words(text) or tokens.split(text):
        digest = hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=16).digest()
        for number in struct.unpack("<4I", digest):
            made[number % size] += 1.0 if number & 0x80000000 else -1.0
    length = math.sqrt(sum(value * value for value in made))
    if not length:  # the words of the text cancelled each other out
        made[0] = length = 1.0
    return [value / length for value in made]


def _base64(one: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(one)}f", *one)).decode()
