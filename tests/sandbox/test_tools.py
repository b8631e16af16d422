"""Tool calls: when the model calls, with what arguments, and what it says after the result (D1 to D11)."""

import json
from typing import Any

import pytest

from tests.sandbox.calling import Answer, Door

WEATHER = {
    "name": "get_current_weather",
    "description": "Tells the weather at a place.",
    "parameters": {
        "type": "object",
        "properties": {
            "location": {"type": "string", "description": "City and country"},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["location"],
    },
}
SUM = {"name": "calculate", "parameters": {"type": "object", "properties": {"expression": {"type": "string"}}}}
TOOLS = [{"type": "function", "function": WEATHER}, {"type": "function", "function": SUM}]


def calls_of(answer: Answer) -> list[tuple[str, Any]]:
    """Return name and arguments of each call of a whole answer."""
    calls = answer.json["choices"][0]["message"].get("tool_calls", [])
    return [(call["function"]["name"], json.loads(call["function"]["arguments"])) for call in calls]


def joined(answer: Answer) -> list[dict[str, str]]:
    """Return the calls of a stream, joined by their index."""
    calls: dict[int, dict[str, str]] = {}
    for event in answer.events:
        for piece in event["choices"][0]["delta"].get("tool_calls", []):
            call = calls.setdefault(piece["index"], {"id": "", "name": "", "arguments": ""})
            call["id"] += piece.get("id", "")
            call["name"] += piece["function"].get("name", "")
            call["arguments"] += piece["function"]["arguments"]
    return [calls[index] for index in sorted(calls)]


async def test_a_fitting_tool_is_called_with_what_the_message_says(door: Door) -> None:
    answer = await door.chat("What is the weather in San Francisco, in fahrenheit?", tools=TOOLS)
    assert calls_of(answer) == [("get_current_weather", {"location": "San Francisco", "unit": "fahrenheit"})]
    choice = answer.json["choices"][0]
    assert (choice["finish_reason"], choice["message"]["content"]) == ("tool_calls", None)


async def test_chinese_questions_find_tools_and_places(door: Door) -> None:
    answer = await door.chat("北京今天的天气怎么样？", tools=TOOLS)
    assert calls_of(answer) == [("get_current_weather", {"location": "北京", "unit": "celsius"})]


async def test_several_calls_come_at_once_unless_that_is_switched_off(door: Door) -> None:
    question = "Weather in Paris and Berlin, and calculate 3 * (4 + 5) for me"
    wanted = [
        ("get_current_weather", {"location": "Paris", "unit": "celsius"}),
        ("get_current_weather", {"location": "Berlin", "unit": "celsius"}),
        ("calculate", {"expression": "3 * (4 + 5)"}),
    ]
    assert calls_of(await door.chat(question, tools=TOOLS)) == wanted
    assert calls_of(await door.chat(question, tools=TOOLS, parallel_tool_calls=False)) == wanted[:1]


async def test_a_stream_joins_to_the_same_calls_each_with_its_own_id(door: Door) -> None:
    answer = await door.chat("Weather in Paris and Berlin", tools=TOOLS, stream=True)
    calls = joined(answer)
    assert [json.loads(call["arguments"])["location"] for call in calls] == ["Paris", "Berlin"]
    assert len({call["id"] for call in calls}) == 2
    assert answer.events[0]["choices"][0]["delta"]["content"] is None
    assert answer.events[-1]["choices"][0]["finish_reason"] == "tool_calls"


async def test_no_tool_is_called_when_none_fits_or_none_may(door: Door) -> None:
    assert not calls_of(await door.chat("Where does my key go?", tools=TOOLS))
    assert not calls_of(await door.chat("What is the weather in Rome?", tools=TOOLS, tool_choice="none"))


async def test_required_and_named_choices_are_obeyed(door: Door) -> None:
    required = await door.chat("hello", tools=TOOLS, tool_choice="required")
    assert [name for name, _ in calls_of(required)] == ["get_current_weather"]
    assert required.json["choices"][0]["finish_reason"] == "tool_calls"
    chosen = {"type": "function", "function": {"name": "calculate"}}
    named = await door.chat("Weather in Rome: 2+2", tools=TOOLS, tool_choice=chosen)
    assert calls_of(named) == [("calculate", {"expression": "2+2"})]
    allowed = {"mode": "required", "tools": [{"type": "function", "function": {"name": "calculate"}}]}
    among = await door.chat("hello", tools=TOOLS, tool_choice={"type": "allowed_tools", "allowed_tools": allowed})
    assert [name for name, _ in calls_of(among)] == ["calculate"]


async def test_after_the_results_it_says_what_they_say(door: Door) -> None:
    question = {"role": "user", "content": "Weather in Paris and Berlin?"}
    asked = (await door.chat([question], tools=TOOLS)).json["choices"][0]["message"]
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": json.dumps({"temperature": degrees, "sky": "clear"})}
        for call, degrees in zip(asked["tool_calls"], (21, 17), strict=True)
    ]
    answer = await door.chat([question, asked, *results], tools=TOOLS)
    assert answer.json["choices"][0]["finish_reason"] == "stop"
    assert "Sandbox: the tool `get_current_weather` answered: temperature: **21**; sky: **clear**" in answer.text
    assert "**17**" in answer.text


