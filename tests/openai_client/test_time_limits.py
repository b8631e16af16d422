"""Connect, first byte, idle and total are limited apart: requirements B18, P2; quirks section 10."""

from __future__ import annotations

import asyncio
import socket
import time
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import ONCE, REQUEST, MakeClient, read
from tests.upstream import Hang, Pause, Send, Step, Trickle, Upstream, chunk, done, head, text_chunk

TOP = Send(head(content_type="text/event-stream", transfer_encoding="chunked"))
ENDLESS = 60.0  # seconds: what passes this would fail by the test's own limit


def limits(**seconds: float) -> oc.Timeouts:
    return oc.Timeouts(**{"connect": ENDLESS, "first_byte": ENDLESS, "idle": ENDLESS, "total": ENDLESS, **seconds})


@pytest.mark.parametrize(
    ("phase", "timeouts", "steps", "text"),
    [
        ("first_byte", limits(first_byte=0.1), [Hang()], ""),
        ("first_byte", limits(first_byte=0.1), [TOP, Hang()], ""),
        ("first_byte", limits(first_byte=0.1), [Trickle(TOP.data, 1, 0.02), Hang()], ""),
        ("idle", limits(idle=0.1), [TOP, Send(chunk(text_chunk("a"))), Hang()], "a"),
        ("idle", limits(idle=0.1), [TOP, Send(chunk(b": comment\n\n")), Hang()], ""),
        ("total", limits(total=0.15), [Hang()], ""),
        ("total", limits(total=0.15), [TOP, Send(chunk(text_chunk("a"))), Hang()], "a"),
        ("total", limits(total=0.3), [TOP, Send(chunk(text_chunk("a"))), Trickle(chunk(b":\n\n" * 999), 1, 0.02)], "a"),
    ],
)
async def test_each_limit_ends_the_answer_and_names_itself(
    upstream: Upstream, make_client: MakeClient, phase: str, timeouts: oc.Timeouts, steps: list[Step], text: str
) -> None:
    upstream.script(steps)
    outcome = await read(make_client(timeouts=timeouts, retries=ONCE))
    assert isinstance(outcome.error, oc.TimedOut)
    assert outcome.error.phase == phase
    assert outcome.error.code == f"timed_out_{phase}"
    assert outcome.completion.incomplete_reason == outcome.error.code
    assert "".join(choice.text for choice in outcome.completion.choices) == text
    assert all(request.closed.wait(5) for request in upstream.requests)  # a slow machine may not have sent any


async def test_comments_count_as_life(upstream: Upstream, make_client: MakeClient) -> None:
    pings = [step for _ in range(12) for step in (Send(chunk(b": ping\n\n")), Pause(0.1))]
    upstream.script([TOP, *pings, Send(chunk(text_chunk("a", finish="stop") + done()) + b"0\r\n\r\n")])
    outcome = await read(make_client(timeouts=limits(idle=0.8), retries=ONCE))
    assert (outcome.error, outcome.text) == (None, "a")


async def test_a_slow_reader_does_not_make_the_server_late(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script(
        [TOP, Send(chunk(text_chunk("a"))), Pause(0.1), Send(chunk(text_chunk("b", finish="stop")) + b"0\r\n\r\n")]
    )
    async with make_client(timeouts=limits(idle=0.3), retries=ONCE).stream_chat(REQUEST) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        await asyncio.sleep(0.6)
        assert await anext(stream) == oc.TextDelta(0, "b")


async def test_the_total_limit_also_ends_a_slow_reader(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script([TOP, Send(chunk(text_chunk("a"))), Hang()])
    async with make_client(timeouts=limits(total=0.3), retries=ONCE).stream_chat(REQUEST) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        await asyncio.sleep(0.5)
        with pytest.raises(oc.TimedOut) as caught:
            await anext(stream)
        assert caught.value.phase == "total"


async def test_whole_answers_and_lists_have_the_same_limits(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(timeouts=limits(first_byte=0.1), retries=ONCE)
    upstream.script([Hang()])
    with pytest.raises(oc.TimedOut):
        await client.chat(REQUEST)
    upstream.clear()  # a busy machine may not have read the request within its limit
    upstream.script([Hang()], path="/models")
    with pytest.raises(oc.TimedOut):
        await client.models()


async def test_an_error_answer_that_hangs_is_still_an_error(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script([Send(head(401, content_length=500) + b'{"error'), Hang()])
    outcome = await read(make_client(timeouts=limits(idle=0.1), retries=ONCE))
    assert isinstance(outcome.error, oc.InvalidKey)


async def test_a_timeout_before_any_text_is_retried(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script([Hang()])
    outcome = await read(make_client(timeouts=limits(first_byte=0.2)), {**REQUEST, "model": "any-t1-r0"})
    assert (outcome.error, outcome.completion.meta.attempts) == (None, 2)


async def test_a_listener_that_never_accepts_is_a_connect_timeout(make_client: MakeClient) -> None:
    """A full backlog leaves the handshake without an answer."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        waiting = []
        try:
            for _ in range(8):
                other = socket.socket()
                other.setblocking(False)
                other.connect_ex(("127.0.0.1", port))
                waiting.append(other)
            client = make_client(base_url=f"http://127.0.0.1:{port}/v1", timeouts=limits(connect=0.2), retries=ONCE)
            with pytest.raises(oc.TimedOut) as caught:
                await client.models()
            assert caught.value.phase == "connect"
        finally:
            for other in waiting:
                other.close()


async def test_a_tls_handshake_without_an_answer_is_a_connect_timeout(
    upstream: Upstream, make_client: MakeClient
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(5)
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/v1"
        client = make_client(base_url=url, timeouts=limits(connect=0.2), retries=ONCE)
        with pytest.raises(oc.TimedOut) as caught:
            await client.models()
        assert caught.value.phase == "connect"


async def test_no_limits_at_all(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(timeouts=oc.Timeouts(None, None, None, None))
    assert (await read(client, {**REQUEST, "model": "any-t2-r0"})).text == "w0001 w0002 "


async def test_a_cancellation_from_outside_is_not_a_timeout(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script([Hang()])
    client = make_client(timeouts=limits(first_byte=30))
    task = asyncio.create_task(read(client))
    while not upstream.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert task.cancelled()
    assert all(request.closed.wait(5) for request in upstream.requests)  # a slow machine may not have sent any


async def test_a_timeout_of_the_caller_around_ours_works(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Hang()])
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await client.chat(REQUEST)
    assert time.monotonic() - start < 30


async def test_no_timer_stays_behind(upstream: Upstream, client: oc.Client) -> None:
    loop: Any = asyncio.get_running_loop()
    await read(client, {**REQUEST, "model": "any-t2-r0"})
    await client.aclose()
    await asyncio.sleep(0)
    pending = [handle for handle in loop._scheduled if not handle.cancelled()]
    assert pending == []
