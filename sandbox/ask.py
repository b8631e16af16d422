"""A chat completion request: every field of wire.md section 1 checked, and refused where a model does not take it."""

import dataclasses
import re
from typing import Any

from sandbox import checks, errors, messages, models, tokens, toolbox

UNLIMITED = 1_000_000
FIELDS: dict[str, checks.Check] = {
    "model": checks.text(),
    "messages": checks.array(checks.anything),
    "max_completion_tokens": checks.integer(1),
    "max_tokens": checks.integer(1),
    "temperature": checks.number(0, 2),
    "top_p": checks.number(0, 1),
    "n": checks.integer(1, 128),
    "stop": checks.string_or_list(0, 4),
    "presence_penalty": checks.number(-2, 2),
    "frequency_penalty": checks.number(-2, 2),
    "logit_bias": checks.bias,
    "logprobs": checks.flag,
    "top_logprobs": checks.integer(0, 20),
    "stream": checks.flag,
    "stream_options": checks.mapping,
    "tools": checks.array(checks.mapping, 1, 128),
    "tool_choice": checks.anything,
    "parallel_tool_calls": checks.flag,
    "functions": checks.array(checks.mapping, 1, 128),
    "function_call": checks.anything,
    "response_format": checks.mapping,
    "reasoning_effort": checks.word("none", "minimal", "low", "medium", "high", "xhigh", "max"),
    "verbosity": checks.word("low", "medium", "high"),
    "modalities": checks.array(checks.word("text")),
    "prediction": checks.mapping,
    "seed": checks.integer(-(2**63), 2**63 - 1),
    "user": checks.text(),
    "safety_identifier": checks.text(64),
    "prompt_cache_key": checks.text(),
    "prompt_cache_retention": checks.anything,
    "prompt_cache_options": checks.anything,
    "service_tier": checks.word("auto", "default", "flex", "scale", "priority", "fast"),
    "store": checks.flag,
    "metadata": checks.metadata,
}
STREAM_OPTIONS: dict[str, checks.Check] = {"include_usage": checks.flag, "include_obfuscation": checks.flag}
ONLY_DEFAULT = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}  # on reasoning models
NOT_WHEN_REASONING = ("stop", "logit_bias", "logprobs", "top_logprobs")


@dataclasses.dataclass(frozen=True)
class Ask:
    """A checked request. limit is in tokens, reasoning included; set_fields are the checked fields as they came."""

    model: models.Model
    turns: list[messages.Message]
    set_fields: dict[str, Any]
    tools: toolbox.Toolbox
    json_mode: str = ""  # "", json_object or json_schema
    schema: dict[str, Any] = dataclasses.field(default_factory=dict)
    prompt_tokens: int = 0
    limit: int = UNLIMITED

    @property
    def n(self) -> int:
        """Return how many answers are wanted (B7)."""
        return int(self.set_fields.get("n", 1))

    @property
    def stream(self) -> bool:
        """Tell whether the answer is to come in pieces (B8)."""
        return bool(self.set_fields.get("stream"))

    @property
    def question(self) -> str:
        """Return the text of the last user message, "" when there is none."""
        return next((turn.text for turn in reversed(self.turns) if turn.role == "user"), "")

    @property
    def last(self) -> messages.Message:
        """Return the last message."""
        return self.turns[-1]


def read(body: dict[str, Any]) -> Ask:
    """Return the checked request; ApiError for the first fault."""
    if not body.get("model"):
        raise errors.bad_request("you must provide a model parameter")
    if "messages" not in body:
        raise errors.missing("messages")
    values = checks.fields(body, FIELDS)
    model = models.for_kind(values["model"], "chat", "v1/chat/completions")
    turns = messages.read(values.get("messages", []))
    _check_pairs(values, model)
    tools = toolbox.read(values)
    json_mode, schema = _response_format(values.get("response_format", {}), turns)
    prompt = tokens.count(*(text for turn in turns for text in (turn.text, *(call[2] for call in turn.calls))))
    prompt += tokens.MESSAGE_OVERHEAD * len(turns) + tokens.REPLY_OVERHEAD + tools.tokens() + _seen(turns)
    limit = values.get("max_completion_tokens", values.get("max_tokens", 0))
    if prompt + limit > model.context:
        raise errors.context_length(model.context, prompt, limit)
    return Ask(model, turns, values, tools, json_mode, schema, prompt, limit or model.context - prompt)


def _seen(turns: list[messages.Message]) -> int:
    """Return what attachments cost: a picture in low detail 85 tokens, as at OpenAI, and anything else 255."""
    parts = [part for turn in turns for part in turn.parts]
    return sum(85 if part.value.get("detail") == "low" else 255 for part in parts)


def _check_pairs(values: dict[str, Any], model: models.Model) -> None:
    """Refuse fields that do not go together, or not with this model."""
    if "stream_options" in values:
        if not values.get("stream"):
            message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            raise errors.bad_request(message, "stream_options")
        values["stream_options"] = checks.fields(values["stream_options"], STREAM_OPTIONS, "stream_options.")
    if "top_logprobs" in values and not values.get("logprobs"):
        message = "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled."
        raise errors.bad_request(message, "top_logprobs")
    if "max_tokens" in values and "max_completion_tokens" in values:
        message = "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported."
        raise errors.bad_request(message, "max_tokens", "invalid_parameter_combination")
    if model.reasons:
        _check_reasoning(values, model)
    elif "reasoning_effort" in values:
        raise errors.unsupported_parameter("reasoning_effort", model.id)


def _check_reasoning(values: dict[str, Any], model: models.Model) -> None:
    """Refuse what reasoning models refuse (B4, B9 to B12); with effort none they take nearly everything."""
    if "max_tokens" in values:
        raise errors.unsupported_parameter("max_tokens", model.id, "max_completion_tokens")
    if values.get("reasoning_effort") == "none":
        return
    for name, default in ONLY_DEFAULT.items():
        if values.get(name, default) != default:
            raise errors.unsupported_value(name, values[name], default, model.id)
    for name in NOT_WHEN_REASONING:
        if values.get(name):
            raise errors.unsupported_parameter(name, model.id)


def _response_format(value: dict[str, Any], turns: list[messages.Message]) -> tuple[str, dict[str, Any]]:
    """Return the JSON mode and its schema; JSON mode needs the word "json" in a message (F4)."""
    if not value:
        return "", {}
    if "type" not in value:
        raise errors.missing("response_format.type")
    kind = checks.word("text", "json_object", "json_schema")(value["type"], "response_format.type")
    if kind == "text":
        return "", {}
    if kind == "json_object":
        if not any(re.search("json", turn.text, re.IGNORECASE) for turn in turns):
            message = (
                "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."
            )
            raise errors.bad_request(message, "messages")
        return kind, {}
    if "json_schema" not in value:
        raise errors.missing("response_format.json_schema")
    wanted = checks.mapping(value["json_schema"], "response_format.json_schema")
    if "name" not in wanted:
        raise errors.missing("response_format.json_schema.name")
    toolbox.check_name(wanted["name"], "response_format.json_schema.name")
    if wanted.get("strict"):
        toolbox.check_strict(wanted.get("schema") or {}, f"response_format '{wanted['name']}'", "response_format")
    return kind, checks.mapping(wanted.get("schema") or {}, "response_format.json_schema.schema")
