"""Upstreams that drop, fall silent, babble or fail half-way: what came is kept, with a code, Continue and Retry."""

import json
import uuid

import pytest

from tests.site import Person
from tests.site.person import text_of
from tests.upstream import Close, Reset, Send, Upstream, chunk, stream_answer, text_chunk

HALF = [text_chunk("Half "), text_chunk("an answer.")]
FAILURE = json.dumps({"error": {"message": "The server had an error.", "type": "server_error", "code": None}}).encode()
BROKEN = {
    "it closes": [*stream_answer(*HALF, ended=False), Close()],
    "it resets": [*stream_answer(*HALF, ended=False), Reset()],
    "its chunks are nonsense": [*stream_answer(*HALF, ended=False), Send(b"zz\r\nnonsense\r\n"), Close()],
    "it sends an error in the middle": [*stream_answer(*HALF, b"data: " + FAILURE + b"\n\n")],
    "it turns to garbage": [*stream_answer(*HALF, ended=False), Send(chunk(b"data: {]]\n\n" * 3)), Close()],
    "it ends without an end": [*stream_answer(*HALF)],
}


@pytest.mark.parametrize("how", BROKEN)
async def test_what_came_is_kept_and_can_be_continued_and_tried_again(
    alice: Person, upstream: Upstream, how: str
) -> None:
    upstream.script(BROKEN[how])
    made = await alice.begin("Tell me")
    message = await alice.answer(made["id"])
    assert (message["status"], text_of(message)) == ("failed", "Half an answer."), message["error"]
    assert message["error"]["code"] in ("upstream_broken_off", "upstream_refused") and message["error"]["message"]
    page = await alice.get(made["url"], Accept="text/html")
    for verb in ("continue", "regenerate"):
        assert f'formaction="/messages/{message["id"]}/{verb}/"' in page.text
    response = await alice.post(
        f"/messages/{message['id']}/continue/", client_id=str(uuid.uuid4()), model_id="any-t3-r0"
    )
    assert response.status_code == 201
    upstream.clear()
    assert text_of(await alice.answer(made["id"])).startswith("Half an answer.")
    sibling = await alice.post(
        f"/messages/{message['id']}/regenerate/", client_id=str(uuid.uuid4()), model_id="any-t3-r0"
    )
    assert sibling.status_code == 201
    assert (await alice.answer(made["id"]))["siblings"] == [message["id"], sibling.json()["messages"][-1]["id"]]
