"""What hostile and broken servers get: an exception of ours with a code, in bounded memory and time."""

from __future__ import annotations

import gzip
import json
import resource
import zlib
from pathlib import Path
from typing import Any

import pytest

import openai_client as oc
from openai_client.transports import DirectTransport
from tests.openai_client.support import ONCE, REQUEST, Answer, MakeClient, read
from tests.upstream import Close, Hang, Send, Step, Upstream, chunk, done, head, json_answer, sse, text_chunk
from tests.upstream.certificates import certificate, trusting

MIB = 1024 * 1024
SMALL = oc.SizeLimits(answer=8 * MIB, text=2 * MIB, line=2 * MIB)
STOP = text_chunk(finish="stop")


def peak() -> int:
    """Peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def flood(piece: bytes, total: int) -> list[Step]:
    top = Send(head(content_type="text/event-stream", transfer_encoding="chunked"))
    return [top, *[Send(chunk(piece))] * (total // len(piece) + 1), Send(b"0\r\n\r\n")]


@pytest.mark.parametrize(
    ("what", "piece", "total", "code"),
    [
        ("an answer of 32 MB of text", text_chunk("x" * 60_000), 32 * MIB, "answer_too_long"),
        ("32 MB of chunks that say nothing", text_chunk(pad="x" * 60_000), 32 * MIB, "answer_too_large"),
        ("32 MB of comments", b": " + b"x" * 60_000 + b"\n\n", 32 * MIB, "answer_too_large"),
        ("32 MB of blank lines", b"\n" * 60_000, 32 * MIB, "answer_too_large"),
        ("32 MB of junk lines", b"junk\n" * 12_000, 32 * MIB, "junk_too_large"),
        ("one line of 4 MB", b"x" * 60_000, 4 * MIB, "line_too_large"),
        ("one data line of 4 MB", b'data: {"choices":[' + b"x" * 60_000, 4 * MIB, "line_too_large"),
        ("one event of 4 MB in lines", b"data: " + b"x" * 60_000 + b"\n", 4 * MIB, "line_too_large"),
        ("one document of 4 MB in lines", b"[" + b" " * 60_000 + b"\n", 4 * MIB, "line_too_large"),
    ],
)  # fmt: skip
async def test_too_much_is_refused_in_bounded_memory(
    upstream: Upstream, make_client: MakeClient, what: str, piece: bytes, total: int, code: str
) -> None:
    before = peak()
    upstream.script(flood(piece, total))
    outcome = await read(make_client(retries=ONCE, limits=SMALL))
    assert isinstance(outcome.error, oc.TooLarge), what
    assert outcome.error.code == code, what
    assert total < 32 * MIB or upstream.requests[0].closed.wait(10)  # 4 MB fit into buffers on the way
    assert peak() - before < 32 * MIB, what


@pytest.mark.parametrize(
    ("what", "delta"),
    [
        ("text", {"content": "x" * 1000}),
        ("reasoning", {"reasoning_content": "x" * 1000}),
        ("refusal", {"refusal": "x" * 1000}),
        ("arguments", {"tool_calls": [{"index": 0, "id": "c", "function": {"name": "f", "arguments": "x" * 1000}}]}),
    ],
)
async def test_a_model_that_never_stops_is_cut_and_what_it_wrote_is_kept(
    answer: Answer, what: str, delta: dict[str, Any]
) -> None:
    pieces = sse({"choices": [{"index": 0, "delta": delta}]}) * 500
    outcome = await answer(pieces + STOP + done(), limits=oc.SizeLimits(text=100_000))
    assert isinstance(outcome.error, oc.TooLarge), what
    assert (outcome.error.code, outcome.error.retryable) == ("answer_too_long", False)
    assert outcome.completion.incomplete_reason == "answer_too_long"
    choice = outcome.choice
    kept = choice.text + choice.reasoning + choice.refusal + "".join(call.arguments for call in choice.tool_calls)
    assert len(kept) == 101_000, "the first message past the limit is the last"
    whole = await answer(json.dumps({"choices": [{"message": {"content": "x" * 200_000}}]}).encode())
    assert whole.error is None


async def test_a_large_answer_to_a_list_is_refused(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(limits=oc.SizeLimits(answer=MIB), retries=ONCE)
    upstream.script(flood(b" " * 60_000, 4 * MIB), path="/models")
    with pytest.raises(oc.TooLarge):
        await client.models()
    upstream.script(json_answer({"data": ["m" + str(number) for number in range(60_000)]}), path="/models")
    with pytest.raises(oc.TooLarge) as caught:
        await client.models()
    assert caught.value.code == "too_many_items"


async def test_ten_thousand_choices(answer: Answer) -> None:
    streamed = await answer(b"".join(text_chunk("a", index=number) for number in range(10_000)))
    assert isinstance(streamed.error, oc.TooLarge)
    assert streamed.error.code == "too_many_choices"
    assert len(streamed.completion.choices) == 128
    whole = {"choices": [{"index": number, "message": {"content": "a"}} for number in range(10_000)]}
    assert isinstance((await answer(json.dumps(whole).encode())).error, oc.TooLarge)


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"choices":[{"index":0,"delta":{"content":' + b"[" * 50_000 + b"]" * 50_000 + b"}}]}",
        b'{"created":' + b"9" * 10_000 + b"}",
        b'{"choices":[{"index":' + b"9" * 4000 + b',"delta":{"content":"a"}}]}',
        b'{"choices":[{"index":-1,"delta":{"content":"a"}}]}',
        b'{"choices":[{"index":1e400,"delta":{"content":NaN}}]}',
        b'{"usage":{"prompt_tokens":1e999,"total_tokens":-Infinity},"choices":[]}',
    ],
)
async def test_hostile_json_ends_in_a_value_or_in_ours(answer: Answer, raw: bytes) -> None:
    outcome = await answer(sse(raw) + text_chunk("b", finish="stop") + done())
    assert outcome.error is None
    assert outcome.text.endswith("b")
    json.dumps(outcome.completion.extra)


async def test_numbers_as_strings_and_dates_in_the_year_300000(answer: Answer) -> None:
    def row(created: Any, index: Any) -> bytes:
        return sse(
            {"created": created, "choices": [{"index": index, "delta": {"content": "a"}, "finish_reason": "stop"}]}
        )

    assert (await answer(row("1700000000", "0"))).completion.created == 1_700_000_000
    for created in (9_404_294_400_000, "9404294400000", -5, 1.5e300, "soon", [], True):
        outcome = await answer(row(created, 0.0))
        assert (outcome.completion.created, outcome.text) == (None, "a")
    assert (await answer(row(1_700_000_000.7, None))).completion.created == 1_700_000_000


async def test_headers_that_are_not_ascii(upstream: Upstream, make_client: MakeClient) -> None:
    odd = b"HTTP/1.1 429 Zu\xfcviel\r\nX-Request-Id: r\xc3\xa4\xff\r\nRetry-After: \xb2\r\nContent-Length: 2\r\n\r\n{}"
    upstream.script([Send(odd)])
    outcome = await read(make_client(retries=ONCE))
    assert isinstance(outcome.error, oc.RateLimited)
    assert outcome.error.request_id == "rÃ¤ÿ"
    assert outcome.error.retry_after is None


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308, 300, 304])
async def test_redirects_are_not_followed(upstream: Upstream, make_client: MakeClient, status: int) -> None:
    upstream.script([Send(head(status, location="http://127.0.0.1:1/elsewhere", content_length=0))])
    outcome = await read(make_client())
    assert isinstance(outcome.error, oc.UnexpectedAnswer)
    assert (outcome.error.code, outcome.error.status) == ("redirect", status)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    "raw",
    [
        b"garbage\r\n\r\n",
        b"HTTP/2 200\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello world\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"0" * 10_000,
        b"HTTP/1.1 101 Switching Protocols\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000,
        b"\x16\x03\x01" * 100,
        b"SSH-2.0-OpenSSH\r\n",
    ],
)
async def test_what_is_no_http_is_broken_off(upstream: Upstream, make_client: MakeClient, raw: bytes) -> None:
    upstream.script([Send(raw), Close()])
    outcome = await read(make_client(retries=ONCE))
    assert isinstance(outcome.error, oc.BrokenOff)


async def test_a_server_that_never_answers(upstream: Upstream, make_client: MakeClient) -> None:
    upstream.script([Hang()])
    outcome = await read(make_client(retries=ONCE, timeouts=oc.Timeouts(first_byte=0.2)))
    assert isinstance(outcome.error, oc.TimedOut)


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
async def test_packed_answers_are_unpacked(upstream: Upstream, client: oc.Client, encoding: str, pack: Any) -> None:
    body = pack(text_chunk("hello" * 100_000, finish="stop") + done())
    upstream.script([Send(head(content_encoding=encoding, content_length=len(body)) + body)])
    outcome = await read(client)
    assert (outcome.error, len(outcome.text)) == (None, 500_000)


async def test_a_packed_bomb_is_refused_in_bounded_memory(upstream: Upstream, make_client: MakeClient) -> None:
    packer = zlib.compressobj(wbits=31)
    body = b"".join(packer.compress(b"\n" * MIB) for _ in range(64)) + packer.flush()  # never had whole by the test
    before = peak()
    upstream.script([Send(head(content_encoding="gzip", content_length=len(body)) + body)])
    outcome = await read(make_client(retries=ONCE, limits=SMALL))
    assert isinstance(outcome.error, oc.TooLarge)
    assert peak() - before < 32 * MIB


@pytest.mark.parametrize(
    ("encoding", "body"), [("gzip", b"not packed"), ("br", b"x"), ("zstd", b"x"), ("gzip, gzip", b"x")]
)
async def test_packing_that_cannot_be_read(
    upstream: Upstream, make_client: MakeClient, encoding: str, body: bytes
) -> None:
    upstream.script([Send(head(content_encoding=encoding, content_length=len(body)) + body)])
    outcome = await read(make_client(retries=ONCE))
    assert isinstance(outcome.error, oc.UnexpectedAnswer)
    assert outcome.error.code == "bad_encoding"


async def test_tls_faults_are_told_and_not_retried(make_client: MakeClient, tmp_path: Path, upstream: Upstream) -> None:
    with Upstream(tls=certificate(tmp_path)) as secure:
        told: list[oc.Retry] = []
        outcome = await read(make_client(base_url=secure.url), on_retry=told.append)
        assert isinstance(outcome.error, oc.ConnectionFailed)
        assert (outcome.error.reason, outcome.error.retryable, told) == ("tls", False, [])
        assert "CERTIFICATE" in outcome.error.message.upper()
    outcome = await read(make_client(base_url=upstream.url.replace("http:", "https:")))
    assert isinstance(outcome.error, oc.ConnectionFailed)
    assert outcome.error.reason == "tls"


async def test_tls_works_with_a_trusted_certificate(make_client: MakeClient, tmp_path: Path) -> None:
    with Upstream(tls=certificate(tmp_path)) as secure:
        client = make_client(base_url=secure.url, transport=DirectTransport(verify=trusting(tmp_path)))
        for _ in range(2):
            outcome = await read(client, {**REQUEST, "model": "any-t500-r0"})
            assert (outcome.error, len(outcome.text)) == (None, 500 * 6)
        assert secure.connections == 1
        async with client.stream_chat({**REQUEST, "model": "any-h1-r0"}) as stream:
            await anext(stream)
        assert secure.requests[-1].closed.wait(5)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/v1", "refused"),
        ("http://no-such-host.invalid/v1", "dns"),
        ("ftp://127.0.0.1/v1", "bad_url"),
        ("http://", "bad_url"),
        ("http://[::1/v1", "bad_url"),
        ("http://127.0.0.1:99999/v1", "bad_url"),
        (f"http://{'a' * 80}.invalid/v1", "bad_url"),
    ],
)
async def test_addresses_that_do_not_work(make_client: MakeClient, url: str, reason: str) -> None:
    with pytest.raises(oc.ConnectionFailed) as caught:
        await make_client(base_url=url, retries=ONCE).models()
    assert caught.value.reason == reason
