"""Keys appear in no exception, repr, log or traceback."""

from __future__ import annotations

import json
import logging
import pickle
import tempfile
import traceback
from pathlib import Path
from typing import Any

import pytest

import openai_client as oc
from openai_client._secret import mask
from tests.openai_client.support import ONCE, REQUEST, MakeClient
from tests.upstream import Hang, Reset, Send, Step, Upstream, head, json_answer, sse, stream_answer, text_chunk

KEY = "sk-proj-verysecret0123456789"
OTHER = "azure-key-verysecret"
PACKAGE = str(Path(oc.__file__).parent)
ECHO = {"error": {"message": f"Incorrect API key provided: {KEY}. {OTHER}", "code": KEY, KEY: [KEY, {OTHER: KEY}]}}


def everything_visible(error: BaseException) -> str:
    """What logs, error trackers and curious people could see."""
    seen: list[str] = []
    chain: BaseException | None = error
    while chain is not None:
        seen.append(f"{chain!r} {chain} {vars(chain)!r}")
        for frame, _ in traceback.walk_tb(chain.__traceback__):
            if PACKAGE in frame.f_code.co_filename:
                seen.append(repr(frame.f_locals))
        chain = chain.__cause__ or (None if chain.__suppress_context__ else chain.__context__)
    return " ".join(seen)


@pytest.mark.parametrize(
    "steps",
    [
        json_answer(ECHO, 401),
        json_answer(ECHO, 500),
        json_answer(ECHO),
        json_answer(f"<title>{KEY} {OTHER}</title>".encode(), 403),
        json_answer(f"<title>{KEY} {OTHER}</title>".encode()),
        json_answer(f"{KEY} {OTHER}".encode()),
        json_answer({"detail": [{"loc": ["body", "x"], "msg": f"{KEY} {OTHER}"}]}, 422),
        stream_answer(text_chunk("a"), sse(ECHO)),
        stream_answer(f"data: {KEY} {OTHER}\n\n".encode()),
        stream_answer(f'event: error\ndata: "{KEY} {OTHER}"\n\n'.encode()),
        [Send(head(302, location=f"http://127.0.0.1/{KEY}", content_length=0))],
        [Send(b"garbage " + KEY.encode() + b"\r\n\r\n"), Hang()],
        [Reset()],
        [Hang()],
    ],
)
async def test_no_failure_shows_a_key(
    upstream: Upstream, make_client: MakeClient, caplog: pytest.LogCaptureFixture, steps: list[Step]
) -> None:
    caplog.set_level(logging.DEBUG)
    client = make_client(
        api_key=oc.Secret(KEY), headers={"api-key": OTHER}, retries=ONCE, timeouts=oc.Timeouts(first_byte=0.3)
    )

    async def draw(request: dict[str, Any]) -> None:
        async with client.stream_images(request, tempfile.TemporaryFile) as stream:
            [picture async for picture in stream]

    for call in (client.chat, draw):
        upstream.script(steps, path="")
        with pytest.raises(oc.OpenAIClientError) as caught:
            await call(REQUEST)
        for secret in (KEY, OTHER):
            assert secret not in everything_visible(caught.value)
            assert secret not in caplog.text
    assert upstream.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert upstream.requests[0].headers["api-key"] == OTHER


@pytest.mark.parametrize("key", [f"{KEY}\nX-Evil: 1", f"{KEY}\u2028x", f"钥匙{KEY}", f"{KEY}\x00"])
async def test_a_key_that_cannot_be_sent_is_refused_unseen(
    upstream: Upstream, make_client: MakeClient, key: str
) -> None:
    with pytest.raises(oc.InvalidKey) as caught:
        await make_client(api_key=key).chat(REQUEST)
    assert caught.value.code == "unsendable_header"
    assert "verysecret" not in everything_visible(caught.value)
    assert upstream.requests == []


@pytest.mark.parametrize(
    ("name", "value"), [("X-A", "b\r\nX-Evil: 1"), ("X-A", "ü"), ("X: B", "c"), ("X\r\nY", "c"), ("", "c")]
)
async def test_headers_cannot_break_out_of_their_line(
    upstream: Upstream, make_client: MakeClient, name: str, value: str
) -> None:
    with pytest.raises(oc.OpenAIClientError):
        await make_client(headers={name: value}).chat(REQUEST)
    assert upstream.requests == []


async def test_reprs_show_no_key(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(api_key=KEY, headers={"api-key": OTHER}, base_url="http://user:pass@127.0.0.1:9/v1")
    stream = client.stream_chat(REQUEST)
    shown = repr(client) + repr(vars(client)) + repr(stream) + repr(client._setup) + repr(vars(stream))
    assert KEY not in shown
    assert OTHER not in shown
    assert "pass" not in shown


def test_a_secret_shows_nothing() -> None:
    secret = oc.Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {secret!s} {[secret]} {secret:>80}"
    assert secret.reveal() == KEY
    assert secret == oc.Secret(KEY)
    assert hash(secret) == hash(oc.Secret(KEY))
    assert secret != oc.Secret("other")
    assert secret != KEY
    assert not oc.Secret("")
    with pytest.raises(TypeError):
        pickle.dumps(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("key sk-abcdefghij.", "key ****."),
        ("Bearer abcdefgh123 and", "**** and"),
        ("sk-short", "sk-short"),
        ("task-force-alpha", "task-force-alpha"),
        ("none x", "none x"),
    ],
)
def test_masking(text: str, expected: str) -> None:
    assert mask(text, [oc.Secret("x")]) == expected


def test_exceptions_can_be_copied_between_processes() -> None:
    error: Any = pickle.loads(pickle.dumps(oc.RateLimited("m", status=429, retry_after=2.0)))
    assert (error.message, error.status, error.retry_after, error.retryable) == ("m", 429, 2.0, True)
