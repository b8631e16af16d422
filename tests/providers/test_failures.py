"""Every refusal ends in the right code, a sentence that says what helps, the upstream's own words, and the right
retries: each row of the error table of the API, and of what other servers do differently about errors and requests."""

# ruff: noqa: E501  in a table a case is a row

import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from django.utils import translation

import openai_client as oc
from providers.failures import MEANINGS, RunFailed, explain, fault_of_ours, interrupted
from tests.providers.refusals import IRE, LIMITS, ROWS, error
from tests.upstream import Step, Upstream, json_answer

CODES = {
    "rate_limited", "quota_exhausted", "context_length_exceeded", "content_filter", "invalid_key", "model_not_found",
    "upstream_unreachable", "upstream_broken_off", "upstream_refused", "interrupted", "server_error", "answer_too_long",
}  # fmt: skip
REQUEST: dict[str, Any] = {
    "model": "any-t2-r0", "messages": [{"role": "user", "content": "hi"}], "temperature": 0.2, "top_p": 0.5, "max_tokens": 9,
    "stream_options": {"include_usage": True}, "response_format": {"type": "json_object"}, "n": 2,
}  # fmt: skip


@pytest.fixture(scope="module")
def running() -> Iterator[Upstream]:
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def reason() -> str:
    """Why a refusal is expected; a parameter of the table test."""
    return ""


@pytest.fixture
async def client(running: Upstream, reason: str) -> AsyncIterator[oc.Client]:
    """Patient, but where silence is what is expected."""
    running.clear()
    retries = oc.Retries(base=0.001, maximum=0.002)
    limits = oc.SizeLimits(text=5000, line=100_000)
    timeouts = oc.Timeouts(first_byte=0.2 if reason == "silent" else 60, idle=0.2 if reason == "stalled" else 60)
    async with oc.Client(running.url, "sk-0123456789", retries=retries, limits=limits, timeouts=timeouts) as client:
        yield client
    running.clear()


async def ask(client: oc.Client) -> RunFailed | None:
    async with client.stream_chat(REQUEST) as stream:
        try:
            async for _ in stream:
                pass
        except oc.OpenAIClientError as failed:
            return explain(failed, provider="Relay", model_id="m")
    return None


@pytest.mark.parametrize(("row", "steps", "code", "reason", "asked"), ROWS, ids=[row[0] for row in ROWS])
async def test_a_row_ends_as_it_should(
    running: Upstream, client: oc.Client, row: str, steps: list[Step], code: str, reason: str, asked: int
) -> None:
    for _ in range(3 if code else 1):
        running.script(steps)
    failed = await ask(client)
    assert len(running.requests) == asked, row
    if not code:
        assert failed is None
        return
    assert failed is not None
    data = failed.as_json()["data"]
    assert (failed.code, data["reason"]) == (code, reason)
    assert failed.code in CODES
    assert failed.message.endswith((".", "?"))
    assert "%(" not in failed.message
    assert data["upstream_message"]
    assert ("It was asked 3 times." in failed.message) == (asked == 3) == (data["attempts"] == 3)
    assert data["retryable"] or asked == 1 or row == "x-should-retry true"


def test_every_row_is_in_the_table() -> None:
    named = {found[0] for row in ROWS if (found := re.match(r"[68]\.\d+", row[0]))}
    assert named == {f"6.{row}" for row in range(1, 19)} | {f"8.{row}" for row in range(1, 10)}
    assert len([row for row in ROWS if re.match(r"\d{3}\b", row[0])]) == 33  # the API's own table, codes by themselves


def test_every_reason_is_met_by_a_row_or_by_a_connection_that_fails() -> None:
    met = {reason for *_, reason, _ in ROWS} - {""}
    assert set(MEANINGS) - met == {"unreachable", "nobody", "dns", "tls", "bad_url", "forbidden", "proxy"}


