"""How a program uploads: begin, put parts, finish (docs/protocol.md)."""

import uuid
from typing import Any

import httpx

from tests.site import Person

PART = 8 * 1024 * 1024
Json = dict[str, Any]


async def begin(person: Person, name: str, size: Any, **fields: Any) -> httpx.Response:
    """Promise a file."""
    return await person.post(
        "/files/uploads/", **{"client_id": str(uuid.uuid4()), "name": name, "size": size, **fields}
    )


async def begun(person: Person, name: str, size: int) -> str:
    """The id of an upload that was begun."""
    response = await begin(person, name, size)
    assert response.status_code == 201, response.text
    return response.json()["upload"]["id"]


async def put(person: Person, upload: str, number: int, data: bytes) -> httpx.Response:
    """Send a part."""
    async with person.http(**{"Content-Type": "application/octet-stream"}) as http:
        return await http.put(f"/files/uploads/{upload}/parts/{number}/", content=data)


async def finish(person: Person, upload: str) -> httpx.Response:
    """Have the parts put together."""
    return await person.post(f"/files/uploads/{upload}/finish/")


async def send(person: Person, name: str, data: bytes) -> httpx.Response:
    """All of it; the first refusal, or the answer to the finish."""
    response = await begin(person, name, len(data))
    if response.status_code != 201:
        return response
    upload = response.json()["upload"]["id"]
    for number in range(-(-len(data) // PART)):
        response = await put(person, upload, number, data[number * PART : (number + 1) * PART])
        if response.status_code != 200:
            return response
    return await finish(person, upload)


async def stored(person: Person, name: str, data: bytes) -> Json:
    """The file that these bytes have become."""
    response = await send(person, name, data)
    assert response.status_code == 201, response.text
    return response.json()["file"]
