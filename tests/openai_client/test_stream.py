"""The life of a stream: entering, leaving, stopping, closing, using a connection again."""

from __future__ import annotations

import asyncio
import threading

import pytest

import openai_client as oc
from openai_client import _stream
from tests.openai_client.support import REQUEST, MakeClient, read
from tests.upstream import (
    Close,
    HalfClose,
    Hang,
    Pause,
    Reset,
    Send,
    Upstream,
    WaitFor,
    chunk,
    done,
    head,
    stream_answer,
    text_chunk,
)

MODEL = {**REQUEST, "model": "any-t3-r0"}
TOP = Send(head(content_type="text/event-stream", transfer_encoding="chunked"))


async def test_entering_does_not_touch_the_network(upstream: Upstream, client: oc.Client) -> None:
    before = upstream.connections
    async with client.stream_chat(MODEL) as stream:
        assert stream.completion == oc.ChatCompletion()
    assert (upstream.requests, upstream.connections) == ([], before)


async def test_leaving_early_closes_the_connection_at_once(upstream: Upstream, client: oc.Client) -> None:
    async with client.stream_chat({**REQUEST, "model": "any-h2-r0"}) as stream:
        assert await anext(stream) == oc.TextDelta(0, "w0001 ")
    assert upstream.requests[0].closed.wait(5)
    assert stream.completion.choices[0].text.startswith("w0001 ")
    assert stream.completion.incomplete_reason == "unfinished"


async def test_cancelling_the_task_closes_the_connection_at_once(upstream: Upstream, client: oc.Client) -> None:
    deltas: list[oc.Delta] = []

    async def consume() -> None:
        async with client.stream_chat({**REQUEST, "model": "any-h3-r0"}) as stream:
            async for delta in stream:
                deltas.append(delta)

    task = asyncio.create_task(consume())
    while len(deltas) < 3:
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert upstream.requests[0].closed.wait(5)


async def test_closing_while_waiting_for_the_head(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Hang()])
    task = asyncio.create_task(client.chat(MODEL))
    while not upstream.requests:
        await asyncio.sleep(0.005)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert upstream.requests[0].closed.wait(5)


async def test_a_connection_is_used_again_after_a_whole_answer(upstream: Upstream, client: oc.Client) -> None:
    before = upstream.connections
    for _ in range(3):
        assert (await read(client, MODEL)).error is None
        await client.models()
        assert (await client.chat(MODEL)).complete
    assert upstream.connections == before + 1
    assert not any(record.closed.is_set() for record in upstream.requests)


