"""Searching from outside: wait until what was said can be found, and look for it."""

import asyncio
from typing import Any

from tests.site import Person, Site
from tests.site.person import PATIENCE


async def indexed(site: Site) -> None:
    """Returns once nothing waits to be indexed."""
    async with asyncio.timeout(PATIENCE):
        while site.query("SELECT COUNT(*) FROM search_queue") != [(0,)]:
            await asyncio.sleep(0.05)


async def look(person: Person, query: str, **fields: str) -> dict[str, Any]:
    """What a query finds, once everything is indexed."""
    await indexed(person.site)
    async with person.http() as http:
        response = await http.get("/search/", params={"q": query, **fields})
    assert response.status_code == 200, response.text
    return response.json()


async def said(person: Person, *texts: str, **fields: Any) -> str:
    """A conversation in which all this was asked and echoed; its id."""
    made = await person.begin(texts[0], model_id="echo-r0", **fields)
    await person.answer(made["id"])
    for text in texts[1:]:
        await person.send(made["id"], text, model_id="echo-r0")
        await person.answer(made["id"])
    return made["id"]


def marked(hit: dict[str, Any]) -> list[str]:
    """The words of a hit that are marked."""
    return [piece["text"] for piece in hit["snippet"] if piece["found"]]


def text(hit: dict[str, Any]) -> str:
    """Its snippet."""
    return "".join(piece["text"] for piece in hit["snippet"])
