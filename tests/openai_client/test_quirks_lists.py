"""Model and engine lists: quirks section 7 and wire.md sections 3 and 13."""

# ruff: noqa: E501  in a table a case is a row

from __future__ import annotations

import json
from typing import Any

import pytest

import openai_client as oc
from tests.openai_client.support import REQUEST, MakeClient, read
from tests.upstream import Pause, Send, Upstream, done, head, json_answer, text_chunk

ROW = {"id": "a", "object": "model", "created": 5, "owned_by": "o"}


@pytest.mark.parametrize(
    ("quirk", "value", "expected"),
    [
        ("3 plain", {"object": "list", "data": [ROW, {**ROW, "id": "b"}]}, ["a", "b"]),
        ("7.1 null", {"object": "list", "data": None}, []),
        ("7.1 nothing", {}, []),
        ("7.2 array", [{"id": "a", "organization": "o", "context_length": 9}], ["a"]),
        ("7.3 bare rows", {"data": [{"id": "a"}, {"id": "b"}]}, ["a", "b"]),
        ("7.4 both lists", {"data": [{"id": "/m.gguf"}], "models": [{"name": "/m.gguf", "model": "/m.gguf"}]}, ["/m.gguf"]),
        ("7.4 only models", {"models": [{"name": "llama3:8b"}]}, ["llama3:8b"]),
        ("7.5 vLLM", {"data": [{**ROW, "root": "a", "parent": None, "permission": [{}], "max_model_len": 9}]}, ["a"]),
        ("7.7 odd ids", {"data": [{"id": "models/gemini"}, {"id": "x/y:free"}, {"id": " Two Words "}]}, ["models/gemini", "x/y:free", "Two Words"]),
        ("7.7 doubles", {"data": [{"id": "a", "owned_by": "first"}, {"id": "a"}]}, ["a"]),
        ("H5 the web version's list", {"models": [{"slug": "text-davinci-002-render", "max_tokens": 4097, "title": "Turbo", "tags": []}]}, ["text-davinci-002-render"]),
        ("7.10 only what is loaded", {"data": [{"id": "qwen2.5:7b", "object": "model", "created": 1, "owned_by": "library"}]}, ["qwen2.5:7b"]),
        ("strings", {"data": ["a", "b"]}, ["a", "b"]),
        ("rows that are none", {"data": [None, 3, {}, {"id": ""}, {"id": "a"}]}, ["a"]),
    ],
)  # fmt: skip
async def test_models(upstream: Upstream, client: oc.Client, quirk: str, value: Any, expected: list[str]) -> None:
    upstream.script(json_answer(value, x_request_id="r1"), path="/models")
    models = await client.models()
    assert [model.id for model in models] == expected, quirk
    assert len(models) == len(expected)
    assert models.meta.request_id == "r1"


async def test_7_7_thousands_of_rows(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"data": [{"id": f"m{number}"} for number in range(5000)]}), path="/models")
    assert len(await client.models()) == 5000


AZURE = {
    "id": "gpt-4o-2024-11-20",
    "object": "model",
    "capabilities": {"fine_tune": False, "inference": True, "completion": False, "chat_completion": True},
    "lifecycle_status": "generally-available",
    "deprecation": {"inference": 1_762_560_000},
    "created_at": 1_732_060_800,
    "status": "succeeded",
}
NO_DEPLOYMENT = {"error": {"code": "DeploymentNotFound", "message": "The API deployment for this resource is missing."}}


async def test_7_9_a_list_of_base_models_does_not_limit_what_can_be_asked(
    upstream: Upstream, client: oc.Client
) -> None:
    """Azure lists base models, and answers to deployments: a name in no list is sent as it is, a listed one may be
    unknown."""
    upstream.script(json_answer({"object": "list", "data": [AZURE]}), path="/models")
    (listed,) = await client.models()
    assert (listed.id, listed.extra["lifecycle_status"]) == ("gpt-4o-2024-11-20", "generally-available")
    own = await read(client, {**REQUEST, "model": "our-deployment-t2-r0"})
    assert (own.error, upstream.requests[-1].json["model"]) == (None, "our-deployment-t2-r0")
    upstream.script(json_answer(NO_DEPLOYMENT, 404))
    base = await read(client, {**REQUEST, "model": listed.id})
    assert type(base.error) is oc.ModelNotFound


async def test_7_10_a_model_that_is_loaded_by_the_first_call_may_be_silent_for_long(
    upstream: Upstream, make_client: MakeClient
) -> None:
    """The silence before the first byte, before the headers or after them, has a limit of its own."""
    client = make_client(timeouts=oc.Timeouts(idle=0.2, first_byte=60), retries=oc.Retries(attempts=1))
    top = head(content_type="text/event-stream", connection="close")
    upstream.script(
        [Pause(0.5), Send(top), Pause(0.5), Send(text_chunk("loaded") + text_chunk(finish="stop") + done())]
    )
    outcome = await read(client, {**REQUEST, "model": "not-loaded-yet"})
    assert (outcome.error, outcome.text) == (None, "loaded")


