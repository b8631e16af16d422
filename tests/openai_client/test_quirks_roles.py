"""The role for instructions under either name (quirk 4.10, requirement C1), and how one call differs from others."""

from __future__ import annotations

import pytest

import openai_client as oc
from tests.openai_client.support import REQUEST, read
from tests.openai_client.test_quirks_requests import MODEL, refusal
from tests.upstream import Upstream


@pytest.mark.parametrize(
    "message",
    [
        "Failed to deserialize: messages[0].role: unknown variant `developer`, expected one of `system`, `user`",
        "'developer' is not one of ['system', 'assistant', 'user', 'tool'] - 'messages.0.role'",
    ],
)
async def test_4_10_the_role_developer_becomes_system_where_it_is_refused(
    upstream: Upstream, client: oc.Client, message: str
) -> None:
    messages = [{"role": "developer", "content": "be kind"}, *REQUEST["messages"]]
    upstream.script(refusal(message, status=422))
    for _ in range(2):
        outcome = await read(client, {**MODEL, "messages": messages})
        assert outcome.error is None
        assert outcome.completion.meta.renamed == {"developer": "system"}
    roles = [record.json["messages"][0]["role"] for record in upstream.requests]
    assert roles == ["developer", "system", "system"]


async def test_c1_the_role_system_becomes_developer_where_it_is_refused_and_who_takes_neither_is_not_asked_for_ever(
    upstream: Upstream, client: oc.Client
) -> None:
    messages = [{"role": "system", "content": "be kind"}, *REQUEST["messages"]]
    upstream.script(refusal("Unsupported value: 'messages[0].role' does not support 'system' with this model."))
    outcome = await read(client, {**MODEL, "messages": messages})
    assert (outcome.error, outcome.completion.meta.renamed) == (None, {"system": "developer"})
    assert [record.json["messages"][0]["role"] for record in upstream.requests] == ["system", "developer"]
    upstream.script(refusal("Unsupported value: 'messages[0].role' does not support 'developer' with this model."))
    assert (await read(client, {**MODEL, "messages": messages})).error is not None
    assert len(upstream.requests) == 3


async def test_an_answer_is_asked_for_whole_and_read_the_same_way(upstream: Upstream, client: oc.Client) -> None:
    stream = client.stream_chat({**MODEL, "stream_options": {"include_usage": True}}, streamed=False)
    async with stream:
        deltas = await stream.batch()
        assert await stream.batch() == []
    assert [type(delta) for delta in deltas] == [oc.TextDelta, oc.ChoiceFinished]
    assert stream.completion.choices[0].text == "w0001 w0002 "
    assert not {"stream", "stream_options"} & upstream.requests[0].json.keys()


async def test_one_call_may_take_less_time_than_its_client_allows_and_never_more(client: oc.Client) -> None:
    stream = client.stream_chat({**MODEL, "model": "any-t5-h2"}, total=1.5)
    with pytest.raises(oc.TimedOut):
        async with stream:
            async for _delta in stream:
                pass
    assert stream.completion.choices[0].text.startswith("w0001")
    assert oc.Timeouts(total=5).within(10).total == 5
    assert oc.Timeouts(total=None).within(10) == oc.Timeouts(total=10)
