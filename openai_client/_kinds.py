"""Which exception an error is: decided by its code, then its type, then the status, then its words (section 0)."""

from __future__ import annotations

from openai_client.exceptions import (
    APIError,
    BadRequest,
    ContentFiltered,
    ContextTooLong,
    InvalidKey,
    ModelNotFound,
    NotFound,
    OutOfMoney,
    PermissionDenied,
    RateLimited,
    ServerFault,
)

_WORDS: dict[type[APIError], str] = {
    OutOfMoney: """
        insufficient_quota credit_balance_exhausted organization_spend_limit_exceeded project_spend_limit_exceeded
        organization_usage_limit_exceeded billing_hard_limit_reached billing_not_active insufficient_user_quota
        insufficient_balance insufficient_funds insufficient_credits exceeded_current_quota_error payment_required
        pre_consume_token_quota_failed arrearage 1113 1008""",
    ContextTooLong: "context_length_exceeded exceed_context_size_error context_window_exceeded prompt_too_long",
    ContentFiltered: """
        content_filter content_policy_violation moderation_blocked responsibleaipolicyviolation data_inspection_failed
        content_filter_error""",
    InvalidKey: """
        invalid_api_key api_key_invalid authentication_error invalid_authentication_error incorrect_api_key_error
        unauthenticated no_db_connection""",
    ModelNotFound: "model_not_found deploymentnotfound model_not_exist",
    RateLimited: """
        rate_limit_exceeded slow_down rate_limit_error rate_limit_reached_error too_many_requests resource_exhausted""",
    PermissionDenied: "permission_denied permission_error unsupported_country_region_territory request_forbidden",
    NotFound: "not_found not_found_error",
    ServerFault: """
        server_is_overloaded overloaded_error engine_overloaded_error service_unavailable_error unavailable_error
        internal_server_error internal_error unavailable""",
}
_BY_WORD = {word: kind for kind, words in _WORDS.items() for word in words.split()}

# Types so general that a status, where there is one, says more: 401 and 403 come with type server_error.
_BY_GENERAL_TYPE: dict[str, type[APIError]] = {
    "server_error": ServerFault,
    "invalid_request_error": BadRequest,
    "invalid_argument": BadRequest,
    "badrequesterror": BadRequest,
    "requests": RateLimited,
    "tokens": RateLimited,
}

_BY_STATUS: dict[int, type[APIError]] = {
    400: BadRequest,
    401: InvalidKey,
    403: PermissionDenied,
    404: NotFound,
    413: BadRequest,
    422: BadRequest,
    429: RateLimited,
}

_MONEY = (
    "insufficient balance",
    "insufficient credit",
    "insufficient quota",
    "exceeded your current quota",
    "credit balance is too low",
    "out of credits",
    "余额不足",
    "欠费",
)
_CONTEXT = (
    "maximum context length",
    "context length",
    "context size",
    "context window",
    "context the overflows",
    "prompt is too long",
    "input is too long",
    "too many tokens",
    "input length should be",
    "reduce the length of",
)
_KEY = ("api key not valid", "incorrect api key", "invalid api key")
_NOT_ALLOWED = ("session key", "scope", "organization", "organisation", "ip address", "project", "permission")
_NO_MODEL = (
    "not found",
    "does not exist",
    "not a valid model",
    "no such model",
    "unknown model",
    "invalid model name",
    "无可用渠道",
)


def classify(code: str, kind: str, status: int | None, message: str, *, waits: bool) -> type[APIError]:
    """The class of an error with this code, type, status and message. `waits`: it came with a Retry-After header."""
    text = message.lower()
    if "request too large" in text and (status == 429 or code.lower() == "rate_limit_exceeded"):
        return ContextTooLong  # one request above the whole limit: waiting never helps, a shorter one does
    for word in (code.lower(), kind.lower()):
        found = _BY_WORD.get(word)
        if found is RateLimited and not waits and "retry" not in text and any(hint in text for hint in _MONEY):
            return OutOfMoney
        if found is not None and not (found is InvalidKey and status == 403):
            return _model_or(found, text)
    if status == 402:
        return RateLimited if waits else OutOfMoney  # quirk 6.16
    if status in {None, 400, 403, 429} and not waits and any(hint in text for hint in _MONEY):
        return OutOfMoney
    return _by_status(code, kind, status, text)


def _by_status(code: str, kind: str, status: int | None, text: str) -> type[APIError]:
    if status in {None, 400, 413, 422, 500} and any(hint in text for hint in _CONTEXT):
        return ContextTooLong  # llama.cpp says so with 500 at times (quirk 6.6)
    if status == 400 and any(hint in text for hint in _KEY):
        return InvalidKey
    if status == 401 and not any(hint in text for hint in _KEY) and any(hint in text for hint in _NOT_ALLOWED):
        return PermissionDenied  # the key is known, and may not
    if status is None:
        word = next((word for word in (code.lower(), kind.lower()) if word in _BY_GENERAL_TYPE), "")
        return _model_or(_BY_GENERAL_TYPE.get(word, APIError), text)
    if status >= 500:
        return BadRequest if status == 500 and "is not supported" in text else ServerFault  # llama.cpp, of pictures
    return _model_or(_BY_STATUS.get(status, APIError), text)


def _model_or(found: type[APIError], text: str) -> type[APIError]:
    """ModelNotFound where a refusal is about the model's name."""
    if found in {NotFound, BadRequest} and "model" in text and any(hint in text for hint in _NO_MODEL):
        return ModelNotFound
    return found