@pytest.mark.parametrize("reason", ["unreachable", "refused", "dns", "tls", "bad_url", "forbidden", "proxy"])
def test_a_connection_that_fails_has_its_sentence(reason: str) -> None:
    failed = oc.ConnectionFailed("own words", retryable=reason not in {"tls", "bad_url", "forbidden"})
    failed.reason = reason
    found = explain(failed, provider="Relay", model_id="m")
    assert (found.code, found.details["reason"]) == (
        "upstream_unreachable",
        "nobody" if reason == "refused" else reason,
    )
    assert found.retryable is failed.retryable
    assert "Relay" in found.message


async def test_the_upstreams_own_words_and_numbers_come_along(running: Upstream, client: oc.Client) -> None:
    words = {
        "message": "Rate limit reached for x in organization org-1",
        "type": "requests",
        "param": None,
        "code": "rate_limit_exceeded",
    }
    headers = {**LIMITS, "x_ratelimit_reset_tokens": "6m0s", "x_request_id": "req_7", "retry_after": "180"}
    running.script(json_answer({"error": words}, 429, **headers))
    failed = await ask(client)
    assert failed is not None
    assert failed.as_json()["data"] == {
        "retryable": True,
        "reason": "rate",
        "status": 429,
        "upstream_code": "rate_limit_exceeded",
        "upstream_message": "Rate limit reached for x in organization org-1",
        "request_id": "req_7",
        "retry_after": 180.0,
        "attempts": 1,
        "rate_limits": {
            "x-ratelimit-limit-requests": "60",
            "x-ratelimit-remaining-requests": "0",
            "x-ratelimit-reset-tokens": "6m0s",
        },
    }
    assert json.dumps(failed.as_json())
    assert failed.message == (
        "Relay is limiting requests. Waiting helps: try again in a moment, or choose another model. "
        "It asks us to wait 3 minutes."
    )


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "1 second."), (1.0, "1 second."), (6.0, "6 seconds."), (90.5, "91 seconds."), (100.0, "2 minutes."), (3600.0, "60 minutes."), (86_400.0, "24 hours.")],
)  # fmt: skip
def test_how_long_to_wait_is_told_in_the_largest_unit_that_fits(seconds: float, words: str) -> None:
    failed = explain(oc.RateLimited("m", retry_after=seconds), provider="Relay", model_id="m")
    assert failed.message.endswith(f"It asks us to wait {words}")


async def test_what_groq_made_of_a_tool_call_is_kept(running: Upstream, client: oc.Client) -> None:
    running.script(error(400, IRE, "tool_use_failed", "Failed to call a function.", failed_generation="<function=f{"))
    failed = await ask(client)
    assert failed is not None
    assert failed.details["failed_generation"] == "<function=f{"


async def test_no_key_gets_into_a_failure(running: Upstream, client: oc.Client) -> None:
    running.script(
        error(
            401, IRE, "invalid_api_key", "Incorrect API key provided: sk-0123456789.", failed_generation="sk-0123456789"
        )
    )
    failed = await ask(client)
    assert failed is not None
    assert "sk-0123456789" not in json.dumps(failed.as_json())


def every_kind(cls: type[oc.OpenAIClientError] = oc.OpenAIClientError) -> list[type[oc.OpenAIClientError]]:
    return [cls, *(found for child in cls.__subclasses__() for found in every_kind(child))]


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
@pytest.mark.parametrize("kind", every_kind(), ids=lambda kind: kind.__name__)
def test_every_exception_of_the_client_is_explained(kind: type[oc.OpenAIClientError], language: str) -> None:
    with translation.override(language):
        found = explain(kind("the upstream's own words"), provider="Relay", model_id="m")
    assert found.code in CODES
    assert "%(" not in found.message
    assert found.as_json()["data"]["upstream_message"] == "the upstream's own words"
    assert found.as_json()["data"]["retryable"] is found.retryable


def test_money_is_never_called_a_limit_that_passes() -> None:
    assert explain(oc.OutOfMoney("x"), provider="p", model_id="m").retryable is False


def test_our_own_ends_are_explained_too() -> None:
    for found in (interrupted(), fault_of_ours()):
        assert found.code in CODES
        assert found.message.endswith(".")