async def test_one_tool_after_another_when_not_at_once(door: Door) -> None:
    messages: list[dict[str, Any]] = [{"role": "user", "content": "Weather in Rome, then calculate 1+1"}]
    names = []
    for _ in range(3):
        message = (await door.chat(messages, tools=TOOLS, parallel_tool_calls=False)).json["choices"][0]["message"]
        if "tool_calls" not in message:
            break
        (call,) = message["tool_calls"]
        names.append(call["function"]["name"])
        messages += [message, {"role": "tool", "tool_call_id": call["id"], "content": "2"}]
    assert names == ["get_current_weather", "calculate"]
    assert "answered: 2" in message["content"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"error": "no such city"}', "reported a fault: error: **no such city**"),
        ("", "answered nothing"),
        ('["a", "b"]', "- a\n- b"),
        ("x" * 2000, "x…"),
    ],
)
async def test_odd_results_are_told_too(door: Door, content: str, told: str) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    messages = [
        {"role": "user", "content": "do it"},
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": content},
    ]
    assert told in (await door.chat(messages)).text


@pytest.mark.parametrize("stream", [False, True])
async def test_the_old_form_calls_one_function_and_takes_its_result(door: Door, stream: bool) -> None:
    question = {"role": "user", "content": "What is the weather in Boston?"}
    answer = await door.chat([question], functions=[WEATHER], stream=stream)
    if stream:
        deltas = [event["choices"][0]["delta"].get("function_call", {}) for event in answer.events]
        call = {key: "".join(delta.get(key, "") for delta in deltas) for key in ("name", "arguments")}
        finish = answer.events[-1]["choices"][0]["finish_reason"]
    else:
        call, finish = answer.json["choices"][0]["message"]["function_call"], answer.json["choices"][0]["finish_reason"]
    assert (call["name"], finish) == ("get_current_weather", "function_call")
    assert json.loads(call["arguments"])["location"] == "Boston"
    result = {"role": "function", "name": call["name"], "content": '{"temperature": "22"}'}
    said = {"role": "assistant", "content": None, "function_call": call}
    assert "**22**" in (await door.chat([question, said, result], functions=[WEATHER])).text
    assert (await door.chat([question], functions=[WEATHER], function_call="none")).text


async def test_a_custom_tool_gets_plain_text(door: Door) -> None:
    tools = [{"type": "custom", "custom": {"name": "shell"}}]
    (call,) = (await door.chat("shell: ls -l", tools=tools)).json["choices"][0]["message"]["tool_calls"]
    assert call["custom"] == {"name": "shell", "input": "shell: ls -l"}


async def test_a_limit_cuts_the_arguments_and_says_length(door: Door) -> None:
    answer = await door.chat("Weather in Paris", tools=TOOLS, max_tokens=3)
    assert answer.json["choices"][0]["finish_reason"] == "length"
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        calls_of(answer)


async def test_tools_count_as_prompt_tokens(door: Door) -> None:
    without = (await door.chat("hello")).json["usage"]["prompt_tokens"]
    assert (await door.chat("hello", tools=TOOLS)).json["usage"]["prompt_tokens"] > without + 20


async def test_a_strict_tool_needs_a_closed_schema(door: Door) -> None:
    loose = {"type": "function", "function": {**WEATHER, "strict": True}}
    answer = await door.chat("hi", tools=[loose])
    assert (answer.status, answer.error["param"]) == (400, "tools[0].function.parameters")
    assert "additionalProperties" in answer.error["message"]
