"""Every field of a chat request has its limits, and a request beyond them is refused as OpenAI refuses it."""

from typing import Any

import pytest

from tests.sandbox.calling import Door

HI = [{"role": "user", "content": "hi"}]
TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object", "properties": {}}}}
CALLED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
}
RESULT = {"role": "tool", "tool_call_id": "call_1", "content": "ok"}
FIELDS: list[tuple[dict[str, Any], str | None, str | None]] = [
    ({"temperature": 2.1}, "temperature", "decimal_above_max_value"),
    ({"temperature": -0.1}, "temperature", "decimal_below_min_value"),
    ({"temperature": "1"}, "temperature", "invalid_type"),
    ({"temperature": True}, "temperature", "invalid_type"),
    ({"top_p": 1.01}, "top_p", "decimal_above_max_value"),
    ({"presence_penalty": -2.5}, "presence_penalty", "decimal_below_min_value"),
    ({"frequency_penalty": 3}, "frequency_penalty", "decimal_above_max_value"),
    ({"n": 0}, "n", "integer_below_min_value"),
    ({"n": 129}, "n", "integer_above_max_value"),
    ({"n": 1.5}, "n", "invalid_type"),
    ({"max_tokens": 0}, "max_tokens", "integer_below_min_value"),
    ({"max_tokens": 5, "max_completion_tokens": 5}, "max_tokens", "invalid_parameter_combination"),
    ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "array_above_max_length"),
    ({"stop": 1}, "stop", "invalid_type"),
    ({"logit_bias": {"50": 101}}, "logit_bias.50", "decimal_above_max_value"),
    ({"logit_bias": {"word": 1}}, "logit_bias", "invalid_value"),
    ({"top_logprobs": 3}, "top_logprobs", None),
    ({"logprobs": True, "top_logprobs": 21}, "top_logprobs", "integer_above_max_value"),
    ({"stream_options": {"include_usage": True}}, "stream_options", None),
    ({"stream": True, "stream_options": {"other": 1}}, "stream_options.other", "unknown_parameter"),
    ({"stream": "yes"}, "stream", "invalid_type"),
    ({"service_tier": "best"}, "service_tier", "invalid_value"),
    ({"metadata": {str(number): "x" for number in range(17)}}, "metadata", "object_above_max_properties"),
    ({"metadata": {"k": "v" * 513}}, "metadata.k", "string_above_max_length"),
    ({"safety_identifier": "x" * 65}, "safety_identifier", "string_above_max_length"),
    ({"max_examples": 3}, "max_examples", "unknown_parameter"),
    ({"reasoning_effort": "high"}, "reasoning_effort", "unsupported_parameter"),
    ({"modalities": ["audio"]}, "modalities[0]", "invalid_value"),
    ({"response_format": {"type": "yaml"}}, "response_format.type", "invalid_value"),
    ({"response_format": {"type": "json_object"}}, "messages", None),
    ({"response_format": {"type": "json_schema"}}, "response_format.json_schema", "missing_required_parameter"),
    ({"tools": []}, "tools", "empty_array"),
    ({"tools": [TOOL] * 129}, "tools", "array_above_max_length"),
    ({"tools": [{"type": "function", "function": {"name": "a b"}}]}, "tools[0].function.name", "invalid_value"),
    ({"tools": [{"type": "function"}]}, "tools[0].function", "missing_required_parameter"),
    ({"tool_choice": "auto"}, "tool_choice", None),
    ({"parallel_tool_calls": True}, "parallel_tool_calls", None),
    ({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "no"}}}, "tool_choice", None),
    ({"tools": [TOOL], "functions": [{"name": "x"}]}, "functions", None),
    ({"function_call": "auto"}, "function_call", None),
    ({"messages": []}, "messages", "empty_array"),
    ({"messages": [{"content": "hi"}]}, "messages[0].role", "missing_required_parameter"),
    ({"messages": [{"role": "boss", "content": "hi"}]}, "messages[0].role", "invalid_value"),
    ({"messages": [{"role": "user", "content": None}]}, "messages[0].content", None),
    ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content", "invalid_type"),
    ({"messages": [{"role": "user", "content": "x", "mood": 1}]}, "messages[0].mood", "unknown_parameter"),
    ({"messages": [{"role": "user", "content": "x", "name": "n" * 65}]}, "messages[0].name", "string_above_max_length"),
    (
        {"messages": [{"role": "system", "content": [{"type": "image_url"}]}]},
        "messages[0].content[0].type",
        "invalid_value",
    ),
    ({"messages": [{"role": "tool", "content": "x"}]}, "messages[0].tool_call_id", "missing_required_parameter"),
    ({"messages": [RESULT]}, "messages.[0].role", None),
    ({"messages": [*HI, CALLED]}, "messages.[2].role", None),
    ({"messages": [*HI, CALLED, *HI]}, "messages.[2].role", None),
    ({"messages": [*HI, CALLED, RESULT, RESULT]}, "messages.[3].role", None),
]


