"""Tool calls in streams: quirks section 5, row by row."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

import json
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import Answer
from tests.upstream import done, sse, text_chunk

STOP = text_chunk(finish="tool_calls")
ARGS = '{"city": "Rome"}'


def calls(*entries: Any, **delta: Any) -> bytes:
    """One chunk with these tool call entries."""
    return sse({"choices": [{"index": 0, "delta": {"tool_calls": list(entries), **delta}}]})


def entry(
    index: int | None = None, ident: str | None = None, name: str | None = None, arguments: Any = None
) -> dict[str, Any]:
    function = {key: value for key, value in (("name", name), ("arguments", arguments)) if value is not None}
    fields = {"index": index, "id": ident, "function": function}
    return {key: value for key, value in fields.items() if value is not None}


def shape(outcome: Any) -> list[tuple[str, str, str]]:
    return [(call.id if call.name else "*", call.name, call.arguments) for call in outcome.choice.tool_calls]


ONE = [("c1", "weather", ARGS)]
TWO = [("c1", "weather", ARGS), ("c2", "time", "{}")]


@pytest.mark.parametrize(
    ("quirk", "body", "expected"),
    [
        ("1.3 plain", calls(entry(0, "c1", "weather", "")) + calls(entry(0, arguments=ARGS[:5])) + calls(entry(0, arguments=ARGS[5:])), ONE),
        ("5.1 no index", calls(entry(None, "c1", "weather", ARGS)), ONE),
        ("5.1 no index, two", calls(entry(None, "c1", "weather", ARGS), entry(None, "c2", "time", "{}")), TWO),
        ("5.1 no index, pieces by id", calls(entry(None, "c1", "weather", ARGS[:4])) + calls(entry(None, "c1", None, ARGS[4:])), ONE),
        ("5.1 no index, pieces without id", calls(entry(None, "c1", "weather", ARGS[:4])) + calls(entry(arguments=ARGS[4:])), ONE),
        ("5.2 one index for all", calls(entry(0, "c1", "weather", ARGS), entry(0, "c2", "time", "{}")), TWO),
        ("5.2 one index, one chunk each", calls(entry(0, "c1", "weather", ARGS)) + calls(entry(0, "c2", "time", "{}")), TWO),
        ("5.2 a new id, its name later", calls(entry(0, "c1", "weather", ARGS), entry(0, "c2")) + calls(entry(0, "c2", "time", "{}")), TWO),
        ("5.4 a new id for the same call", calls(entry(0, "c1", "weather", ARGS[:4])) + calls(entry(0, "c9", None, ARGS[4:])), ONE),
        ("5.5 name repeated without an index", calls(entry(None, "c1", "weather", ARGS[:4])) + calls(entry(name="weather", arguments=ARGS[4:])), ONE),
        ("5.1 a piece before any call", calls(entry(arguments=ARGS)) + calls(entry(None, "c1", "weather")), [("*", "", ARGS), ("c1", "weather", "{}")]),
        ("5.3 index from one", calls(entry(1, "c1", "weather", ARGS)), ONE),
        ("5.3 gaps", calls(entry(3, "c1", "weather", ARGS)) + calls(entry(7, "c2", "time", "{}")), TWO),
        ("5.4 late id", calls(entry(0, None, "weather", "")) + calls(entry(0, "c1", None, ARGS)), ONE),
        ("5.4 repeated id", calls(entry(0, "c1", "weather", ARGS[:3])) + calls(entry(0, "c1", None, ARGS[3:])), ONE),
        ("5.4 empty id later", calls(entry(0, "c1", "weather", ARGS[:3])) + calls(entry(0, "", None, ARGS[3:])), ONE),
        ("5.5 name repeated", calls(entry(0, "c1", "weather", ARGS[:3])) + calls(entry(0, "c1", "weather", ARGS[3:])), ONE),
        ("5.5 name repeated before arguments", calls(entry(0, "c1", "weather")) + calls(entry(0, "c1", "weather", ARGS)), ONE),
        ("5.6 name in pieces", calls(entry(0, "c1", "wea")) + calls(entry(0, None, "ther")) + calls(entry(0, None, None, ARGS)), ONE),
        ("5.6 name grows", calls(entry(0, "c1", "wea")) + calls(entry(0, None, "weather", ARGS)), ONE),
        ("5.7 one index twice in a chunk", calls(entry(0, "c1", "weather", ARGS[:4]), entry(0, None, None, ARGS[4:])), ONE),
        ("5.8 whole at once", calls(entry(0, "c1", "weather", ARGS)), ONE),
        ("5.8 as an object", calls(entry(0, "c1", "weather", {"city": "Rome"})), ONE),
        ("5.8 empty", calls(entry(0, "c1", "weather", "")), [("c1", "weather", "{}")]),
        ("5.8 null", calls({"index": 0, "id": "c1", "function": {"name": "weather", "arguments": None}}), [("c1", "weather", "{}")]),
        ("index as a string", calls({**entry(None, "c1", "weather", ARGS), "index": "0"}), ONE),
        ("an object instead of a list", sse({"choices": [{"index": 0, "delta": {"tool_calls": entry(0, "c1", "weather", ARGS)}}]}), ONE),
        ("entries that are none", calls(None, 3, entry(0, "c1", "weather", ARGS)), ONE),
        ("mixed", calls(entry(0, "c1", "weather", ARGS[:3])) + calls(entry(1, "c2", "time", "{}")) + calls(entry(0, arguments=ARGS[3:])), TWO),
    ],
)  # fmt: skip
async def test_calls_are_put_together(
    answer: Answer, quirk: str, body: bytes, expected: list[tuple[str, str, str]]
) -> None:
    outcome = await answer(body + STOP + done())
    assert outcome.error is None, quirk
    assert shape(outcome) == expected, quirk
    gathered: dict[int, str] = {}
    for delta in outcome.deltas:
        if isinstance(delta, oc.ToolCallDelta):
            gathered[delta.position] = gathered.get(delta.position, "") + delta.arguments
    assert [text or "{}" for _, text in sorted(gathered.items())] == [arguments for _, _, arguments in expected], quirk


async def test_deltas_name_the_call_they_belong_to(answer: Answer) -> None:
    outcome = await answer(calls(entry(0, "c1", "weather", "")) + calls(entry(0, arguments=ARGS)) + STOP + done())
    assert outcome.deltas[:2] == [
        oc.ToolCallDelta(0, 0, "c1", "weather", ""),
        oc.ToolCallDelta(0, 0, "c1", "weather", ARGS),
    ]


async def test_5_1_same_function_twice_without_index_or_id(answer: Answer) -> None:
    outcome = await answer(
        calls(entry(name="f", arguments='{"a":1}'), entry(name="f", arguments='{"a":2}')) + STOP + done()
    )
    assert [call.arguments for call in outcome.choice.tool_calls] == ['{"a":1}', '{"a":2}']


async def test_5_4_missing_and_doubled_ids_are_made_up_at_the_end(answer: Answer) -> None:
    body = calls(entry(0, None, "f", "{}"), entry(1, "same", "g", "{}"), entry(2, "same", "h", "{}")) + STOP + done()
    first, second = await answer(body), await answer(body)
    ids = [call.id for call in first.choice.tool_calls]
    assert len(set(ids)) == 3
    assert all(ids)
    assert ids[1] == "same"
    assert ids == [call.id for call in second.choice.tool_calls]


async def test_5_9_glued_objects_are_told_apart(answer: Answer) -> None:
    call = (await answer(calls(entry(0, "c1", "f", '{"a":1}{"a":2}')) + STOP + done())).choice.tool_calls[0]
    assert call.argument_objects == ({"a": 1}, {"a": 2})


@pytest.mark.parametrize("empty", [[], None, "", {}])
async def test_5_10_no_calls(answer: Answer, empty: Any) -> None:
    body = sse({"choices": [{"index": 0, "delta": {"content": "a", "tool_calls": empty}}]}) + text_chunk(finish="stop")
    outcome = await answer(body + done())
    assert (outcome.text, outcome.choice.tool_calls, outcome.choice.ending) == ("a", (), "stop")


@pytest.mark.parametrize("text", ['<tool_call>{"name":"f"}</tool_call>', "[TOOL_CALLS] [{}]", '{"name": "f"}'])
async def test_5_11_leaked_calls_stay_text(answer: Answer, text: str) -> None:
    outcome = await answer(text_chunk(text) + text_chunk(finish="stop") + done())
    assert (outcome.text, outcome.choice.tool_calls) == (text, ())


@pytest.mark.parametrize("arguments", ['{"a": ', '{"a": 1]', "nonsense", "[1]", '{"a":1} and'])
async def test_5_12_broken_arguments_give_no_object(answer: Answer, arguments: str) -> None:
    call = (await answer(calls(entry(0, "c1", "f", arguments)) + STOP + done())).choice.tool_calls[0]
    assert call.arguments == arguments
    assert call.argument_objects == ()


async def test_3_3_a_half_call_stays_half(answer: Answer) -> None:
    outcome = await answer(calls(entry(0, "c1", "f", '{"a": ')))
    assert isinstance(outcome.error, oc.BrokenOff)
    assert shape(outcome) == [("c1", "f", '{"a": ')]


async def test_5_13_failed_generation_is_in_the_details(answer: Answer) -> None:
    error = {"message": "Failed to call a function.", "type": "invalid_request_error", "code": "tool_use_failed"}
    body = json.dumps({"error": {**error, "failed_generation": "<function=f>"}}).encode()
    outcome = await answer(body, status=400, content_type="application/json")
    assert isinstance(outcome.error, oc.BadRequest)
    assert outcome.error.code == "tool_use_failed"
    assert outcome.error.details["failed_generation"] == "<function=f>"


async def test_5_14_tools_refused_is_an_error_and_tools_are_not_dropped(answer: Answer) -> None:
    body = json.dumps({"error": {"message": "m does not support tools"}}).encode()
    assert isinstance((await answer(body, status=400)).error, oc.BadRequest)


async def test_the_old_form_is_one_call(answer: Answer) -> None:
    def old(**fields: str) -> bytes:
        return sse({"choices": [{"index": 0, "delta": {"function_call": fields}}]})

    body = old(name="weather", arguments="") + old(arguments=ARGS[:4]) + old(arguments=ARGS[4:])
    outcome = await answer(body + text_chunk(finish="function_call") + done())
    call = outcome.choice.tool_calls[0]
    assert (call.name, call.arguments, call.type) == ("weather", ARGS, "function_call")
    assert call.id
    assert (outcome.choice.finish_reason, outcome.choice.ending) == ("function_call", "tool_calls")


async def test_custom_tools_carry_free_input(answer: Answer) -> None:
    body = calls({"index": 0, "id": "c", "type": "custom", "custom": {"name": "sql", "input": "select"}})
    call = (await answer(body + STOP + done())).choice.tool_calls[0]
    assert (call.name, call.arguments, call.type) == ("sql", "select", "custom")


async def test_whole_answers_have_calls_too(answer: Answer) -> None:
    message = {
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": ARGS}}],
    }
    body = json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}).encode()
    assert shape(await answer(body, content_type="application/json")) == ONE


async def test_too_many_calls_are_refused(answer: Answer) -> None:
    body = b"".join(calls(entry(number, f"c{number}", "f", "{}")) for number in range(200))
    outcome = await answer(body + STOP + done())
    assert isinstance(outcome.error, oc.TooLarge)
    assert outcome.error.code == "too_many_tool_calls"
