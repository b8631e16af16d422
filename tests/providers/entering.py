"""Short words for what many tests of providers do."""

import re
import uuid
from typing import Any

from tests.site import Person
from tests.upstream import Recorded, Upstream

Json = dict[str, Any]
ALLOW_PRIVATE = {"own_providers": True, "private_addresses": True}


async def enter(person: Person, **fields: Any) -> Json:
    """Enter a provider and return what is shown of it."""
    response = await person.post("/settings/providers/", **{"name": f"Relay {uuid.uuid4().hex[:6]}", **fields})
    assert response.status_code == 201, response.text
    found: Json = response.json()["provider"]
    return found


async def asked_with(person: Person, provider_id: str, **fields: Any) -> Json:
    """Ask a provider something and wait for the answer: the message."""
    made = await person.begin("Hello", provider=provider_id, **{"model_id": "any-t2-r0", **fields})
    return await person.answer(made["id"])


def asked_of(upstream: Upstream) -> Recorded:
    """The last question that an upstream was asked, lists of models aside."""
    return [request for request in upstream.requests if request.path.endswith("/chat/completions")][-1]


async def post_form(person: Person, path: str, **fields: Any) -> Any:
    """The command as a browser's form sends it."""
    async with person.http(Accept="text/html") as http:
        return await http.post(path, data=fields)


async def page(person: Person, path: str) -> str:
    """A page as a browser gets it."""
    response = await person.get(path, Accept="text/html")
    assert response.status_code == 200, response.text
    return response.text


def words(html: str) -> str:
    """A page's text without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main", 1)[-1]).split())
