"""Short words for what tests of the files at providers do."""

import json
from typing import Any

from tests.providers.entering import enter
from tests.site import Person
from tests.upstream import Upstream

SANDBOX = "/files/upstream/sandbox/"
ROW = {
    "id": "file-1", "object": "file", "bytes": 2048, "created_at": 1_760_000_000, "filename": "a b.jsonl",
    "purpose": "fine-tune", "status": "processed", "expires_at": 1_790_000_000, "odd": "kept",
}  # fmt: skip
EXAMPLE = json.dumps({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]})


async def at(person: Person, relay: Upstream) -> str:
    """The address of the files of a provider that this person enters now."""
    made = await enter(person, base_url=relay.url, key="sk-files-0123456789")
    relay.clear()
    return f"/files/upstream/{made['id']}/"


async def send(person: Person, where: str, content: bytes, name: str = "a.jsonl", **fields: str) -> Any:
    """Send a file as a script on a page does."""
    async with person.http() as http:
        return await http.post(where, data={"purpose": "user_data", **fields}, files={"file": (name, content)})


async def form(person: Person, where: str, content: bytes, name: str = "a.jsonl", **fields: str) -> Any:
    """Send a file as a browser's form does."""
    async with person.http(Accept="text/html") as http:
        return await http.post(where, data={"purpose": "user_data", **fields}, files={"file": (name, content)})
