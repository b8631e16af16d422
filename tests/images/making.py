"""Pictures for tests, by the real way: asked of the sandbox, and kept."""

import uuid
from typing import Any

from tests.site import Person

Json = dict[str, Any]
MODEL = "sandbox-image"
ENDED = ("completed", "incomplete", "cancelled", "failed", "interrupted")


async def make(person: Person, prompt: str, count: int = 1, **fields: Any) -> list[Json]:
    """Ask for pictures and wait for the end of the job: they, by their index."""
    asked = {"client_id": str(uuid.uuid4()), "prompt": prompt, "provider": "sandbox", "model_id": MODEL, "n": count}
    async with person.watch("/ws/me/") as socket:
        answer = await person.post("/images/", **asked, **fields)
        assert answer.status_code == 201, answer.text
        job = answer.json()["job"]
        while job["status"] not in ENDED:
            frame = await socket.until("job.finished")
            job = frame["job"] if frame["job"]["id"] == job["id"] else job
    assert job["status"] == "completed", job
    pictures: list[Json] = job["pictures"]
    return pictures


async def found(person: Person, query: str = "") -> list[str]:
    """The prompts of a person's gallery, or of what a search finds."""
    answer = await person.get(f"/images/pictures/{query}")
    assert answer.status_code == 200, answer.text
    return [one["prompt"] for one in answer.json()["pictures"]]
