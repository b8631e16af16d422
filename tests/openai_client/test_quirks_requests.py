"""What is sent, and what happens when parts of it are refused: quirks section 8, wire.md section 1."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import REQUEST, MakeClient, read
from tests.upstream import Upstream, done, json_answer, stream_answer, text_chunk

OPTIONS = {"include_usage": True}
MODEL = {**REQUEST, "model": "any-t2-r0"}


def refusal(message: str, *, status: int = 400, **fields: Any) -> Any:
    return json_answer({"error": {"message": message, "type": "invalid_request_error", **fields}}, status)


@pytest.mark.parametrize(
    ("quirk", "extra", "answer", "dropped", "renamed"),
    [
        ("8.1 Fireworks", {"stream_options": OPTIONS}, refusal("Extra inputs are not permitted, field: 'stream_options'"), ("stream_options",), {}),
        ("8.1 Databricks", {"stream_options": OPTIONS}, json_answer({"error_code": "BAD_REQUEST", "message": "stream_options: unknown field"}, 400), ("stream_options",), {}),
        ("8.1 Mistral", {"stream_options": OPTIONS}, json_answer({"detail": [{"type": "extra_forbidden", "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]}, 422), ("stream_options",), {}),
        ("8.2 reasoning models", {"max_tokens": 5}, refusal("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.", param="max_tokens", code="unsupported_parameter"), (), {"max_tokens": "max_completion_tokens"}),
        ("8.2 older servers", {"max_completion_tokens": 5}, refusal("Unrecognized request argument supplied: max_completion_tokens"), (), {"max_completion_tokens": "max_tokens"}),
        ("8.3 gpt-5", {"temperature": 0.2}, refusal("Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.", param="temperature", code="unsupported_value"), ("temperature",), {}),
        ("8.3 Kimi", {"temperature": 0.2}, refusal("invalid temperature: only 1 is allowed for this model"), ("temperature",), {}),
        ("8.4 Gemini", {"seed": 5}, json_answer([{"error": {"code": 400, "message": 'Invalid JSON payload received. Unknown name "seed": Cannot find field.', "status": "INVALID_ARGUMENT"}}], 400), ("seed",), {}),
        ("8.4 strict", {"user": "u"}, refusal("property 'user' is unsupported"), ("user",), {}),
        ("8.4 nested blame", {"stream_options": OPTIONS}, refusal("Unknown parameter: 'stream_options.include_usage'.", param="stream_options.include_usage"), ("stream_options",), {}),
        ("8.3 in a 200 answer", {"top_p": 0.5}, json_answer({"error": {"message": "top_p is not supported"}}), ("top_p",), {}),
    ],
)  # fmt: skip
async def test_a_refused_parameter_goes_once_and_is_remembered(
    upstream: Upstream, make_client: MakeClient, quirk: str, extra: dict[str, Any], answer: Any, dropped: tuple[str, ...], renamed: dict[str, str]
) -> None:  # fmt: skip
    dialect = oc.Dialect()
    client = make_client(dialect=dialect, retries=oc.Retries(attempts=1))
    upstream.script(answer)
    outcome = await read(client, {**MODEL, **extra})
    assert outcome.error is None, quirk
    assert outcome.text == "w0001 w0002 "
    assert (outcome.completion.meta.dropped, outcome.completion.meta.renamed) == (dropped, renamed)
    assert outcome.completion.meta.attempts == 1
    (name,) = extra
    first, second = (record.json for record in upstream.requests)
    assert first[name] == extra[name]
    assert name not in second
    assert {old: second[new] for old, new in renamed.items()} == ({name: extra[name]} if renamed else {})
    again = await read(client, {**MODEL, **extra})
    assert again.error is None
    assert len(upstream.requests) == 3, "remembered: no second refusal"
    assert (again.completion.meta.dropped, again.completion.meta.renamed) == (dropped, renamed)
    assert dialect.refused == {"any-t2-r0": {name: renamed.get(name)}}


async def test_names_that_are_known_beforehand_are_used_at_once(upstream: Upstream, make_client: MakeClient) -> None:
    """8.2, 4.10: what the owner knows about a server need not be refused first."""
    names = {"max_tokens": "max_completion_tokens", "user": None, "role:developer": "system"}
    client = make_client(dialect=oc.Dialect(names=names))
    messages = [{"role": "developer", "content": "be kind"}, *REQUEST["messages"]]
    outcome = await read(client, {**MODEL, "messages": messages, "max_tokens": 9, "user": "u", "seed": 1})
    (sent,) = (record.json for record in upstream.requests)
    assert (sent["max_completion_tokens"], sent["seed"], sent["messages"][0]["role"]) == (9, 1, "system")
    assert not {"max_tokens", "user"} & sent.keys()
    assert outcome.completion.meta.dropped == ("user",)
    assert outcome.completion.meta.renamed == {"max_tokens": "max_completion_tokens", "developer": "system"}


async def test_a_name_that_was_known_wrongly_is_unlearned_for_that_model(
    upstream: Upstream, make_client: MakeClient
) -> None:
    dialect = oc.Dialect(names={"max_completion_tokens": "max_tokens"})
    client = make_client(dialect=dialect, retries=oc.Retries(attempts=1))
    upstream.script(refusal("Unsupported parameter: 'max_tokens'", param="max_tokens", code="unsupported_parameter"))
    for model in ("any-t2-r0", "any-t2-r0", "any-t3-r0"):
        assert (await read(client, {**MODEL, "model": model, "max_completion_tokens": 9})).error is None
    sent = [[name for name in record.json if "max" in name] for record in upstream.requests]
    assert sent == [["max_tokens"], ["max_completion_tokens"], ["max_completion_tokens"], ["max_tokens"]]
    assert dialect.refused == {"any-t2-r0": {"max_completion_tokens": "max_completion_tokens"}}


async def test_what_one_model_refuses_another_still_gets(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(refusal("Unknown parameter: 'seed'", param="seed", code="unknown_parameter"))
    await read(client, {**MODEL, "seed": 1})
    await read(client, {**MODEL, "seed": 1, "model": "any-t3-r0"})
    assert upstream.requests[-1].json["seed"] == 1


async def test_several_refusals_in_a_row(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(refusal("Unknown parameter: 'seed'", param="seed"))
    upstream.script(refusal("Unsupported parameter: 'max_tokens'", param="max_tokens"))
    outcome = await read(client, {**MODEL, "seed": 1, "max_tokens": 9})
    assert (outcome.completion.meta.dropped, outcome.completion.meta.renamed) == (
        ("seed",),
        {"max_tokens": "max_completion_tokens"},
    )
    assert upstream.requests[-1].json["max_completion_tokens"] == 9


@pytest.mark.parametrize(
    ("extra", "message", "fields"),
    [
        ({"temperature": 9}, "temperature must be between 0 and 2", {"param": "temperature"}),
        ({"tools": [{"type": "function"}]}, "'tools' is not supported", {"param": "tools"}),
        ({"response_format": {"type": "json_object"}}, "response_format is not supported", {}),
        ({"max_tokens": 3, "max_completion_tokens": 3}, "Unknown parameter: 'max_tokens'", {"param": "max_tokens"}),
        ({}, "Unknown parameter: 'seed'", {"param": "seed"}),
        ({"seed": 1}, "The model is not supported", {}),
        ({"user": "u"}, "this user is not allowed to do that", {}),
        ({"seed": 1}, "'messages' must contain the word 'json' in some form", {"param": "messages"}),
    ],
)
async def test_what_is_not_dropped(
    upstream: Upstream, client: oc.Client, extra: dict[str, Any], message: str, fields: dict[str, Any]
) -> None:
    upstream.script(refusal(message, **fields))
    outcome = await read(client, {**MODEL, **extra})
    assert isinstance(outcome.error, oc.BadRequest)
    assert outcome.error.message == message
    assert len(upstream.requests) == 1


async def test_a_name_is_swapped_only_once(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(refusal("Unsupported parameter: 'max_tokens'", param="max_tokens"))
    upstream.script(refusal("Unsupported parameter: 'max_completion_tokens'", param="max_completion_tokens"))
    outcome = await read(client, {**MODEL, "max_tokens": 9})
    assert isinstance(outcome.error, oc.BadRequest)
    assert len(upstream.requests) == 2


PNG = "data:image/png;base64,iVBORw0KGgo="


def about(url: str) -> dict[str, Any]:
    """A question about a picture."""
    parts = [{"type": "text", "text": "what is it?"}, {"type": "image_url", "image_url": {"url": url, "detail": "low"}}]
    return {**MODEL, "messages": [{"role": "user", "content": parts}]}


async def test_8_5_a_picture_by_address_may_be_refused_and_one_sent_along_arrives_as_it_is(
    upstream: Upstream, client: oc.Client
) -> None:
    """Never dropped or fetched here: without it the question is another one. Who asks sends the picture itself."""
    upstream.script(refusal("invalid image input"))
    refused = await read(client, about("https://pictures.example/cat.png"))
    assert isinstance(refused.error, oc.BadRequest)
    assert (refused.error.message, refused.completion.meta.dropped, len(upstream.requests)) == (
        "invalid image input",
        (),
        1,
    )
    assert upstream.requests[0].json["messages"] == about("https://pictures.example/cat.png")["messages"]
    inline = await read(client, about(PNG))
    assert (inline.error, inline.text) == (None, "w0001 w0002 ")
    assert upstream.requests[1].json["messages"] == about(PNG)["messages"]


@pytest.mark.parametrize(
    ("server", "format_", "message"),
    [
        ("OpenAI", {"type": "json_object"}, "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'."),
        ("DashScope", {"type": "json_object"}, "<400> InternalError.Algo.InvalidParameter: 'messages' must contain the word 'json' in some form."),
        ("Moonshot", {"type": "json_schema", "json_schema": {"name": "a", "schema": {}}}, "Invalid request: response_format must be an object"),
        ("an old server", {"type": "json_object"}, "response_format is not supported"),
    ],
)  # fmt: skip
async def test_8_7_a_response_format_that_is_refused_is_told_in_the_servers_words(
    upstream: Upstream, client: oc.Client, server: str, format_: dict[str, Any], message: str
) -> None:
    """Not left out in silence: what comes would not be what was asked for."""
    upstream.script(refusal(message, param="response_format"))
    outcome = await read(client, {**MODEL, "response_format": format_})
    assert isinstance(outcome.error, oc.BadRequest), server
    assert (outcome.error.message, outcome.error.param) == (message, "response_format")
    assert (outcome.error.retryable, outcome.completion.meta.dropped, len(upstream.requests)) == (False, (), 1)
    assert upstream.requests[0].json["response_format"] == format_


async def test_8_7_a_response_format_that_is_ignored_gives_what_the_model_said(
    upstream: Upstream, client: oc.Client
) -> None:
    upstream.script(stream_answer(text_chunk("Sure! Here it is: {"), text_chunk(finish="stop"), done()))
    outcome = await read(client, {**MODEL, "response_format": {"type": "json_object"}})
    assert (outcome.error, outcome.text, outcome.completion.complete) == (None, "Sure! Here it is: {", True)


async def test_8_4_b19_unset_fields_are_not_sent(upstream: Upstream, client: oc.Client) -> None:
    await read(client, {**MODEL, "temperature": None, "stop": None, "seed": 0, "n": 1})
    assert upstream.requests[0].json == {**MODEL, "seed": 0, "n": 1, "stream": True}


async def test_8_6_n_may_be_ignored(upstream: Upstream, client: oc.Client) -> None:
    outcome = await read(client, {**MODEL, "n": 3})
    assert len(outcome.completion.choices) == 1


async def test_a_whole_answer_is_asked_for_without_stream_fields(upstream: Upstream, client: oc.Client) -> None:
    completion = await client.chat({**MODEL, "stream": True, "stream_options": OPTIONS})
    assert upstream.requests[0].json == MODEL
    assert completion.choices[0].text == "w0001 w0002 "


async def test_headers_that_are_sent(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(api_key=" sk-abcdef \n", organization="org-1", project="proj-1", headers={"X-Title": "Site"})
    await client.chat(MODEL)
    sent = upstream.requests[0].headers
    assert sent["authorization"] == "Bearer sk-abcdef"
    assert (sent["openai-organization"], sent["openai-project"], sent["x-title"]) == ("org-1", "proj-1", "Site")
    assert sent["content-type"] == "application/json"
    assert sent["accept-encoding"] == "identity"


async def test_a_refusal_of_a_request_without_a_body_is_just_that(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(refusal("Unknown parameter: 'limit'", param="limit"), path="/files")
    with pytest.raises(oc.BadRequest):
        await client.files_list(limit=3)


async def test_8_8_empty_assistant_turns_are_not_sent(upstream: Upstream, client: oc.Client) -> None:
    question = REQUEST["messages"][0]
    call = {"role": "assistant", "content": "", "tool_calls": [{"id": "c"}]}
    empty = [{"role": "assistant", "content": content} for content in ("", None, [])]
    await read(client, {**MODEL, "messages": [question, empty[0], question, call, empty[1], empty[2], "odd"]})
    assert upstream.requests[0].json["messages"] == [question, question, call, "odd"]
    await read(client, {**MODEL, "messages": "odd"})


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [("keep", {"content": ""}), ("null", {"content": None}), ("empty", {"content": ""}), ("omit", {})],
)
async def test_8_9_the_content_beside_tool_calls_is_written_as_wanted(
    upstream: Upstream, make_client: MakeClient, wanted: Any, sent: dict[str, Any]
) -> None:
    call = {"role": "assistant", "tool_calls": [{"id": "c"}]}
    client = make_client(dialect=oc.Dialect(content_beside_calls=wanted))
    await read(client, {**MODEL, "messages": [{**call, "content": ""}]})
    assert upstream.requests[0].json["messages"] == [{**call, **sent}]


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_4_9_reasoning_can_be_sent_back_under_the_name_it_came(
    upstream: Upstream, client: oc.Client, field: str
) -> None:
    message = {"content": "", field: "hm", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": "{}"}}]}
    upstream.script(json_answer({"choices": [{"index": 0, "message": message, "finish_reason": "tool_calls"}]}))
    choice = (await client.chat(MODEL)).choices[0]
    assert choice.reasoning_field == field
    turn = {"role": "assistant", "content": "", choice.reasoning_field: choice.reasoning, "tool_calls": [{"id": "c"}]}
    await client.chat({**MODEL, "messages": [turn]})
    assert upstream.requests[1].json["messages"] == [turn]


async def test_no_key_sends_no_authorization(upstream: Upstream, client: oc.Client) -> None:
    await client.chat(MODEL)
    assert "authorization" not in upstream.requests[0].headers


@pytest.mark.parametrize("text", ["你好 🙂", "half \ud83d", "\x00\u2028", '"\\'])
async def test_any_text_can_be_sent(upstream: Upstream, client: oc.Client, text: str) -> None:
    outcome = await read(client, {"model": "echo-r0", "messages": [{"role": "user", "content": text}]})
    assert outcome.error is None
    assert upstream.requests[0].json["messages"][0]["content"] == text


async def test_what_is_no_json_is_a_programming_error(client: oc.Client) -> None:
    with pytest.raises(ValueError, match="JSON"):
        await client.chat({**MODEL, "temperature": float("nan")})
