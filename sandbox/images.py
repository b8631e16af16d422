"""POST /v1/images/generations, edits and variations: pictures drawn, changed and sent (wire.md 4; I1 to I10)."""

import asyncio
import base64
import collections.abc
import math
from typing import Any

from sandbox import asgi, errors, gallery, house, imageask, retouch, tokens
from sandbox.imageask import ImageAsk

TAKES = 0.8  # seconds that a picture takes, as if it were hard work
TOKEN_SIDE = 32  # pixels of the square that counts as one output token


async def generate(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/images/generations."""
    body = await request.json()
    if not body.get("prompt"):
        raise errors.missing("prompt")
    wanted = imageask.check(body, "sandbox-image")

    def make(number: int) -> bytes:
        return retouch.drawn(wanted, number)

    return await _reply(here, request, wanted, make, "image_generation")


async def edit(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/images/edits: the first picture, changed where the mask, or it, is transparent."""
    wanted = await imageask.read_edit(here, request, "sandbox-image", prompt=True)
    source = await asyncio.to_thread(retouch.load, wanted)

    def make(number: int) -> bytes:
        return retouch.edited(wanted, source, number)

    return await _reply(here, request, wanted, make, "image_edit")


async def vary(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/images/variations: only with the classic model; retired elsewhere (I8)."""
    wanted = await imageask.read_edit(here, request, "sandbox-image-classic", prompt=False)
    if not wanted.model.classic:
        raise errors.bad_request("This endpoint is retired for this model. Use the image edits endpoint.", "model")
    source = await asyncio.to_thread(retouch.load, wanted)

    def make(number: int) -> bytes:
        return retouch.varied(wanted, source, number)

    return await _reply(here, request, wanted, make, "image_variation")


Make = collections.abc.Callable[[int], bytes]


async def _reply(here: house.House, request: asgi.Request, wanted: ImageAsk, make: Make, event: str) -> asgi.Reply:
    if wanted.values.get("stream"):
        return asgi.stream(_events(here, wanted, make, event))
    data = []
    pacer = house.Pacer(here, TAKES, 1 / TAKES)
    for number in range(wanted.n):
        picture = await asyncio.to_thread(make, number)
        await pacer.next()
        data.append(await _entry(here, request, wanted, picture))
    body: dict[str, Any] = {"created": here.now(), "data": data}
    if not wanted.model.classic:
        body |= _facts(wanted) | {"usage": usage(wanted, wanted.n)}
    return asgi.whole(body)


async def _entry(here: house.House, request: asgi.Request, wanted: ImageAsk, picture: bytes) -> dict[str, Any]:
    """Return a picture as the model gives it: today's models carry it, the classic one links to it by default (I4)."""
    if not wanted.model.classic:
        return {"b64_json": base64.b64encode(picture).decode()}
    revised = {"revised_prompt": f"Sandbox picture: {wanted.prompt}"} if wanted.prompt else {}
    if wanted.values.get("response_format") == "b64_json":
        return {"b64_json": base64.b64encode(picture).decode()} | revised
    name = await asyncio.to_thread(gallery.keep, here, picture)
    return {"url": f"{request.base}/pictures/{name}"} | revised


def _facts(wanted: ImageAsk) -> dict[str, Any]:
    width, height = wanted.width or 1024, wanted.height or 1024
    background = wanted.values.get("background", "auto")
    quality = wanted.values.get("quality", "auto")
    return {
        "background": "opaque" if background == "auto" else background,
        "output_format": wanted.form,
        "size": f"{width}x{height}",
        "quality": "high" if quality == "auto" else quality,
    }


def usage(wanted: ImageAsk, pictures: int) -> dict[str, Any]:
    """Return token counts: the prompt's words, the given pictures, and squares of the pictures made."""
    text, image = tokens.count(wanted.prompt), 256 * len(wanted.images)
    across, down = math.ceil((wanted.width or 1024) / TOKEN_SIDE), math.ceil((wanted.height or 1024) / TOKEN_SIDE)
    out = pictures * across * down
    return {
        "input_tokens": text + image,
        "output_tokens": out,
        "total_tokens": text + image + out,
        "input_tokens_details": {"text_tokens": text, "image_tokens": image},
        "output_tokens_details": {"text_tokens": 0, "image_tokens": out},
    }


async def _events(
    here: house.House, wanted: ImageAsk, make: Make, event: str
) -> collections.abc.AsyncGenerator[bytes, None]:
    """Yield the pictures as named events: first the upper parts that were asked for, then the whole one (I10)."""
    partial = int(wanted.values.get("partial_images", 0))
    facts = _facts(wanted) | {"created_at": here.now()}
    pacer = house.Pacer(here, TAKES / (partial + 1), (partial + 1) / TAKES)
    for number in range(wanted.n):
        picture = await asyncio.to_thread(make, number)
        for index in range(partial):
            part = await asyncio.to_thread(retouch.upper_part, picture, (index + 1) / (partial + 1), wanted)
            await pacer.next()
            name = f"{event}.partial_image"
            carried = {"type": name, "b64_json": base64.b64encode(part).decode(), "partial_image_index": index}
            yield asgi.event(carried | facts, name)
        await pacer.next()
        name = f"{event}.completed"
        carried = {"type": name, "b64_json": base64.b64encode(picture).decode(), "usage": usage(wanted, 1)}
        yield asgi.event(carried | facts, name)
