"""POST /v1/chat/completions: the answers of a chat model, whole or streamed (wire.md sections 1.2 and 1.3)."""

import asyncio
import collections.abc
import itertools
from typing import Any

from sandbox import answers, asgi, ask, chunks, errors, faults, house, talk

Ask = ask.Ask
FINGERPRINT = "fp_sandbox"


async def create(here: house.House, request: asgi.Request) -> asgi.Reply:
    """Answer a chat request; ApiError for everything that the request gets wrong."""
    wanted = ask.read(await request.json())
    fault = faults.chosen(wanted)
    if fault is not None:
        return await fault.reply(here)
    said = await asyncio.to_thread(talk.answers_to, wanted, here)
    measure = await asyncio.to_thread(chunks.Measure, wanted, here)
    stops = wanted.set_fields.get("stop", [])
    choices = [answers.choose(one, stops, wanted.limit) for one in said]
    if wanted.stream:
        return asgi.stream(_events(wanted, here, said, choices, measure))
    await _pacer(wanted, here).several(max(choice.size for choice in choices))
    body = _head(here, wanted, "chat.completion") | {
        "choices": await asyncio.to_thread(chunks.all_whole, wanted, choices, measure),
        "usage": usage(wanted, choices),
    }
    if said[0].ending == "fails":
        raise errors.server_fault()
    if said[0].ending:
        return asgi.Reply(pieces=_half(asgi.dump(body), here, stalls=said[0].ending == "stalls"))
    return asgi.whole(body)


async def _half(body: bytes, here: house.House, *, stalls: bool) -> collections.abc.AsyncGenerator[bytes, None]:
    yield body[: len(body) // 2]
    if stalls:
        await here.sleep(house.SILENCE)


def usage(wanted: Ask, choices: list[answers.Choice]) -> dict[str, Any]:
    """Return the token counts; completion_tokens is the sum over all choices and includes reasoning."""
    completion = sum(choice.size for choice in choices)
    return {
        "prompt_tokens": wanted.prompt_tokens,
        "completion_tokens": completion,
        "total_tokens": wanted.prompt_tokens + completion,
        "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": sum(len(choice.reasoning) for choice in choices),
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def _head(here: house.House, wanted: Ask, kind: str) -> dict[str, Any]:
    return {
        "id": asgi.new_id("chatcmpl-sandbox-"),
        "object": kind,
        "created": here.now(),
        "model": wanted.model.id,
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }


def _pacer(wanted: Ask, here: house.House) -> house.Pacer:
    """Return the pacer of one answer; metadata {"sandbox_tokens_per_second": "200"} asks for another speed."""
    speed = wanted.set_fields.get("metadata", {}).get("sandbox_tokens_per_second", "")
    per_second = float(speed) if speed.isdecimal() and int(speed) else wanted.model.pace
    return house.Pacer(here, wanted.model.first_after, per_second)


async def _events(
    wanted: Ask, here: house.House, said: list[answers.Answer], choices: list[answers.Choice], measure: chunks.Measure
) -> collections.abc.AsyncGenerator[bytes, None]:
    """Yield the events at the model's pace; with several choices they are mixed, and each ends on its own."""
    options = wanted.set_fields.get("stream_options", {})
    head = _head(here, wanted, "chat.completion.chunk")
    tail: dict[str, Any] = {"usage": None} if options.get("include_usage") else {}
    pad = {"obfuscation": "sandbox"} if options.get("include_obfuscation") else {}
    pacer = _pacer(wanted, here)
    half = choices[0].size // 2
    steps = [chunks.pieces(wanted, choice, index, measure) for index, choice in enumerate(choices)]
    for number, row in enumerate(itertools.zip_longest(*steps)):
        await pacer.next()
        if number > half and said[0].ending:
            async for piece in _end_half_way(said[0].ending, head, here):
                yield piece
            return
        for choice in row:
            if choice is not None:
                yield asgi.event(head | {"choices": [choice]} | tail | pad)
    if tail:
        yield asgi.event(head | {"choices": [], "usage": usage(wanted, choices)})
    yield asgi.DONE


async def _end_half_way(
    ending: str, head: dict[str, Any], here: house.House
) -> collections.abc.AsyncGenerator[bytes, None]:
    """Yield the end of a stream that goes wrong: an error event, silence, or half an event (quirks 3.3, 6.1)."""
    if ending == "fails":
        yield asgi.event(errors.server_fault().envelope())
    elif ending == "stalls":
        await here.sleep(house.SILENCE)
    else:
        event = asgi.event(head | {"choices": []})
        yield event[: len(event) // 2]
