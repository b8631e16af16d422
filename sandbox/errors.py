"""OpenAI's error envelope and the refusals that the sandbox knows (wire.md section 0, "Error envelope")."""

from collections.abc import Mapping
from typing import Any

LONGEST = 200  # characters of a value that a message repeats


class ApiError(Exception):
    """A request that is refused: HTTP status, the four fields of the envelope, and extra headers.

    Bodies look as OpenAI's: {"error": {"message", "type", "param", "code"}}.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.param = param
        self.code = code
        self.headers = dict(headers or {})

    def envelope(self) -> dict[str, Any]:
        """Return the JSON body."""
        return {"error": {"message": self.message, "type": self.kind, "param": self.param, "code": self.code}}


def clip(value: object) -> str:
    """Return a value for an error message; a long one is cut, so that nobody is answered with a megabyte."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def bad_request(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """Return a 400 that names the field at fault."""
    return ApiError(400, message, param=param, code=code)


def missing(param: str) -> ApiError:
    """Return the 400 for a field that must be there."""
    return bad_request(f"Missing required parameter: '{param}'.", param, "missing_required_parameter")


def unsupported_parameter(name: str, model: str, instead: str = "") -> ApiError:
    """Return the 400 of a model that does not know a field, as reasoning models do with max_tokens (B10)."""
    hint = f" Use '{instead}' instead." if instead else ""
    message = f"Unsupported parameter: '{name}' is not supported with the model '{model}'.{hint}"
    return bad_request(message, name, "unsupported_parameter")


def unsupported_value(name: str, value: object, only: object, model: str) -> ApiError:
    """Return the 400 of a model that takes one value of a field only, as reasoning models do with temperature (B4)."""
    message = (
        f"Unsupported value: '{name}' does not support {value} with the model '{model}'. "
        f"Only the default ({only}) value is supported."
    )
    return bad_request(message, name, "unsupported_value")


def model_not_found(model: str) -> ApiError:
    """Return the 404 for a model id that the sandbox does not have."""
    message = f"The model '{clip(model)}' does not exist in this sandbox or you do not have access to it."
    return ApiError(404, message, param="model", code="model_not_found")


def invalid_url(method: str, path: str) -> ApiError:
    """Return the 404 for an address that nothing answers at."""
    return ApiError(404, f"Invalid URL ({method} {clip(path)})")


def invalid_key(given: str) -> ApiError:
    """Return the 401 for a wrong key; like OpenAI's it repeats the key masked."""
    shown = f"{given[:3]}{'*' * 8}{given[-4:]}" if len(given) > 12 else "*" * len(given)
    return ApiError(401, f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def no_key() -> ApiError:
    """Return the 401 for a request without a key."""
    message = (
        "You didn't provide an API key. You need to provide your API key in an Authorization header "
        "using Bearer auth (i.e. Authorization: Bearer YOUR_KEY)."
    )
    return ApiError(401, message, code="invalid_api_key")


def context_length(limit: int, asked: int, answer: int = 0) -> ApiError:
    """Return the 400 for a prompt (asked, in tokens) that leaves no room for the answer (C4)."""
    told = (
        f"{asked + answer} tokens ({asked} in the messages, {answer} in the completion)"
        if answer
        else f"{asked} tokens"
    )
    message = (
        f"This model's maximum context length is {limit} tokens. However, you requested {told}. "
        "Please reduce the length of the messages or completion."
    )
    return bad_request(message, "messages", "context_length_exceeded")


def server_fault() -> ApiError:
    """Return the 500 that OpenAI answers when it is at fault."""
    message = "The server had an error while processing your request. Sorry about that! (sandbox)"
    return ApiError(500, message, kind="server_error")
