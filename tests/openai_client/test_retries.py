"""Sending again: wire.md section 0, requirement P1."""

from __future__ import annotations

import time
from email.utils import formatdate
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import openai_client as oc
from openai_client._retries import rate_limits, retry_after, seconds, wait_before
from tests.openai_client.support import REQUEST, MakeClient, read
from tests.upstream import Reset, Send, Upstream, chunk, done, head, json_answer, sse, stream_answer, text_chunk

GOOD = {**REQUEST, "model": "any-t1-r0"}


def fault(status: int, **headers: str) -> Any:
    return json_answer({"error": {"message": "m"}}, status, **headers)


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
async def test_what_is_sent_again(upstream: Upstream, client: oc.Client, status: int) -> None:
    upstream.script(fault(status))
    told: list[oc.Retry] = []
    outcome = await read(client, GOOD, on_retry=told.append)
    assert (outcome.error, outcome.text) == (None, "w0001 ")
    assert outcome.completion.meta.attempts == 2
    assert [(retry.attempt, retry.error.status) for retry in told] == [(2, status)]


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 422, 501])
async def test_what_is_not_sent_again(upstream: Upstream, client: oc.Client, status: int) -> None:
    upstream.script(fault(status))
    outcome = await read(client, GOOD)
    assert outcome.error is not None
    assert len(upstream.requests) == 1


async def test_attempts_are_counted_and_the_last_error_comes_out(upstream: Upstream, client: oc.Client) -> None:
    for status in (500, 502, 503):
        upstream.script(fault(status))
    told: list[oc.Retry] = []
    outcome = await read(client, GOOD, on_retry=told.append)
    assert isinstance(outcome.error, oc.ServerFault)
    assert (outcome.error.status, outcome.error.attempts) == (503, 3)
    assert [retry.attempt for retry in told] == [2, 3]
    assert len(upstream.requests) == 3
    assert outcome.completion.incomplete_reason == outcome.error.code


