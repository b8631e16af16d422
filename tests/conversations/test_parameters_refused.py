"""Parameters that cannot be, or are not one's own: each refused with a sentence, and nothing changes."""

import json
import uuid
from typing import Any

import pytest

from tests.conversations.test_parameters import MINE, asked
from tests.site import Person
from tests.upstream import Upstream


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"temperature": 3}, "temperature"),
        ({"model": "x"}, "model"),
        ({"extra": {"messages": []}}, "extra"),
        ({"top_logprobs": 3}, "top_logprobs"),
        ({"max_completion_tokens": 0}, "max_completion_tokens"),
    ],
)
async def test_a_request_that_says_what_cannot_be_is_refused_at_the_field(
    alice: Person, upstream: Upstream, params: dict[str, Any], field: str
) -> None:
    response = await alice.post("/c/", client_id=str(uuid.uuid4()), text="x", params=params)
    assert (response.status_code, list(response.json()["error"]["data"]["fields"])) == (400, [field])
    assert asked(upstream) == []


@pytest.mark.parametrize(
    "fields",
    [
        {"values": {"temperature": 3}},
        {"values": {"top_k": 3}},
        {"values": [1]},
        {"values": {"system": "x" * 300_000}},
        {"values": {"extra": {"model": "m"}}},
        {"reset": "temperature"},
        {"temperature": 0.5},
        {},
    ],
)
async def test_what_cannot_stay_is_refused_and_changes_nothing(
    alice: Person, upstream: Upstream, fields: dict[str, Any]
) -> None:
    made = await alice.begin("Hello", parameters={"seed": 1})
    await alice.answer(made["id"])
    for path in (f"/c/{made['id']}/parameters/", MINE, "/parameters/"):
        response = await alice.post(path, **fields)
        assert (response.status_code, response.json()["error"]["code"]) == (400, "invalid"), path
    assert (await alice.get(f"/c/{made['id']}/parameters/")).json()["own"] == {"seed": 1}
    assert (await alice.get(MINE)).json()["personal"]["own"] == {}


async def test_somebody_elses_are_not_there(alice: Person, charlie: Person, upstream: Upstream) -> None:
    made = await alice.begin("Hello", parameters={"seed": 1})
    await alice.answer(made["id"])
    path = f"/c/{made['id']}/parameters/"
    assert (await charlie.get(path)).status_code == 404
    assert (await charlie.post(path, values={"seed": 2})).status_code == 404
    stranger = alice.site.stranger()
    for each in (path, MINE, "/parameters/"):
        assert (await stranger.get(each)).status_code == 401
        assert (await stranger.post(each, values={"seed": 2})).status_code == 401
    assert json.loads((await alice.get(path)).text)["own"] == {"seed": 1}
