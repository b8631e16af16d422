"""The model that answers with an error: which one a message names, and its shape on the wire (wire.md 0, quirks 6)."""

import dataclasses
import re
from typing import Any

from sandbox import answers, asgi, ask, errors, house


@dataclasses.dataclass(frozen=True)
class Row:
    """An error in OpenAI's envelope and the words that ask for it; wait is the retry-after in seconds."""

    words: str
    status: int
    message: str
    kind: str = "invalid_request_error"
    code: str | None = None
    param: str | None = None
    wait: int = 0

    def reply(self) -> asgi.Reply:
        """Return the error as a reply, with the headers of a rate limit where waiting helps."""
        headers = {}
        if self.wait:
            headers = {
                "retry-after": str(self.wait),
                "retry-after-ms": str(self.wait * 1000),
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-remaining-requests": "0",
                "x-ratelimit-reset-requests": f"{self.wait}s",
            }
        message = f"{self.message} (sandbox)"
        error = errors.ApiError(self.status, message, kind=self.kind, code=self.code, param=self.param, headers=headers)
        return asgi.refusal(error)


BUSY = "Rate limit reached on requests per min (RPM): Limit 60, Used 60. Please try again in 1s."
LARGE = "Request too large on tokens per min (TPM): Limit 100, Requested 101."
QUOTA = "You exceeded your current quota, please check your plan and billing details."
CONTEXT = "This model's maximum context length is 4096 tokens. However, your messages resulted in 5000 tokens."
FILTER = "The response was filtered due to the prompt triggering the content management policy."
REGION = "Country, region, or territory not supported"
TEMPERATURE = "Unsupported parameter: 'temperature' is not supported with this model."
FAULT = "The server had an error while processing your request. Sorry about that!"
SPENT = "insufficient_quota"
RATE = "rate_limit_exceeded"
REGION_CODE = "unsupported_country_region_territory"
OVER = "service_unavailable_error"
ROWS = (
    Row("quota|billing|money|insufficient|余额|餘額|配额|欠费", 429, QUOTA, SPENT, SPENT),
    Row("too large|tokens? per|tpm", 429, LARGE, "tokens", RATE),
    Row("slow ?down", 429, "Slow down: traffic rose too fast.", "rate_limit_error", "slow_down", wait=2),
    Row("429|rate ?limit|too many|限流|频率", 429, BUSY, "requests", RATE, wait=1),
    Row("context|too long|上下文", 400, CONTEXT, code="context_length_exceeded", param="messages"),
    Row("content.?policy|filter|moderation|过滤|审核", 400, FILTER, code="content_filter", param="messages"),
    Row("region|country|403|forbidden|地区", 403, REGION, "request_forbidden", REGION_CODE),
    Row("401|unauthori[sz]ed|(wrong|invalid|bad) key|密钥", 401, "Incorrect API key provided.", code="invalid_api_key"),
    Row("402|payment", 402, "Insufficient Balance", "unknown_error", "invalid_request_error"),
    Row("404|not found|retired", 404, "The model does not exist.", code="model_not_found", param="model"),
    Row("408", 408, "Request timed out.", "timeout"),
    Row("409|conflict", 409, "The resource is locked.", "conflict_error"),
    Row("413", 413, "Request entity too large."),
    Row("422|unprocessable", 422, "Unprocessable entity."),
    Row("parameter|unsupported", 400, TEMPERATURE, code="unsupported_parameter", param="temperature"),
    Row("503|overload|过载", 503, "The server is overloaded.", OVER, "server_is_overloaded", wait=1),
    Row("504", 504, "Gateway time-out.", "server_error"),
    Row("500|server (error|fault)|internal|服务器错误", 500, FAULT, "server_error"),
    Row("400|bad request", 400, "This request is refused, as you asked."),
)
_FLAT = {"object": "error", "message": "A flat error (sandbox).", "type": "BadRequestError", "param": None, "code": 400}
_LISTED = {"code": 400, "message": "An error in an array (sandbox).", "status": "INVALID_ARGUMENT"}
_DETAIL = {"loc": ["body", "messages"], "msg": "field required (sandbox)", "type": "value_error"}
_GOOD = {"message": "An error in a 200 answer (sandbox).", "type": "server_error", "param": None, "code": None}
OTHER_SHAPES: tuple[tuple[str, int, Any], ...] = (  # bodies that are not OpenAI's envelope (quirks 6.3 to 6.10)
    ("flat", 400, _FLAT),
    ("string", 400, {"error": "An error that is only a string (sandbox)."}),
    ("array|gemini", 400, [{"error": _LISTED}]),
    ("detail|fastapi", 422, {"detail": [_DETAIL]}),
    ("in (a )?200", 200, {"error": _GOOD}),
)
HTML = (
    b"<html>\n<head><title>502 Bad Gateway</title></head>\n<body><h1>502 Bad Gateway</h1><hr>sandbox</body>\n</html>\n"
)
BEGUN = "The sandbox had begun to answer, and everything looked well until"
CHOICES = (
    "Say which error you want: 400, 401, 402, 403, 404, 408, 409, 413, 422, 429 (rate limit), quota, too large, slow "
    "down, context, content filter, parameter, 500, 502 (html), 503, 504, timeout (never answers), stall (stops in the "
    "middle), middle (an error in mid-stream), filtered end, empty; or a shape: flat, string, array, detail, in a 200. "
    "(This is the sandbox's error model.)"
)


@dataclasses.dataclass(frozen=True)
class Fault:
    """A fault: a reply at once, or one after silence."""

    answer: asgi.Reply
    silent: bool = False

    async def reply(self, here: house.House) -> asgi.Reply:
        """Return the reply, after house.SILENCE seconds where the fault is a silent one."""
        if self.silent:
            await here.sleep(house.SILENCE)
        return self.answer


def ending(said: str) -> answers.Answer | None:
    """Return the answer that begins well and ends as the message says: empty, filtered, in silence, with an error."""
    if re.search("empty|空", said, re.IGNORECASE):
        return answers.Answer()
    if re.search("filtered end", said, re.IGNORECASE):
        return answers.Answer(BEGUN, finish="content_filter")
    if re.search("stall", said, re.IGNORECASE):
        return answers.Answer(BEGUN, ending="stalls")
    if re.search("middle|mid-?stream|中途", said, re.IGNORECASE):
        return answers.Answer(BEGUN, ending="fails")
    return None


def chosen(wanted: ask.Ask) -> Fault | None:
    """Return the fault that the last message names; None for models that answer, and for answers that end badly."""
    said = wanted.question.lower()
    if wanted.model.id != "sandbox-error" or ending(said):
        return None
    if re.search("time ?out|never|超时", said):
        return Fault(Row("", 504, "Nothing came.", "server_error").reply(), silent=True)
    if re.search("502|html|gateway", said):
        return Fault(asgi.Reply(HTML, 502, "text/html"))
    for words, status, body in OTHER_SHAPES:
        if re.search(words, said):
            return Fault(asgi.whole(body, status))
    for row in ROWS:
        if re.search(row.words, said):
            return Fault(row.reply())
    return Fault(asgi.refusal(errors.bad_request(CHOICES, "messages")))