async def test_whole_answers_and_lists_are_retried_too(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(fault(500))
    assert (await client.chat(GOOD)).meta.attempts == 2
    upstream.script(fault(500), path="/models")
    assert (await client.models()).meta.attempts == 2
    upstream.script(json_answer(b""), path="/models")
    assert (await client.models()).meta.attempts == 2


@pytest.mark.parametrize(
    "code", ["insufficient_quota", "credit_balance_exhausted", "organization_usage_limit_exceeded"]
)
@pytest.mark.parametrize("headers", [{}, {"x_should_retry": "true"}, {"retry_after": "1"}])
async def test_money_is_never_retried(
    upstream: Upstream, client: oc.Client, code: str, headers: dict[str, str]
) -> None:
    upstream.script(json_answer({"error": {"message": "m", "code": code}}, 429, **headers))
    outcome = await read(client, GOOD)
    assert isinstance(outcome.error, oc.OutOfMoney)
    assert not outcome.error.retryable
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(("status", "header", "requests"), [(400, "true", 2), (500, "false", 1), (429, "FALSE", 1)])
async def test_x_should_retry_overrides(
    upstream: Upstream, client: oc.Client, status: int, header: str, requests: int
) -> None:
    upstream.script(fault(status, x_should_retry=header))
    await read(client, GOOD)
    assert len(upstream.requests) == requests


async def test_the_server_says_how_long(upstream: Upstream, client: oc.Client) -> None:
    told: list[oc.Retry] = []
    upstream.script(fault(429, retry_after="9", retry_after_ms="20"))
    await read(client, GOOD, on_retry=told.append)
    assert told[0].wait_seconds == 0.02
    assert told[0].error.retry_after == 0.02


async def test_too_long_a_wait_is_not_waited(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(fault(429, retry_after="121"))
    outcome = await read(client, GOOD)
    assert isinstance(outcome.error, oc.RateLimited)
    assert outcome.error.retry_after == 121
    assert len(upstream.requests) == 1


async def test_a_wait_beyond_the_total_limit_is_not_waited(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script(fault(429, retry_after="100"))
    outcome = await read(make_client(timeouts=oc.Timeouts(total=50)), GOOD)
    assert isinstance(outcome.error, oc.RateLimited)


async def test_an_error_in_a_stream_before_any_text_is_retried(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(stream_answer(sse({"error": {"message": "busy", "type": "server_error"}}), done()))
    outcome = await read(client, GOOD)
    assert (outcome.error, outcome.text, outcome.completion.meta.attempts) == (None, "w0001 ", 2)


async def test_a_connection_lost_before_any_text_is_retried(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Reset()])
    upstream.script([*stream_answer(ended=False), Reset()])
    outcome = await read(client, GOOD)
    assert (outcome.error, outcome.text, outcome.completion.meta.attempts) == (None, "w0001 ", 3)


async def test_nothing_is_retried_once_text_came(upstream: Upstream, client: oc.Client) -> None:
    broken = sse({"error": {"message": "busy", "type": "server_error"}})
    upstream.script(stream_answer(text_chunk("a"), broken))
    outcome = await read(client, GOOD)
    assert isinstance(outcome.error, oc.ServerFault)
    assert (len(upstream.requests), outcome.text) == (1, "a")


async def test_text_of_a_failed_attempt_does_not_leak_into_the_next(upstream: Upstream, client: oc.Client) -> None:
    first = text_chunk(None) + sse({"id": "old", "choices": [], "provider": "old"})
    upstream.script([Send(head(transfer_encoding="chunked") + chunk(first)), Reset()])
    outcome = await read(client, GOOD)
    assert outcome.text == "w0001 "
    assert "provider" not in outcome.completion.extra


async def test_the_callers_own_failures_in_on_retry_come_out(upstream: Upstream, client: oc.Client) -> None:
    def stop(retry: oc.Retry) -> None:
        raise LookupError("no more")

    upstream.script(fault(500))
    async with client.stream_chat(GOOD, on_retry=stop) as stream:
        with pytest.raises(LookupError):
            await anext(stream)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1s", 1), ("6m0s", 360), ("12ms", 0.012), ("1h2m3.5s", 3723.5), ("20", 20), ("0.25", 0.25), ("0", 0),
        ("-1", None), ("", None), ("soon", None), ("1x", None), ("nan", None), ("inf", None), ("1e400", None),
        ("9" * 60, None), ("1000000100", 100), ("1000000100000", 100), ("999999999", None),
    ],
)  # fmt: skip
def test_durations_in_every_spelling(text: str, expected: float | None) -> None:
    result = seconds(text, now=1_000_000_000)
    assert result == (expected if expected is None else pytest.approx(expected))


@pytest.mark.parametrize(
    ("headers", "message", "expected"),
    [
        ({"retry-after-ms": "1500", "retry-after": "9"}, "", 1.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, "", 9),
        ({"retry-after": "2.5"}, "", 2.5),
        ({"retry-after": "never"}, "", None),
        ({"retry-after": "Wed, 99 Foo 2015"}, "", None),
        ({}, "Please try again in 20s. Contact us", 20),
        ({}, "Rate limit reached, try again in 6ms", 0.006),
        ({}, "Please retry after 5 seconds.", 5),
        ({}, "try again later", None),
    ],
)
def test_where_the_wait_stands(headers: dict[str, str], message: str, expected: float | None) -> None:
    assert retry_after(headers, message) == expected


def test_a_wait_until_a_date() -> None:
    wait = retry_after({"retry-after": formatdate(time.time() + 60, usegmt=True)})
    assert wait is not None
    assert 50 < wait <= 60
    assert retry_after({"retry-after": formatdate(time.time() - 60, usegmt=True)}) == 0
    assert retry_after({"retry-after": "Wed, 21 Oct 2099 07:28:00"}) is not None


def test_backoff_doubles_to_its_maximum_less_a_quarter() -> None:
    retries = oc.Retries(attempts=50, base=0.5, maximum=8)
    for attempt, full in ((2, 0.5), (3, 1), (4, 2), (5, 4), (6, 8), (7, 8), (50, 8)):
        wait = wait_before(attempt, oc.ServerFault("m"), retries)
        assert wait is not None
        assert 0.75 * full <= wait <= full
    assert wait_before(51, oc.ServerFault("m"), retries) is None


def test_rate_limit_headers_are_read_and_kept_raw() -> None:
    headers = {
        "x-ratelimit-limit-requests": "60",
        "x-ratelimit-remaining-requests": "59",
        "x-ratelimit-reset-requests": "1s",
        "x-ratelimit-remaining-tokens": "-1",
        "x-ratelimit-reset-tokens": "whenever",
        "other": "x",
    }
    limits = rate_limits(headers)
    assert limits.requests == oc.RateLimit(60, 59, 1.0)
    assert limits.tokens == oc.RateLimit(None, None, None)
    assert limits.raw["x-ratelimit-reset-tokens"] == "whenever"
    assert "other" not in limits.raw


def test_only_so_many_rate_limit_headers_are_kept() -> None:
    limits = rate_limits({f"x-ratelimit-limit-{number}{'y' * 200}": "1" * 9000 for number in range(500)})
    assert len(limits.raw) == 20
    assert {len(name) for name in limits.raw} == {len(value) for value in limits.raw.values()} == {100}
    assert rate_limits({}) == oc.RateLimits()


async def test_rate_limits_request_id_and_timings_come_with_the_answer(upstream: Upstream, client: oc.Client) -> None:
    answer = stream_answer(
        text_chunk("a", finish="stop") + done(),
        x_request_id="req-1", x_ratelimit_remaining_tokens="77", openai_processing_ms="12", set_cookie="a=b",
    )  # fmt: skip
    upstream.script(answer)
    meta = (await read(client)).completion.meta
    assert (meta.request_id, meta.status) == ("req-1", 200)
    assert meta.rate_limits.tokens.remaining == 77
    assert meta.headers == {"x-request-id": "req-1", "openai-processing-ms": "12"}
    timings = (meta.timings.headers, meta.timings.first_byte, meta.timings.first_delta, meta.timings.end)
    assert None not in timings
    assert list(timings) == sorted(timings, key=lambda value: value or 0)


@given(st.text(max_size=60))
def test_no_header_value_is_too_odd(text: str) -> None:
    for name in ("retry-after", "retry-after-ms"):
        wait = retry_after({name: text}, text)
        assert wait is None or wait >= 0
    rate_limits({"x-ratelimit-limit-requests": text, "x-ratelimit-reset-tokens": text})
