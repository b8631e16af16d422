"""Why an upstream said no, in one word of a closed list: finer than a code, so that a sentence can say what helps."""

import re

import openai_client as oc

_JSON_WORD = re.compile(r"contain the word ['\"`]?json", re.IGNORECASE)
_UNANSWERED_CALL = re.compile(r"tool_call|tool call|function call", re.IGNORECASE)
_CONTENT = re.compile(r"\bcontent\b.{0,40}\b(null|none|empty|string|required)\b", re.IGNORECASE)
_NO_TOOLS = re.compile(r"(does|do)(n't| not) support (tools?|function)|tools? (is|are) not supported", re.IGNORECASE)
_PICTURE = re.compile(r"\bimages?\b|image_url|\bvision\b|multimodal", re.IGNORECASE)
_REGION = re.compile(r"country|region|territory", re.IGNORECASE)
_LOADING = re.compile(r"\bloading\b", re.IGNORECASE)
_OVERLOADED = {"server_is_overloaded", "overloaded_error", "engine_overloaded_error", "slow_down"}
_BY_CLASS: dict[type[oc.OpenAIClientError], str] = {
    oc.OutOfMoney: "money",
    oc.ContextTooLong: "too_long",
    oc.ContentFiltered: "filtered",
    oc.InvalidKey: "key",
    oc.ModelNotFound: "model",
    oc.NotFound: "address",
    oc.BrokenOff: "broken_off",
}


def reason_of(error: oc.OpenAIClientError) -> str:
    """The word for a client's exception: one of failures.MEANINGS."""
    match error:
        case oc.ConnectionFailed():
            if error.code == "unsendable_request":
                return "bad_url"
            return "nobody" if error.reason == "refused" else error.reason
        case oc.TimedOut():
            return "silent" if error.phase in ("connect", "first_byte") else "stalled"
        case oc.UnexpectedAnswer():
            return {"redirect": "redirect", "empty_answer": "empty"}.get(error.code, "no_answer")
        case oc.TooLarge():
            return "answer_too_long" if error.code == "answer_too_long" else "too_large"
        case oc.RateLimited():
            return "slow_down" if error.code in _OVERLOADED else "rate"
        case oc.ServerFault():
            return _fault(error)
        case oc.PermissionDenied():
            return "region" if _REGION.search(f"{error.code} {error.message}") else "permission"
    named = next((reason for kind, reason in _BY_CLASS.items() if isinstance(error, kind)), "")
    return named or _refusal(error)


def _fault(error: oc.ServerFault) -> str:
    if error.status == 501:
        return "unsupported"
    if _LOADING.search(error.message):
        return "loading"
    return "overloaded" if error.status in (503, 529) or error.code in _OVERLOADED else "fault"


def _refusal(error: oc.OpenAIClientError) -> str:
    """What is wrong with a request, as far as its refusal tells."""
    by_status = {405: "unsupported", 407: "proxy", 408: "slow", 409: "busy", 413: "request_too_large"}
    if error.status in by_status:
        return by_status[error.status]
    if error.code == "tool_use_failed" or "failed_generation" in error.details:
        return "tool_failed"
    if _JSON_WORD.search(error.message):
        return "json_word"
    if _NO_TOOLS.search(error.message):
        return "no_tools"
    if error.param in (None, "messages") and _UNANSWERED_CALL.search(error.message):
        return "refused" if _CONTENT.search(error.message) else "tool_result"  # quirk 8.9
    if _PICTURE.search(error.message):
        return "picture"
    return "parameter" if error.param and error.param not in ("messages", "prompt", "input") else "refused"
