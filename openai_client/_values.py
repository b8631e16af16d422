"""The frozen values that calls give back: they keep unknown fields and take missing, null and odd ones."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openai_client._json import dumps, objects

# Words for the end of an answer that mean the same (quirk 3.5), lower case. Others are shown as they came.
_ENDS = {
    "end_turn": "stop",
    "eos": "stop",
    "eos_token": "stop",
    "stop_sequence": "stop",
    "complete": "stop",
    "completed": "stop",
    "max_tokens": "length",
    "model_length": "length",
    "max_output_tokens": "length",
    "tool_call": "tool_calls",
    "tool_use": "tool_calls",
    "function_call": "tool_calls",
    "sensitive": "content_filter",
    "safety": "content_filter",
    "refusal": "content_filter",
}


def ending_of(word: str) -> str:
    """What a finish reason means: stop, length, tool_calls, content_filter, or an unknown word as it came."""
    known = _ENDS.get(word.lower(), word.lower())
    return known if known in {"stop", "length", "tool_calls", "content_filter"} else word


@dataclass(frozen=True, slots=True)
class RateLimit:
    """One window: how much there is, how much is left, seconds until it is full again; None where unreadable."""

    limit: int | None = None
    remaining: int | None = None
    reset_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class RateLimits:
    """The x-ratelimit-* headers (wire.md section 0). `raw` has them as they came, for showing when unreadable."""

    requests: RateLimit = RateLimit()
    tokens: RateLimit = RateLimit()
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds since the call began, waits and earlier attempts included; None for what did not happen."""

    headers: float | None = None
    first_byte: float | None = None
    first_delta: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it left: after what its server was seen to refuse was dropped or renamed. `body` is not a copy.

    No secret is in it: values of headers that may hold one are masked.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: Mapping[str, object] = field(repr=False)

    @property
    def digest(self) -> str:
        """The beginning of the SHA-256 of the bytes that were sent, in hex."""
        return digest_of(self.body)


def digest_of(body: Mapping[str, object]) -> str:
    """What `Sent.digest` is for a request with this body: two that differ in anything, order included, differ in it."""
    return hashlib.sha256(dumps(body)).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class ResponseMeta:
    """What came with an answer beside its body.

    `headers` are those of interest only, `attempts` counts the first one, `dropped` and `renamed` are the request
    parameters that this server does not take (quirks section 8).
    """

    request_id: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    rate_limits: RateLimits = RateLimits()
    timings: Timings = Timings()
    attempts: int = 1
    dropped: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)


NO_META = ResponseMeta()


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one answer (quirks section 9). `raw` is the object as it came; a count not given is 0."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    cached_tokens: int = 0
    reasoning_tokens: int = 0
    raw: Mapping[str, object] = field(default_factory=dict)

    def as_dict(self) -> dict[str, int]:
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": self.total_tokens,
            "cached_tokens": self.cached_tokens,
            "reasoning_tokens": self.reasoning_tokens,
        }


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call the model asks for. `arguments` is JSON text as the model wrote it, right or wrong (D3, D4).

    `type` is "function", "custom" (arguments is its free input) or "function_call" (the old form, answered with role
    function). An id the server left out is made up once the answer has ended.
    """

    id: str
    name: str
    arguments: str
    type: str = "function"

    @property
    def argument_objects(self) -> tuple[dict[str, object], ...]:
        """The objects in `arguments`: one is normal, none means broken or cut (never run it, quirk 5.12), several were
        glued together (ask the person, quirk 5.9). Empty arguments are one empty object (quirk 5.8)."""
        return objects(self.arguments) if self.arguments.strip() else ({},)


@dataclass(frozen=True, slots=True)
class Choice:
    """One alternative of an answer. `finish_reason` is the server's word as it came, None if none did.

    `reasoning_field` is the name under which the reasoning came ("reasoning_content", "reasoning",
    "reasoning_details", "think" for tags, "content" for typed parts), because some servers want it back (quirk 4.9).
    """

    index: int = 0
    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str | None = None
    reasoning_field: str | None = None
    logprobs: Mapping[str, object] | None = None
    annotations: tuple[Mapping[str, object], ...] = ()
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def ending(self) -> str | None:
        """What `finish_reason` means: stop, length, tool_calls, content_filter, or an unknown word as it came.

        A "stop" beside tool calls is a tool turn (quirk 3.4).
        """
        known = None if self.finish_reason is None else ending_of(self.finish_reason)
        return "tool_calls" if known == "stop" and self.tool_calls else known


@dataclass(frozen=True, slots=True)
class ChatCompletion:
    """An answer, whole or as far as it came.

    `complete` says whether it ended as it should; if not, `incomplete_reason` is the code of the exception that ended
    it, or "unfinished" while it runs or when the reader left. `created` is Unix seconds.
    """

    id: str = ""
    model: str = ""
    created: int | None = None
    choices: tuple[Choice, ...] = ()
    usage: Usage | None = None
    complete: bool = False
    incomplete_reason: str | None = "unfinished"
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)


@dataclass(frozen=True, slots=True)
class Model:
    """A row of a model list. `context_length` is in tokens, from whatever field the server has for it (C6)."""

    id: str
    created: int | None = None
    owned_by: str = ""
    context_length: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)


@dataclass(frozen=True, slots=True)
class ModelList:
    """The models of a server, in its order, without doubles."""

    models: tuple[Model, ...] = ()
    meta: ResponseMeta = field(default=NO_META, repr=False)

    def __iter__(self) -> Iterator[Model]:
        return iter(self.models)

    def __len__(self) -> int:
        return len(self.models)


@dataclass(frozen=True, slots=True)
class Engine:
    """A row of the engine list of 2022 (section 13). `ready` is None where the server does not say."""

    id: str
    owner: str = ""
    ready: bool | None = None
    created: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    meta: ResponseMeta = field(default=NO_META, repr=False)


@dataclass(frozen=True, slots=True)
class EngineList:
    """The engines of a server."""

    engines: tuple[Engine, ...] = ()
    meta: ResponseMeta = field(default=NO_META, repr=False)

    def __iter__(self) -> Iterator[Engine]:
        return iter(self.engines)

    def __len__(self) -> int:
        return len(self.engines)


@dataclass(frozen=True, slots=True)
class Deleted:
    """The answer to a deletion. `deleted` is True unless the server says otherwise."""

    id: str
    deleted: bool = True
    meta: ResponseMeta = field(default=NO_META, repr=False)
