"""What can go wrong between us and an upstream, one class per thing a caller does differently.

    OpenAIClientError
    ├── ConnectionFailed            nothing answered (DNS, refused, TLS); .reason
    ├── TimedOut                    .phase in {"connect", "first_byte", "idle", "total"}
    ├── BrokenOff                   the stream ended without an end
    ├── UnexpectedAnswer            HTML, garbage, redirects, nothing usable
    ├── TooLarge                    past SizeLimits
    └── APIError                    the server said no
        ├── BadRequest
        ├── ContextTooLong          the prompt does not fit: shorten it
        ├── ContentFiltered         a safety filter refused the prompt or the result
        ├── InvalidKey              401
        ├── PermissionDenied        403: region, scope, organisation
        ├── NotFound                404
        │   └── ModelNotFound
        ├── RateLimited             429, waiting helps
        ├── OutOfMoney              quota, 402, spend limits; never retried
        └── ServerFault             >= 500, overloaded

All of them carry what wire.md section 0 lets us know; keys are masked before anything gets in here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from openai_client._values import RateLimits


class OpenAIClientError(Exception):
    """Base of everything this package raises on purpose.

    `message` is a sentence for people; `code` the server's code, or ours where it gave none; `status` the HTTP status
    (or the numeric code of an error inside a 200 answer); `param` the request field blamed; `retry_after` seconds;
    `body` the raw answer, at most 4 KB, keys masked; `details` further fields of the error object; `retryable` whether
    the same request may succeed when sent again; `attempts` how often it was sent; `rate_limits` what the refusal's
    headers said about them.
    """

    default_code: ClassVar[str] = "client_error"
    default_retryable: ClassVar[bool] = False

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        status: int | None = None,
        param: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        body: str = "",
        retryable: bool | None = None,
        details: Mapping[str, object] | None = None,
        rate_limits: RateLimits = RateLimits(),  # noqa: B008  frozen
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.status = status
        self.param = param
        self.request_id = request_id
        self.retry_after = retry_after
        self.body = body
        self.retryable = self.default_retryable if retryable is None else retryable
        self.details: Mapping[str, object] = details or {}
        self.rate_limits = rate_limits
        self.attempts = 1

    def __repr__(self) -> str:
        known = {"code": self.code, "status": self.status, "param": self.param, "request_id": self.request_id}
        facts = "".join(f", {name}={value!r}" for name, value in known.items() if value is not None)
        return f"{type(self).__name__}({self.message!r}{facts})"


class ConnectionFailed(OpenAIClientError):
    """Nothing answered. `reason`: "dns", "refused", "tls", "unreachable", "proxy", "forbidden" or "bad_url"."""

    default_code = "connection_failed"
    default_retryable = True
    reason: str = "unreachable"


class TimedOut(OpenAIClientError):
    """A limit of Timeouts passed. `phase`: "connect", "first_byte", "idle" or "total"."""

    default_code = "timed_out"
    default_retryable = True
    phase: str = "total"


class BrokenOff(OpenAIClientError):
    """The answer stopped in the middle: no end marker, no finish reason, or a connection that died (quirk 3.3)."""

    default_code = "broken_off"
    default_retryable = True


class UnexpectedAnswer(OpenAIClientError):
    """Something that is no answer of this API: an HTML page, garbage, a redirect, nothing at all (quirk 6.13)."""

    default_code = "unexpected_answer"


class TooLarge(OpenAIClientError):
    """The answer passed a limit of SizeLimits and was not read further."""

    default_code = "too_large"


class APIError(OpenAIClientError):
    """The server said no, with a status or with an error object inside a 200 answer (quirks 6.1 to 6.18)."""

    default_code = "api_error"


class BadRequest(APIError):
    """400, 413, 422: the request itself is refused; `param` names the field where the server says so."""

    default_code = "bad_request"


class ContextTooLong(APIError):
    """The prompt does not fit into the model's context, or one request is above a whole token limit."""

    default_code = "context_length_exceeded"


class ContentFiltered(APIError):
    """A safety filter refused the prompt or the result."""

    default_code = "content_filter"


class InvalidKey(APIError):
    """401: no key, a wrong key, or one that cannot be sent."""

    default_code = "invalid_api_key"


class PermissionDenied(APIError):
    """403: region, scope, organisation or address is not allowed."""

    default_code = "permission_denied"


class NotFound(APIError):
    """404: the address, file or object does not exist there."""

    default_code = "not_found"


class ModelNotFound(NotFound):
    """The model is unknown, retired or not allowed for this key."""

    default_code = "model_not_found"


class RateLimited(APIError):
    """Too many requests or tokens for now: waiting helps."""

    default_code = "rate_limit_exceeded"
    default_retryable = True


class OutOfMoney(APIError):
    """Quota, balance or spend limit is used up: waiting does not help and nothing is retried."""

    default_code = "insufficient_quota"


class ServerFault(APIError):
    """500 and above, or an error object that says the server is at fault or overloaded."""

    default_code = "server_error"
    default_retryable = True