@pytest.mark.parametrize(("fields", "param", "code"), FIELDS, ids=lambda value: str(value)[:60])
async def test_a_field_beyond_its_limits_is_named(
    door: Door, fields: dict[str, Any], param: str | None, code: str | None
) -> None:
    answer = await door.post("/v1/chat/completions", {"model": "sandbox-guide", "messages": HI, **fields})
    assert answer.status == 400
    assert answer.error["type"] == "invalid_request_error"
    assert (answer.error["param"], answer.error["code"]) == (param, code)


@pytest.mark.parametrize(
    "fields",
    [
        {"temperature": None, "stop": None, "tools": None, "response_format": None, "max_tokens": None},
        {"temperature": 2, "top_p": 0, "presence_penalty": -2, "frequency_penalty": 2, "seed": -1, "user": "u"},
        {"logit_bias": {"50256": -100}, "service_tier": "default", "store": False, "verbosity": "low"},
        {"response_format": {"type": "text"}, "prediction": {"type": "content", "content": "x"}, "n": 1.0},
        {"tools": [TOOL], "tool_choice": "none", "parallel_tool_calls": False},
        {"messages": [{"role": "developer", "content": [{"type": "text", "text": "Be brief."}]}, *HI]},
        {"messages": [*HI, CALLED, RESULT]},
    ],
    ids=str,
)
async def test_what_is_within_the_limits_is_answered(door: Door, fields: dict[str, Any]) -> None:
    answer = await door.post("/v1/chat/completions", {"model": "sandbox-guide", "messages": HI, **fields})
    assert answer.status == 200
    assert answer.text


@pytest.mark.parametrize(
    ("fields", "param", "code"),
    [
        ({"max_tokens": 9}, "max_tokens", "unsupported_parameter"),
        ({"temperature": 0.7}, "temperature", "unsupported_value"),
        ({"top_p": 0.5}, "top_p", "unsupported_value"),
        ({"presence_penalty": 1}, "presence_penalty", "unsupported_value"),
        ({"frequency_penalty": 1}, "frequency_penalty", "unsupported_value"),
        ({"stop": ["x"]}, "stop", "unsupported_parameter"),
        ({"logprobs": True}, "logprobs", "unsupported_parameter"),
        ({"logit_bias": {"1": 1}}, "logit_bias", "unsupported_parameter"),
    ],
    ids=str,
)
async def test_the_reasoning_model_refuses_what_reasoning_models_refuse(
    door: Door, fields: dict[str, Any], param: str, code: str
) -> None:
    answer = await door.chat("hi", "sandbox-thinks", **fields)
    assert (answer.status, answer.error["param"], answer.error["code"]) == (400, param, code)


async def test_the_model_must_be_given_and_be_a_chat_model(door: Door) -> None:
    nothing = await door.post("/v1/chat/completions", {"messages": HI})
    assert (nothing.status, nothing.error["message"]) == (400, "you must provide a model parameter")
    assert (await door.chat("hi", "gpt-3.5-turbo")).error["code"] == "model_not_found"
    assert (await door.chat("hi", "sandbox-image")).status == 404
    assert (await door.post("/v1/chat/completions", {"model": "sandbox-guide"})).error["param"] == "messages"


async def test_the_refusal_of_open_tool_calls_names_them(door: Door) -> None:
    answer = await door.chat([*HI, CALLED])
    assert "call_1" in answer.error["message"]
    assert "must be followed by tool messages" in answer.error["message"]
