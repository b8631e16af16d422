"""Conversations to change: what is said in them, and what a tab shows of it."""

import uuid
from typing import Any

from tests.site import Person
from tests.site.person import Json, text_of


async def said(person: Person, *questions: str) -> tuple[str, list[str]]:
    """A conversation in which these were asked, each echoed: its id, and its messages' in reading order."""
    made = await person.begin(questions[0], model_id="echo-r0")
    await person.answer(made["id"])
    if questions[1:]:
        await person.talk(made["id"], *questions[1:])
    return made["id"], [message["id"] for message in await shown(person, made["id"])]


async def shown(person: Person, conversation: str) -> list[Json]:
    """The shown branch, once nothing is being written."""
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        await socket.until_quiet()
        return socket.messages


async def words(person: Person, conversation: str) -> list[str]:
    """What stands in it, role by role."""
    return [f"{message['role']}: {text_of(message).strip()}" for message in await shown(person, conversation)]


async def command(person: Person, path: str, **fields: Any) -> Any:
    """A command with a client_id of its own, unless it is given one."""
    return await person.post(path, **{"client_id": str(uuid.uuid4()), **fields})


def refusal(response: Any) -> tuple[int, str]:
    """The status and the code of an error."""
    return response.status_code, response.json()["error"]["code"]
