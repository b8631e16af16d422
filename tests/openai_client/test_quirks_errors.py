"""Error shapes: quirks section 6 and the table of wire.md section 0, row by row."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

import json
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import Answer
from tests.upstream import Close, done, sse, text_chunk

PLAIN = {"message": "m", "type": "invalid_request_error", "param": None, "code": None}


def error(**fields: Any) -> bytes:
    return json.dumps({"error": fields}).encode()


@pytest.mark.parametrize(
    ("quirk", "event", "kind", "message"),
    [
        ("6.1 error object", sse({"error": {"message": "boom", "type": "server_error"}}), oc.ServerFault, "boom"),
        ("6.1 with [DONE]", sse({"error": {"message": "boom", "type": "server_error"}}) + done(), oc.ServerFault, "boom"),
        (
            "6.2 beside choices",
            sse({
                "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}],
                "error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": "overloaded"}},
            }),
            oc.ServerFault,
            "Provider returned error: overloaded",
        ),
        ("6.3 flat", sse({"object": "error", "message": "boom", "type": "BadRequestError", "param": None, "code": 400}), oc.BadRequest, "boom"),
        ("6.4 named event", b'event: error\ndata: {"error":{"message":"boom"},"message":"boom"}\n\n', oc.APIError, "boom"),
        ("6.4 named event, flat", b'event: error\ndata: {"message":"boom"}\n\n', oc.APIError, "boom"),
        ("6.4 named event, text", b"event: error\ndata: boom\n\n", oc.APIError, "boom"),
        ("6.5 string", sse({"error": "boom"}), oc.APIError, "boom"),
        ("6.7 bare JSON", b'{"error":{"message":"boom","code":503}}\n', oc.ServerFault, "boom"),
        ("6.9 array", sse([{"error": {"code": 400, "message": "boom", "status": "INVALID_ARGUMENT"}}]), oc.BadRequest, "boom"),
        ("6.10 detail", sse({"detail": "boom"}), oc.APIError, "boom"),
        ("6.11 code as a string", sse({"error": {"message": "boom", "type": "None", "param": "None", "code": "429"}}), oc.RateLimited, "boom"),
        ("6.15 success false", sse({"success": False, "error": {"message": "boom"}}), oc.APIError, "boom"),
        ("6.15 message and code", sse({"message": "boom", "code": "x"}), oc.APIError, "boom"),
        ("6.15 MiniMax", sse({"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}), oc.OutOfMoney, "insufficient balance"),
        ("6.15 DashScope", sse({"error": {"message": "boom", "code": "data_inspection_failed"}, "request_id": "r"}), oc.ContentFiltered, "boom"),
    ],
)  # fmt: skip
async def test_errors_in_mid_stream_keep_the_text(
    answer: Answer, quirk: str, event: bytes, kind: type[oc.OpenAIClientError], message: str
) -> None:
    outcome = await answer(text_chunk("so far") + event)
    assert type(outcome.error) is kind, quirk
    assert outcome.error.message == message, quirk
    assert outcome.text == "so far", quirk
    assert outcome.deltas[0] == oc.TextDelta(0, "so far")
    assert outcome.completion.incomplete_reason == outcome.error.code
    assert not outcome.completion.complete


@pytest.mark.parametrize(
    ("quirk", "status", "body", "kind", "facts"),
    [
        ("0 bad field", 400, error(**{**PLAIN, "param": "messages"}), oc.BadRequest, {"param": "messages"}),
        ("0 too long", 400, error(**{**PLAIN, "code": "context_length_exceeded"}), oc.ContextTooLong, {}),
        ("0 filtered prompt", 400, error(**{**PLAIN, "code": "content_policy_violation"}), oc.ContentFiltered, {}),
        ("0 moderation", 400, error(**{**PLAIN, "code": "moderation_blocked"}), oc.ContentFiltered, {}),
        ("0 old billing form", 400, error(**{**PLAIN, "code": "billing_hard_limit_reached"}), oc.OutOfMoney, {}),
        ("0 wrong key", 401, error(**{**PLAIN, "code": "invalid_api_key"}), oc.InvalidKey, {"code": "invalid_api_key"}),
        ("0 no word", 401, error(**{**PLAIN, "type": "server_error"}), oc.InvalidKey, {"retryable": False}),
        ("0 session key", 401, error(message="Your request to GET /v1/dashboard must be made with a session key", type="server_error"), oc.PermissionDenied, {"retryable": False}),
        ("0 no organisation", 401, error(message="You must be a member of an organization to use the API", type="invalid_request_error"), oc.PermissionDenied, {"retryable": False}),
        ("0 wrong organisation", 401, error(message="OpenAI-Organization header should match organization for API key", type="invalid_request_error", code="mismatched_organization"), oc.PermissionDenied, {}),
        ("0 address", 401, error(message="Your IP address is not on the allow list", type="invalid_request_error"), oc.PermissionDenied, {}),
        ("0 missing scopes", 403, error(message="Missing scopes: api.usage.read", type="server_error"), oc.PermissionDenied, {"retryable": False}),
        ("0 region", 403, error(message="m", type="request_forbidden", code="unsupported_country_region_territory"), oc.PermissionDenied, {}),
        ("0 model", 404, error(message="The model `x` does not exist", type="invalid_request_error", code="model_not_found"), oc.ModelNotFound, {}),
        ("0 endpoint", 404, error(message="Invalid URL (POST /v1/edits)", type="invalid_request_error"), oc.NotFound, {}),
        ("0 server timeout", 408, error(**PLAIN), oc.APIError, {"retryable": True}),
        ("0 lock", 409, error(**PLAIN), oc.APIError, {"retryable": True}),
        ("0 upload", 413, b"<html><title>413 Too Large</title></html>", oc.BadRequest, {"message": "413 Too Large"}),
        ("0 unprocessable", 422, error(**PLAIN), oc.BadRequest, {}),
        ("0 rate", 429, error(message="Please try again in 6s", type="requests", code="rate_limit_exceeded"), oc.RateLimited, {"retry_after": 6.0}),
        ("0 rate in ms", 429, error(message="Please try again in 1m3.5s.", type="tokens"), oc.RateLimited, {"retry_after": 63.5}),
        ("0 one request too large", 429, error(message="Request too large for gpt", type="tokens", code="rate_limit_exceeded"), oc.ContextTooLong, {"retryable": False}),
        ("0 slow down", 429, error(message="m", type="rate_limit_error", code="slow_down"), oc.RateLimited, {"retryable": True}),
        ("0 quota", 429, error(message="m", type="insufficient_quota", code="insufficient_quota"), oc.OutOfMoney, {"retryable": False}),
        ("0 quota by type", 429, error(message="m", type="insufficient_quota"), oc.OutOfMoney, {}),
        ("0 credit", 429, error(message="m", code="credit_balance_exhausted"), oc.OutOfMoney, {}),
        ("0 spend limit", 429, error(message="m", code="project_spend_limit_exceeded"), oc.OutOfMoney, {}),
        ("0 quota in words", 429, error(message="You exceeded your current quota, please check"), oc.OutOfMoney, {}),
        ("0 money called a rate", 429, error(message="You exceeded your current quota, see billing", code="rate_limit_exceeded"), oc.OutOfMoney, {}),
        ("0 a status without a name", 599, b"", oc.ServerFault, {"message": "HTTP 599"}),
        ("array in an array", 400, b"[[1]]", oc.BadRequest, {}),
        ("array of strings", 400, b'["boom"]', oc.BadRequest, {"message": "boom"}),
        ("array of numbers", 400, b"[1]", oc.BadRequest, {}),
        ("empty array", 400, b"[]", oc.BadRequest, {}),
        ("an error list", 400, b'{"errors": 1, "error": [{"message": "m"}]}', oc.BadRequest, {"message": "m"}),
        ("a detail object", 400, b'{"detail": {"message": "m", "code": "c"}}', oc.BadRequest, {"message": "m", "code": "c"}),
        ("string and message", 400, b'{"error": "Bad Request", "message": "no field"}', oc.BadRequest, {"message": "Bad Request: no field"}),
        ("page with an empty title", 403, b"<html><title></title><p>gone</p></html>", oc.PermissionDenied, {"message": "gone"}),
        ("Google without a delay", 429, error(code=429, message="m", status="RESOURCE_EXHAUSTED", details=[{"retryDelay": 5}, 3]), oc.RateLimited, {"retry_after": None}),
        ("0 fault", 500, error(message="m", type="server_error"), oc.ServerFault, {"retryable": True}),
        ("0 proxy page", 502, b"<html><head><title>502 Bad Gateway</title></head></html>", oc.ServerFault, {"message": "502 Bad Gateway"}),
        ("0 overload", 503, error(message="m", type="service_unavailable_error", code="server_is_overloaded"), oc.ServerFault, {}),
        ("0 unknown status", 529, error(message="m", type="overloaded_error"), oc.ServerFault, {"status": 529}),
        ("6.3 flat", 400, json.dumps({"object": "error", "message": "m", "code": 400}).encode(), oc.BadRequest, {"message": "m"}),
        ("6.5 string", 400, json.dumps({"error": "m"}).encode(), oc.BadRequest, {"message": "m"}),
        ("6.6 llama.cpp", 400, error(code=400, message="m", type="exceed_context_size_error", n_prompt_tokens=9, n_ctx=8), oc.ContextTooLong, {"details": {"n_prompt_tokens": 9, "n_ctx": 8}}),
        ("6.6 llama.cpp 500", 500, error(code=500, message="Context size has been exceeded.", type="server_error"), oc.ContextTooLong, {}),
        ("6.6 not supported", 501, error(code=501, message="m", type="not_supported_error"), oc.ServerFault, {"retryable": False}),
        ("6.6 loading", 503, error(code=503, message="Loading model", type="unavailable_error"), oc.ServerFault, {"retryable": True}),
        ("6.9 Gemini", 400, json.dumps([{"error": {"code": 400, "message": "m", "status": "INVALID_ARGUMENT"}}]).encode(), oc.BadRequest, {"code": "INVALID_ARGUMENT"}),
        ("6.9 Gemini key", 400, json.dumps([{"error": {"code": 400, "message": "API key not valid. Please pass a valid API key."}}]).encode(), oc.InvalidKey, {}),
        ("6.9 Gemini wait", 429, error(code=429, message="You exceeded your current quota. Please retry in 35.5s.", status="RESOURCE_EXHAUSTED"), oc.RateLimited, {"retry_after": 35.5}),
        ("6.9 Gemini delay", 429, error(code=429, message="m", status="RESOURCE_EXHAUSTED", details=[{"retryDelay": "7s"}]), oc.RateLimited, {"retry_after": 7.0}),
        ("6.10 FastAPI", 404, b'{"detail":"Not Found"}', oc.NotFound, {"message": "Not Found"}),
        ("6.10 FastAPI 422", 422, json.dumps({"detail": [{"loc": ["body", "stop"], "msg": "field required", "type": "t"}]}).encode(), oc.BadRequest, {"message": "stop: field required", "param": "stop"}),
        ("6.11 LiteLLM", 400, error(message="litellm.BadRequestError: m", type=None, param=None, code="400", provider_specific_fields=None), oc.BadRequest, {"status": 400}),
        ("6.12 Azure filter", 400, error(message="m", code="content_filter", innererror={"content_filter_result": {"hate": {"filtered": True}}}), oc.ContentFiltered, {}),
        ("6.12 Azure key", 401, b'{"statusCode":401,"message":"Access denied"}', oc.InvalidKey, {"message": "Access denied"}),
        ("6.12 Azure deployment", 404, error(code="DeploymentNotFound", message="m"), oc.ModelNotFound, {}),
        ("6.13 text", 500, b"Internal Server Error", oc.ServerFault, {"message": "Internal Server Error"}),
        ("6.13 empty", 502, b"", oc.ServerFault, {"message": "HTTP 502 Bad Gateway"}),
        ("6.13 page without a title", 403, b"<html><body><h1>Sorry</h1> you are <b>blocked</b></body></html>", oc.PermissionDenied, {"message": "Sorry you are blocked"}),
        ("6.15 success false", 400, b'{"success":false,"error":{"message":"m"}}', oc.BadRequest, {"message": "m"}),
        ("6.15 bare", 400, b'{"message":"m","code":"x"}', oc.BadRequest, {"message": "m", "code": "x"}),
        ("6.16 DeepSeek", 402, error(message="Insufficient Balance", type="unknown_error", code="invalid_request_error"), oc.OutOfMoney, {"retryable": False}),
        ("6.17 Ollama without /v1", 404, b"404 page not found", oc.NotFound, {"message": "404 page not found"}),
        ("7 Ollama model", 404, error(message='model "x" not found, try pulling it first', type="api_error"), oc.ModelNotFound, {}),
        ("7 OpenRouter model", 400, error(message="x is not a valid model ID", code=400), oc.ModelNotFound, {}),
        ("one-api quota", 403, error(message="m", type="one_api_error", code="insufficient_user_quota"), oc.OutOfMoney, {}),
        ("llama.cpp without eyes", 500, error(code=500, message="image input is not supported - hint: if this is unexpected, you may need to provide the mmproj", type="server_error"), oc.BadRequest, {"retryable": False}),
        ("llama.cpp names a field", 400, error(code=400, message="Field 'n': Value must be between 1 <= value <= 1, but got 2", type="invalid_request_error"), oc.BadRequest, {"param": "n"}),
        ("LiteLLM model", 400, error(message="/chat/completions: Invalid model name passed in model=x. Call `/v1/models` to view available models for your key.", type="invalid_request_error", param="model", code="400"), oc.ModelNotFound, {}),
        ("LiteLLM key without a database", 400, error(message="No connected db.", type="no_db_connection", param=None, code="400"), oc.InvalidKey, {}),
        ("LiteLLM rate", 429, error(message="litellm.RateLimitError: m", type="throttling_error", param=None, code="429"), oc.RateLimited, {"retryable": True}),
        ("JSON that is no object", 400, b'"just text"', oc.BadRequest, {}),
        ("SSE with a bad status", 429, sse({"error": {"message": "m", "type": "requests"}}), oc.RateLimited, {"message": "m"}),
    ],
)  # fmt: skip
async def test_errors_with_a_status(
    answer: Answer, quirk: str, status: int, body: bytes, kind: type[oc.APIError], facts: dict[str, Any]
) -> None:
    caught = (await answer(body, status=status, content_type="application/json", x_request_id="req-7")).error
    assert type(caught) is kind, quirk
    assert caught.status == status, quirk
    assert caught.request_id == "req-7"
    assert caught.message, quirk
    assert {name: getattr(caught, name) for name in facts} == facts, quirk


@pytest.mark.parametrize(
    ("quirk", "body", "kind"),
    [
        ("6.8 one-api billing", error(message="m", type="insufficient_quota"), oc.OutOfMoney),
        ("6.8 LM Studio", json.dumps({"error": "Trying to keep the first 9 tokens when context the overflows."}).encode(), oc.ContextTooLong),
        ("6.8 runpod", error(message="m", code=404), oc.NotFound),
    ],
)  # fmt: skip
async def test_6_8_errors_with_status_200(
    answer: Answer, quirk: str, body: bytes, kind: type[oc.OpenAIClientError]
) -> None:
    outcome = await answer(body, content_type="application/json")
    assert type(outcome.error) is kind, quirk
    assert outcome.completion.choices == ()


async def test_a_refusal_brings_its_rate_limits_along(answer: Answer) -> None:
    limits = {
        "x_ratelimit_limit_requests": "60",
        "x_ratelimit_remaining_requests": "0",
        "x_ratelimit_reset_tokens": "6m0s",
    }
    caught = (await answer(error(message="m", type="requests"), status=429, **limits)).error
    assert isinstance(caught, oc.RateLimited)
    assert caught.rate_limits.requests == oc.RateLimit(limit=60, remaining=0)
    assert caught.rate_limits.tokens == oc.RateLimit(reset_seconds=360.0)
    assert caught.rate_limits.raw["x-ratelimit-reset-tokens"] == "6m0s"
    assert (await answer(error(message="m"), status=400)).error.rate_limits == oc.RateLimits()  # type: ignore[union-attr]


async def test_the_id_to_quote_is_found_under_the_names_in_use(answer: Answer) -> None:
    for name in ("x_request_id", "request_id", "apim_request_id", "x_ms_request_id", "x_litellm_call_id", "cf_ray"):
        caught = (await answer(error(message="m"), status=400, **{name: "id-7"})).error
        assert caught is not None
        assert caught.request_id == "id-7"


async def test_6_16_payment_with_retry_after_is_a_wait(answer: Answer) -> None:
    caught = (await answer(error(message="m", code=402), status=402, retry_after="5")).error
    assert isinstance(caught, oc.RateLimited)
    assert (caught.retryable, caught.retry_after) == (True, 5.0)


async def test_6_18_text_that_is_no_json(answer: Answer) -> None:
    outcome = await answer(b"data: Number of choices must be greater than 0.\n\n", Close())
    assert isinstance(outcome.error, oc.UnexpectedAnswer)
    assert outcome.error.message == "Number of choices must be greater than 0."


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"", oc.UnexpectedAnswer, "empty_answer"),
        (b"\n\n\n", oc.UnexpectedAnswer, "empty_answer"),
        (b": ping\n\n", oc.UnexpectedAnswer, "empty_answer"),
        (done(), oc.UnexpectedAnswer, "empty_answer"),
        (b"<!doctype html><title>Sign in</title>", oc.UnexpectedAnswer, "not_an_answer"),
        (b"hello", oc.UnexpectedAnswer, "not_an_answer"),
        (b"{}", oc.UnexpectedAnswer, "empty_answer"),
        (b"null", oc.UnexpectedAnswer, "not_an_answer"),
        (b'{"choices": [{"message": {"content": "Hel', oc.BrokenOff, "broken_off"),
        (b'{"choices": oops}', oc.UnexpectedAnswer, "not_an_answer"),
        (sse({"choices": []}), oc.BrokenOff, "broken_off"),
        (bytes(range(128, 256)), oc.UnexpectedAnswer, "not_an_answer"),
        (b"\0" * 100, oc.UnexpectedAnswer, "not_an_answer"),
    ],
)
async def test_what_is_no_answer(answer: Answer, body: bytes, kind: type[oc.OpenAIClientError], code: str) -> None:
    outcome = await answer(body)
    assert type(outcome.error) is kind
    assert outcome.error.code == code
    assert outcome.error.message


async def test_html_shows_its_title_and_keeps_its_body(answer: Answer) -> None:
    page = b"<html>\n<head><title>\n Just a &amp; moment </title></head>\ndata: no\n\n</html>"
    caught = (await answer(page, content_type="text/html")).error
    assert isinstance(caught, oc.UnexpectedAnswer)
    assert caught.message == "Just a & moment"
    assert caught.body.startswith("<html>")


async def test_bodies_are_kept_to_4_kb(answer: Answer) -> None:
    caught = (await answer(b"x" * 500_000, status=500)).error
    assert caught is not None
    assert 3000 < len(caught.body) <= 4096
    assert len(caught.message) <= 300


async def test_an_error_without_a_word_still_says_something(answer: Answer) -> None:
    caught = (await answer(sse({"error": True}))).error
    assert isinstance(caught, oc.APIError)
    assert caught.message
    deep: Any = "x"
    for _ in range(60):
        deep = {"a": [deep]}
    caught = (await answer(sse({"error": {"message": "m", "deep": deep}}))).error
    assert caught is not None
    assert len(json.dumps(caught.details)) < 200


async def test_a_text_chunk_beside_a_null_error_is_text(answer: Answer) -> None:
    outcome = await answer(text_chunk("a", error=None) + text_chunk(finish="stop", error={}) + done())
    assert (outcome.error, outcome.text) == (None, "a")
