"""Commands about pictures that no page of ours sends: each gets an answer, and none of them is a fault of the site."""

import json
import uuid
from typing import Any

import pytest

from tests.site import Person

HALF = "\ud800"  # of a surrogate pair, which no database keeps
MOMENTS = ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "x\0", "2026-01-01T00:00:00", "2026-13-01")


async def sent(person: Person, **fields: Any) -> Any:
    """A command as a program may write it: every character escaped."""
    body = json.dumps({"client_id": str(uuid.uuid4()), "prompt": "A door", "provider": "sandbox", **fields})
    async with person.http(**{"Content-Type": "application/json"}) as http:
        return await http.post("/images/", content=body.encode())


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"prompt": f"half {HALF} and \0"}, 201),
        ({"model_id": f"any{HALF}\0", "n": 1}, 201),
        ({"model_id": "any", "quality": "high\0"}, 400),
        ({"model_id": "any", "quality": HALF}, 400),
        ({"provider": "a\0b"}, 400),
        ({"params": "[" * 60_000}, 400),
        ({"params": [1]}, 400),
        ({"n": 10**30}, 400),
        ({"size": {"a": [1]}}, 400),
    ],
    ids=["prompt", "model", "setting", "half a setting", "provider", "deep", "list", "many", "size"],
)
async def test_odd_values_are_kept_harmlessly_or_refused(alice: Person, fields: dict[str, Any], status: int) -> None:
    response = await sent(alice, **fields)
    assert response.status_code == status, response.text
    if status == 201:
        told = (await alice.get(response.json()["job"]["url"])).json()["job"]
        assert not {HALF, "\0"} & {*told["prompt"], *told["model_id"]}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_moment_that_cannot_be_is_none(alice: Person, moment: str) -> None:
    async with alice.http() as http:
        page = await http.get("/images/", params={"undo": moment}, headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert (await alice.post("/images/pictures/restore/", moment=moment)).status_code == 404