async def test_a_kept_connection_that_died_is_not_noticed_by_the_caller(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([*stream_answer(text_chunk("a", finish="stop") + done()), Close()])
    await read(client)
    await asyncio.sleep(0.05)
    assert (await read(client, MODEL)).error is None


async def test_many_streams_at_once_do_not_wait_for_each_other(upstream: Upstream, client: oc.Client) -> None:
    async def first_word(stream: oc.ChatStream) -> oc.Delta:
        return await anext(stream)

    streams = [client.stream_chat({**REQUEST, "model": "any-h1-r0"}) for _ in range(150)]
    try:
        words = await asyncio.gather(*(first_word(stream) for stream in streams))
        assert set(words) == {oc.TextDelta(0, "w0001 ")}
    finally:
        for stream in streams:
            await stream.aclose()


async def test_the_exception_comes_once_and_then_the_iteration_is_over(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([TOP, Send(chunk(text_chunk("a"))), Reset()])
    async with client.stream_chat(REQUEST) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        with pytest.raises(oc.BrokenOff):
            await anext(stream)
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
        assert await stream.batch() == []


async def test_text_before_the_break_is_given_out_first(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([TOP, Send(chunk(text_chunk("a")) + chunk(text_chunk("b"))), Reset()])
    outcome = await read(client)
    assert outcome.deltas == [oc.TextDelta(0, "a"), oc.TextDelta(0, "b")]
    assert isinstance(outcome.error, oc.BrokenOff)


@pytest.mark.parametrize("end", [HalfClose(), Close(), Reset()])
async def test_every_way_a_connection_can_end_in_the_middle(
    upstream: Upstream, client: oc.Client, end: HalfClose | Close | Reset
) -> None:
    upstream.script([TOP, Send(chunk(text_chunk("a"))), Pause(0.02), end])
    outcome = await read(client)
    assert isinstance(outcome.error, oc.BrokenOff)
    assert (outcome.text, outcome.completion.complete) == ("a", False)


async def test_a_length_that_promises_too_much_is_broken_off(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Send(head(content_length=5000) + text_chunk("a")), Close()])
    outcome = await read(client)
    assert isinstance(outcome.error, oc.BrokenOff)
    assert outcome.text == "a"


async def test_a_length_that_promises_too_little_is_broken_off(upstream: Upstream, client: oc.Client) -> None:
    body = text_chunk("a") + text_chunk("b", finish="stop") + done()
    upstream.script([Send(head(content_length=len(text_chunk("a"))) + body), Close()])
    outcome = await read(client)
    assert isinstance(outcome.error, oc.BrokenOff)
    assert outcome.text == "a"


async def test_a_stream_left_open_after_the_finish_reason_is_over_soon(
    upstream: Upstream, client: oc.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_stream, "TAIL", 0.1)
    upstream.script([TOP, Send(chunk(text_chunk("a", finish="stop"))), Hang()])
    outcome = await read(client)
    assert (outcome.error, outcome.text, outcome.completion.complete) == (None, "a", True)
    assert upstream.requests[0].closed.wait(5)


async def test_a_further_choice_is_waited_for(
    upstream: Upstream, client: oc.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_stream, "TAIL", 0.1)
    late = Send(chunk(text_chunk("b", index=1, finish="stop")))
    upstream.script([TOP, Send(chunk(text_chunk("a", finish="stop"))), Pause(0.5), late, Hang()])
    outcome = await read(client, {**REQUEST, "n": 2})
    assert [choice.text for choice in outcome.completion.choices] == ["a", "b"]


async def test_batches_hold_what_came_together(upstream: Upstream, client: oc.Client) -> None:
    go_on = threading.Event()
    first = text_chunk("a") + text_chunk("b")
    upstream.script(
        [TOP, Send(chunk(first)), WaitFor(go_on), Send(chunk(text_chunk("c", finish="stop")) + b"0\r\n\r\n")]
    )
    async with client.stream_chat(REQUEST) as stream:
        assert await stream.batch() == [oc.TextDelta(0, "a"), oc.TextDelta(0, "b")]
        go_on.set()
        assert await stream.batch() == [oc.TextDelta(0, "c"), oc.ChoiceFinished(0, "stop")]
        assert await stream.batch() == []


async def test_a_batch_raises_what_iterating_raises(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([TOP, Send(chunk(text_chunk("a"))), Reset()])
    async with client.stream_chat(REQUEST) as stream:
        assert await stream.batch() == [oc.TextDelta(0, "a")]
        with pytest.raises(oc.BrokenOff):
            await stream.batch()


async def test_a_fast_sender_waits_for_a_slow_reader(upstream: Upstream, client: oc.Client) -> None:
    """Back-pressure: what is not read is not sent for ever."""
    count = 60_000
    async with client.stream_chat({**REQUEST, "model": f"any-t{count}-r0"}) as stream:
        await anext(stream)
        sent = -1
        while sent != upstream.requests[0].deltas:
            sent = upstream.requests[0].deltas
            await asyncio.sleep(0.3)
        assert sent < count
        rest = [delta async for delta in stream]
    assert len(rest) == count  # the other words and the end
    assert stream.completion.complete


async def test_a_client_is_a_context_manager(upstream: Upstream, make_client: MakeClient) -> None:
    async with make_client() as client:
        assert len(await client.models()) == 2
