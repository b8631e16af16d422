"""What the tests of pictures share: pictures, answers that carry them, and jobs watched from outside."""

import asyncio
import base64
import functools
import io
import json
import uuid
from typing import Any

import httpx
from PIL import Image

from tests.site import Person
from tests.site.person import Json, Socket
from tests.upstream import Send, Step, head, json_answer, stream_answer

GENERATIONS, EDITS, VARIATIONS = "/images/generations", "/images/edits", "/images/variations"
LIVE = ("queued", "in_progress")


@functools.cache
def png(width: int = 64, height: int = 64, colour: str = "red", form: str = "PNG") -> bytes:
    out = io.BytesIO()
    mode = "RGB" if form == "JPEG" else "RGBA"
    Image.new(mode, (width, height), colour).save(out, form)
    return out.getvalue()


def mask(width: int = 64, height: int = 64, hole: int = 20) -> bytes:
    """Opaque but for a square in its corner."""
    image = Image.new("RGBA", (width, height), "black")
    image.paste((0, 0, 0, 0), (0, 0, hole, hole))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def carried(*contents: bytes, **fields: Any) -> list[Step]:
    """An answer that carries these pictures."""
    return json_answer(
        {"created": 1, "data": [{"b64_json": b64(one)} for one in contents], **fields}, x_request_id="r-1"
    )


def event(kind: str, content: bytes, **fields: Any) -> bytes:
    value = {"type": f"image_generation.{kind}", "b64_json": b64(content), **fields}
    return f"event: {value['type']}\ndata: {json.dumps(value)}\n\n".encode()


def streamed(*events: bytes, ended: bool = True) -> list[Step]:
    return stream_answer(*events, ended=ended)


def picture_file(content: bytes, content_type: str = "image/png", status: int = 200) -> list[Step]:
    """What lies at an address."""
    return [Send(head(status, content_type=content_type, content_length=len(content)) + content)]


async def ask(person: Person, path: str = "/images/", **fields: Any) -> httpx.Response:
    given = {"client_id": str(uuid.uuid4()), "prompt": "a red house", "provider": "environment", **fields}
    return await person.post(path, **{name: value for name, value in given.items() if value is not None})


async def begin(person: Person, path: str = "/images/", **fields: Any) -> Json:
    """A job that has been begun."""
    response = await ask(person, path, **{"model_id": "gpt-image-1", **fields})
    assert response.status_code == 201, response.text
    job: Json = response.json()["job"]
    return job


async def job_of(person: Person, job_id: str) -> Json:
    found: Json = (await person.get(f"/images/jobs/{job_id}/")).json()["job"]
    return found


async def ended(person: Person, job: Json) -> Json:
    """A job once it has ended, asked for again and again: whoever has no socket sees it too."""
    async with asyncio.timeout(30):
        while (found := await job_of(person, job["id"]))["status"] in LIVE:
            await asyncio.sleep(0.05)
    return found


async def made(person: Person, path: str = "/images/", **fields: Any) -> Json:
    """A job, begun and ended."""
    return await ended(person, await begin(person, path, **fields))


async def told(socket: Socket, kind: str, job: Json) -> Json:
    """The next event of this kind about a job."""
    while True:
        frame = await socket.until(kind)
        about = frame.get("job") or frame.get("picture", {}).get("job")
        if (about["id"] if isinstance(about, dict) else about) == job["id"]:
            return frame


async def content(person: Person, address: str) -> bytes:
    response = await person.get(address)
    assert response.status_code == 200, response.text
    return response.content
