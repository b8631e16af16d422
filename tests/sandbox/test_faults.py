"""The model that fails as it is told: OpenAI's errors, other servers' shapes, and answers that end badly."""

import asyncio
import json
import pathlib

import pytest

import sandbox
from tests.sandbox.calling import Door
from tests.sandbox.conftest import DOCUMENTS


@pytest.mark.parametrize(
    ("words", "status", "kind", "code"),
    [
        ("401 please", 401, "invalid_request_error", "invalid_api_key"),
        ("403", 403, "request_forbidden", "unsupported_country_region_territory"),
        ("404", 404, "invalid_request_error", "model_not_found"),
        ("my quota is used up", 429, "insufficient_quota", "insufficient_quota"),
        ("余额", 429, "insufficient_quota", "insufficient_quota"),
        ("rate limit", 429, "requests", "rate_limit_exceeded"),
        ("429", 429, "requests", "rate_limit_exceeded"),
        ("request too large", 429, "tokens", "rate_limit_exceeded"),
        ("slow down", 429, "rate_limit_error", "slow_down"),
        ("context", 400, "invalid_request_error", "context_length_exceeded"),
        ("content filter", 400, "invalid_request_error", "content_filter"),
        ("unsupported parameter", 400, "invalid_request_error", "unsupported_parameter"),
        ("500", 500, "server_error", None),
        ("503", 503, "service_unavailable_error", "server_is_overloaded"),
        ("400", 400, "invalid_request_error", None),
        ("409", 409, "conflict_error", None),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_the_message_chooses_the_error(
    door: Door, words: str, status: int, kind: str, code: str | None, stream: bool
) -> None:
    answer = await door.chat(words, "sandbox-error", stream=stream)
    assert (answer.status, answer.error["type"], answer.error["code"]) == (status, kind, code)
    assert "sandbox" in answer.error["message"]


async def test_only_waits_that_help_carry_a_retry_after(door: Door) -> None:
    assert (await door.chat("429", "sandbox-error")).headers["retry-after"] == "1"
    assert "retry-after" not in (await door.chat("quota", "sandbox-error")).headers


async def test_without_a_known_word_it_tells_the_words(door: Door) -> None:
    answer = await door.chat("hello", "sandbox-error")
    assert answer.status == 400
    assert "quota" in answer.error["message"]


async def test_a_proxys_page_is_html(door: Door) -> None:
    answer = await door.chat("502", "sandbox-error")
    assert (answer.status, answer.headers["content-type"]) == (502, "text/html")
    assert answer.body.startswith(b"<html>")


@pytest.mark.parametrize("shape", ["flat", "string", "array", "detail", "in a 200"])
async def test_other_servers_shapes_are_not_openais(door: Door, shape: str) -> None:
    answer = await door.chat(f"the {shape} shape", "sandbox-error")
    assert (answer.status == 200) == (shape == "in a 200")
    assert "sandbox" in json.dumps(answer.json)


async def test_an_error_in_the_middle_follows_text_and_ends_the_stream(door: Door) -> None:
    answer = await door.chat("an error in the middle", "sandbox-error", stream=True)
    *chunks, last, end = answer.body.decode().split("\n\n")
    assert (answer.status, end) == (200, "")
    assert "".join(json.loads(one[6:])["choices"][0]["delta"].get("content") or "" for one in chunks)
    assert json.loads(last[6:])["error"]["type"] == "server_error"
    assert (await door.chat("an error in the middle", "sandbox-error")).status == 500


async def test_a_filtered_end_says_so_and_an_empty_answer_is_empty(door: Door) -> None:
    filtered = (await door.chat("filtered end", "sandbox-error")).json["choices"][0]
    assert filtered["finish_reason"] == "content_filter"
    assert filtered["message"]["content"]
    empty = await door.chat("empty", "sandbox-error", stream=True)
    assert empty.text == ""
    assert empty.events[-1]["choices"][0]["finish_reason"] == "stop"


@pytest.mark.parametrize("words", ["timeout", "stall"])
async def test_silence_lasts_until_the_client_hangs_up(tmp_path: pathlib.Path, words: str) -> None:
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=lambda: DOCUMENTS, pace=0))
    body = {"model": "sandbox-error", "stream": True, "messages": [{"role": "user", "content": words}]}
    call = door.call("POST", "/v1/chat/completions", body)
    if words == "stall":
        await call.started
        assert await asyncio.wait_for(call.pieces.get(), 10)
    await asyncio.sleep(0.1)
    assert not call.task.done()
    call.hung_up.set()
    await asyncio.wait_for(call.task, 10)
    assert call.started.done() == (words == "stall")