@pytest.mark.parametrize(
    ("row", "tokens"),
    [
        ({"context_length": 4096}, 4096),
        ({"max_model_len": 8192}, 8192),
        ({"context_window": "131072"}, 131_072),
        ({"meta": {"n_ctx": 2048, "n_ctx_train": 4096}}, 2048),
        ({"meta": {"n_ctx_train": 4096}}, 4096),
        ({"top_provider": {"context_length": 7}}, 7),
        ({"context_length": 0}, None),
        ({"context_length": -1}, None),
        ({"context_length": "many"}, None),
        ({"context_length": True}, None),
        ({}, None),
    ],
)
async def test_context_lengths(upstream: Upstream, client: oc.Client, row: dict[str, Any], tokens: int | None) -> None:
    upstream.script(json_answer({"data": [{"id": "a", **row}]}), path="/models")
    assert [model.context_length for model in await client.models()] == [tokens]


async def test_7_6_unknown_fields_are_kept(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(
        json_answer({"data": [{**ROW, "pricing": {"prompt": "0.1"}, "shutdown_date": None}]}), path="/models"
    )
    (model,) = await client.models()
    assert (model.created, model.owned_by, model.extra) == (5, "o", {"pricing": {"prompt": "0.1"}})


@pytest.mark.parametrize(
    ("quirk", "status", "body", "kind"),
    [
        ("7.8 not there", 404, b"Not Found", oc.NotFound),
        ("7.8 not allowed", 401, b"{}", oc.InvalidKey),
        ("7.8 a page", 200, b"<html><title>Relay</title></html>", oc.UnexpectedAnswer),
        ("nothing", 200, b"", oc.UnexpectedAnswer),
        ("an error with 200", 200, b'{"error":{"message":"m","code":"invalid_api_key"}}', oc.InvalidKey),
        ("cut", 200, b'{"data": [{"id": "a"}, {"i', oc.BrokenOff),
    ],
)
async def test_7_8_lists_that_fail(
    upstream: Upstream, make_client: MakeClient, quirk: str, status: int, body: bytes, kind: type[oc.OpenAIClientError]
) -> None:
    upstream.script(json_answer(body, status), path="/models")
    with pytest.raises(kind) as caught:
        await make_client(retries=oc.Retries(attempts=1)).models()
    assert type(caught.value) is kind, quirk


async def test_one_model_whose_id_has_slashes_and_colons(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer({"object": "model", "context_length": 5}), path="")
    model = await client.model("a/b:free c?")
    assert (model.id, model.context_length) == ("a/b:free c?", 5)
    assert upstream.requests[0].path == "/v1/models/a%2Fb%3Afree%20c%3F"


@pytest.mark.parametrize(
    ("status", "body", "deleted"),
    [
        (200, b'{"id":"ft:x","object":"model","deleted":true}', True),
        (204, b"", True),
        (200, b'{"deleted":false}', False),
    ],
)
async def test_deleting_a_model(upstream: Upstream, client: oc.Client, status: int, body: bytes, deleted: bool) -> None:
    upstream.script([Send(head(status, content_length=len(body)) + body)], path="")
    gone = await client.delete_model("ft:x")
    assert (gone.id, gone.deleted) == ("ft:x", deleted)
    assert (upstream.requests[0].method, upstream.requests[0].path) == ("DELETE", "/v1/models/ft%3Ax")


async def test_engines(upstream: Upstream, client: oc.Client) -> None:
    rows = [{"id": "davinci", "object": "engine", "owner": "openai", "ready": True, "created": None, "max_replicas": 2}]
    upstream.script(json_answer({"object": "list", "data": rows}), path="/engines")
    engines = await client.engines()
    (engine,) = engines
    assert len(engines) == 1
    assert (engine.id, engine.owner, engine.ready, engine.created) == ("davinci", "openai", True, None)
    assert engine.extra == {"max_replicas": 2}
    upstream.script(json_answer({"object": "engine", "ready": "perhaps"}), path="/engines/davinci")
    assert (await client.engine("davinci")).ready is None


async def test_engines_that_are_gone(upstream: Upstream, client: oc.Client) -> None:
    with pytest.raises(oc.NotFound):
        await client.engines()


async def test_a_model_list_by_name(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(json_answer(json.loads(b'{"data":[{"id":"a","created":9400000000000}]}')), path="/models")
    assert [model.created for model in await client.models()] == [None]  # the year 300000
