"""The refusals of upstreams, row by row: the error table of the API, and what other servers do differently."""

# ruff: noqa: E501  in a table a case is a row

from typing import Any

from tests.upstream import Close, Hang, Reset, Send, Step, done, head, json_answer, sse, stream_answer, text_chunk

LIMITS = {"x_ratelimit_limit_requests": "60", "x_ratelimit_remaining_requests": "0"}
PAGE = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"


def error(status: int, kind: str | None = None, code: Any = None, message: str = "m", **more: Any) -> list[Step]:
    """The error envelope of the API with this HTTP status; headers begin with x_ or retry_."""
    headers = {name: more.pop(name) for name in list(more) if name.startswith(("x_", "retry_"))}
    return json_answer(
        {"error": {"message": message, "type": kind, "param": None, "code": code, **more}}, status, **headers
    )


def raw(status: int, body: Any, **headers: Any) -> list[Step]:
    return json_answer(body, status, **headers)


def middle(*events: bytes) -> list[Step]:
    """A stream that has begun."""
    return stream_answer(text_chunk("so far"), *events)


IRE = "invalid_request_error"
# row, what the server does, code, reason, how often it is asked: once, thrice where waiting helps, twice where the
# request was mended, and then it is answered ("").
ROWS: list[tuple[str, list[Step], str, str, int]] = [
    ("400 bad field", error(400, IRE, message="temperature must be at most 2", param="temperature"), "upstream_refused", "parameter", 1),
    ("400 unsupported_parameter", error(400, IRE, "unsupported_parameter", param="temperature"), "", "", 2),
    ("400 unsupported_value", error(400, IRE, "unsupported_value", param="temperature"), "", "", 2),
    ("400 context_length_exceeded", error(400, IRE, "context_length_exceeded", param="messages"), "context_length_exceeded", "too_long", 1),
    ("400 JSON mode without the word", error(400, IRE, message="'messages' must contain the word 'json' in some form", param="messages"), "upstream_refused", "json_word", 1),
    ("400 tool calls without results", error(400, IRE, message="An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.", param="messages"), "upstream_refused", "tool_result", 1),
    ("400 moderation_blocked", error(400, "image_generation_user_error", "moderation_blocked"), "content_filter", "filtered", 1),
    ("400 content_policy_violation", error(400, IRE, "content_policy_violation"), "content_filter", "filtered", 1),
    ("400 billing_hard_limit_reached", error(400, IRE, "billing_hard_limit_reached"), "quota_exhausted", "money", 1),
    ("401 invalid_api_key", error(401, IRE, "invalid_api_key", "Incorrect API key provided: sk-ab***yz."), "invalid_key", "key", 1),
    ("401 organisation", error(401, IRE, None, "You must be a member of an organization to use the API"), "upstream_refused", "permission", 1),
    ("401 address", error(401, IRE, "ip_not_authorized", "Your IP address is not on the allow list"), "upstream_refused", "permission", 1),
    ("401 session key", error(401, "server_error", None, "Your request must be made with a session key"), "upstream_refused", "permission", 1),
    ("403 scopes", error(403, "server_error", None, "Missing scopes: api.usage.read"), "upstream_refused", "permission", 1),
    ("403 region", error(403, "request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported"), "upstream_refused", "region", 1),
    ("404 model_not_found", error(404, IRE, "model_not_found", "The model `x` does not exist or you do not have access to it."), "model_not_found", "model", 1),
    ("404 removed endpoint", error(404, IRE, None, "Invalid URL (POST /v1/engines)"), "upstream_refused", "address", 1),
    ("408", error(408), "upstream_refused", "slow", 3),
    ("409", error(409), "upstream_refused", "busy", 3),
    ("413", raw(413, b"<html><title>413 Request Entity Too Large</title></html>"), "upstream_refused", "request_too_large", 1),
    ("422", error(422), "upstream_refused", "refused", 1),
    ("429 rate_limit_exceeded", error(429, "requests", "rate_limit_exceeded", "Rate limit reached", **LIMITS), "rate_limited", "rate", 3),
    ("429 Request too large", error(429, "tokens", "rate_limit_exceeded", "Request too large for x"), "context_length_exceeded", "too_long", 1),
    ("429 slow_down", error(429, "rate_limit_error", "slow_down"), "rate_limited", "slow_down", 3),
    ("429 insufficient_quota", error(429, "insufficient_quota", "insufficient_quota", "You exceeded your current quota"), "quota_exhausted", "money", 1),
    ("429 credit_balance_exhausted", error(429, "insufficient_quota", "credit_balance_exhausted"), "quota_exhausted", "money", 1),
    ("429 organization_spend_limit_exceeded", error(429, "insufficient_quota", "organization_spend_limit_exceeded"), "quota_exhausted", "money", 1),
    ("429 project_spend_limit_exceeded", error(429, "insufficient_quota", "project_spend_limit_exceeded"), "quota_exhausted", "money", 1),
    ("429 organization_usage_limit_exceeded", error(429, "insufficient_quota", "organization_usage_limit_exceeded"), "quota_exhausted", "money", 1),
    ("500 server_error", error(500, "server_error"), "upstream_refused", "fault", 3),
    ("502 a proxy's page", raw(502, PAGE), "upstream_refused", "fault", 3),
    ("504 a proxy's page", raw(504, PAGE.replace(b"502 Bad Gateway", b"504 Gateway Time-out")), "upstream_refused", "fault", 3),
    ("503 server_is_overloaded", error(503, "service_unavailable_error", "server_is_overloaded"), "upstream_refused", "overloaded", 3),
    # headers that overrule
    ("x-should-retry false", error(500, x_should_retry="false"), "upstream_refused", "fault", 1),
    ("x-should-retry true", error(400, x_should_retry="true"), "upstream_refused", "refused", 3),
    ("retry-after too long", error(429, "requests", retry_after="300"), "rate_limited", "rate", 1),
    # section 6
    ("6.1 in mid-stream", middle(sse({"error": {"message": "boom", "type": "server_error"}})), "upstream_refused", "fault", 1),
    ("6.2 OpenRouter", middle(sse({"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}], "error": {"code": 502, "message": "Provider returned error", "metadata": {"raw": "boom", "provider_name": "x"}}})), "upstream_refused", "fault", 1),
    ("6.3 old vLLM", raw(400, {"object": "error", "message": "boom", "type": "BadRequestError", "param": None, "code": 400}), "upstream_refused", "refused", 1),
    ("6.4 LM Studio", middle(b'event: error\ndata: {"error":{"message":"boom"},"message":"boom"}\n\n'), "upstream_refused", "refused", 1),
    ("6.5 a text", raw(400, {"error": "boom"}), "upstream_refused", "refused", 1),
    ("6.6 llama.cpp too long", error(400, "exceed_context_size_error", 400, "the request exceeds the available context size", n_prompt_tokens=9, n_ctx=8), "context_length_exceeded", "too_long", 1),
    ("6.6 llama.cpp with 500", error(500, "server_error", 500, "Context size has been exceeded."), "context_length_exceeded", "too_long", 1),
    ("6.6 llama.cpp not supported", error(501, "not_supported_error", 501), "upstream_refused", "unsupported", 1),
    ("6.6 llama.cpp loading", error(503, "unavailable_error", 503, "Loading model"), "upstream_refused", "loading", 3),
    ("6.7 bare JSON", [Send(head(content_type="text/event-stream", connection="close") + b'{"error":{"message":"boom","code":503}}\n'), Close()], "upstream_refused", "overloaded", 3),
    ("6.8 one-api with 200", error(200, "insufficient_quota", message="quota"), "quota_exhausted", "money", 1),
    ("6.8 LM Studio with 200", raw(200, {"error": "Trying to keep the first 9 tokens when context the overflows."}), "context_length_exceeded", "too_long", 1),
    ("6.9 Gemini", raw(400, [{"error": {"code": 400, "message": "boom", "status": "INVALID_ARGUMENT", "details": []}}]), "upstream_refused", "refused", 1),
    ("6.10 FastAPI 404", raw(404, {"detail": "Not Found"}), "upstream_refused", "address", 1),
    ("6.10 FastAPI 422", raw(422, {"detail": [{"loc": ["body", "stop"], "msg": "field required", "type": "t"}]}), "upstream_refused", "parameter", 1),
    ("6.11 LiteLLM", error(400, None, "400", "litellm.BadRequestError: boom"), "upstream_refused", "refused", 1),
    ("6.11 LiteLLM 429", error(429, None, "429", "litellm.RateLimitError: boom"), "rate_limited", "rate", 3),
    ("6.12 Azure filter", error(400, None, "content_filter", innererror={"content_filter_result": {"hate": {"filtered": True}}}), "content_filter", "filtered", 1),
    ("6.12 Azure key", raw(401, {"statusCode": 401, "message": "Unauthorized. Access token is missing, invalid, or expired."}), "invalid_key", "key", 1),
    ("6.12 Azure deployment", error(404, None, "DeploymentNotFound"), "model_not_found", "model", 1),
    ("6.13 a page", raw(520, b"<html><title>520: Web server is returning an unknown error</title></html>"), "upstream_refused", "fault", 3),
    ("6.13 plain text", raw(500, b"Internal Server Error"), "upstream_refused", "fault", 3),
    ("6.13 nothing", raw(502, b""), "upstream_refused", "fault", 3),
    ("6.13 a page with 200", raw(200, b"<!doctype html><title>Sign in</title>"), "upstream_refused", "no_answer", 1),
    ("6.14 JSON called bytes", [Send(head(400, content_type="application/octet-stream", content_length=29) + b'{"error":{"message":"boomed"}}'[:29])], "upstream_refused", "refused", 1),
    ("6.15 success false", raw(400, {"success": False, "error": {"message": "boom"}}), "upstream_refused", "refused", 1),
    ("6.15 message and code", raw(400, {"message": "boom", "code": "x"}), "upstream_refused", "refused", 1),
    ("6.15 MiniMax", raw(200, {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}), "quota_exhausted", "money", 1),
    ("6.15 DashScope", raw(400, {"error": {"message": "boom", "code": "data_inspection_failed"}, "request_id": "r"}), "content_filter", "filtered", 1),
    ("6.16 no balance", error(402, "unknown_error", "invalid_request_error", "Insufficient Balance"), "quota_exhausted", "money", 1),
    ("6.16 a wait", error(402, None, 402, retry_after="1e-3"), "rate_limited", "rate", 3),
    ("6.17 no /v1", raw(404, b"404 page not found"), "upstream_refused", "address", 1),
    ("6.18 text", stream_answer(b"data: Number of choices must be greater than 0.\n\n"), "upstream_refused", "no_answer", 1),
    # section 8
    ("8.1 stream_options", error(400, IRE, message="Extra inputs are not permitted, field: 'stream_options'"), "", "", 2),
    ("8.2 max_tokens", error(400, IRE, "unsupported_parameter", "Unsupported parameter: 'max_tokens'", param="max_tokens"), "", "", 2),
    ("8.3 temperature", error(400, IRE, message="invalid temperature: only 1 is allowed for this model"), "", "", 2),
    ("8.4 unknown field", raw(400, [{"error": {"code": 400, "message": 'Unknown name "top_p": Cannot find field.', "status": "INVALID_ARGUMENT"}}]), "", "", 2),
    ("8.5 picture by address", error(400, "api_error", None, "invalid image input"), "upstream_refused", "picture", 1),
    ("8.6 n ignored", stream_answer(text_chunk("one"), text_chunk(finish="stop"), done()), "", "", 1),
    ("8.7 response_format", error(400, IRE, None, "response_format must be an object", param="response_format"), "upstream_refused", "parameter", 1),
    ("8.8 empty turn", error(400, IRE, None, "Assistant response prefill is incompatible with enable_thinking."), "upstream_refused", "refused", 1),
    ("8.9 content beside calls", error(400, IRE, None, "messages.1.content: must not be null beside tool_calls"), "upstream_refused", "refused", 1),
    # met in llama.cpp and LiteLLM
    ("llama.cpp picture", error(500, "server_error", 500, "image input is not supported - hint: you may need to provide the mmproj"), "upstream_refused", "picture", 1),
    ("llama.cpp field", error(400, IRE, 400, "Field 'n': Value must be between 1 <= value <= 1, but got 2"), "upstream_refused", "parameter", 1),
    ("LiteLLM model", error(400, IRE, "400", "/chat/completions: Invalid model name passed in model=x."), "model_not_found", "model", 1),
    ("LiteLLM method", raw(405, {"detail": "Method Not Allowed"}), "upstream_refused", "unsupported", 1),
    # others of the list that end in a refusal
    ("5.13 Groq", error(400, IRE, "tool_use_failed", "Failed to call a function.", failed_generation="<function=f{"), "upstream_refused", "tool_failed", 1),
    ("5.14 no tools", error(400, "api_error", None, "registry.ollama.ai/library/gemma does not support tools"), "upstream_refused", "no_tools", 1),
    ("3.3 breaks off", middle(), "upstream_broken_off", "broken_off", 1),
    ("reset", [Reset()], "upstream_broken_off", "broken_off", 3),
    ("nothing in time", [Hang()], "upstream_unreachable", "silent", 3),
    ("nothing more", [*middle()[:-1], Hang()], "upstream_broken_off", "stalled", 1),
    ("redirect", [Send(head(302, location="https://elsewhere.example/", content_length=0))], "upstream_refused", "redirect", 1),
    ("empty", raw(200, b""), "upstream_refused", "empty", 3),
    ("too long", middle(text_chunk("x" * 3000), text_chunk("x" * 3000)), "answer_too_long", "answer_too_long", 1),
    ("too large", middle(b"data: " + b"x" * 120_000), "upstream_broken_off", "too_large", 1),
]  # fmt: skip
