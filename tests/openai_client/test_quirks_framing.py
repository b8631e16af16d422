"""Event stream framing: quirks section 1, row by row, over a real connection."""

from __future__ import annotations

import json
import threading

import pytest

import openai_client as oc
from tests.openai_client.support import Answer, MakeClient, read
from tests.upstream import Close, Hang, Pause, Send, Trickle, Upstream, WaitFor, chunk, done, head, sse, text_chunk

STOP = text_chunk(finish="stop")
HELLO = text_chunk("Hel") + text_chunk("lo") + STOP + done()
WHOLE = {"id": "x", "choices": [{"index": 0, "message": {"content": "Hello"}, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    ("quirk", "body"),
    [
        ("1.1 OpenRouter comment", b": OPENROUTER PROCESSING\n\n" + HELLO),
        ("1.1 bare colon", b":\n\n:\n" + HELLO),
        ("1.1 ping between", text_chunk("Hel") + b": ping\n\n" + text_chunk("lo") + STOP + done()),
        ("1.2 comment as data", b"data: : OPENROUTER PROCESSING\n\n" + HELLO),
        ("1.2 text as data", b"data: keep-alive\n\n" + HELLO),
        ("1.3 comment after an id", b"id: 1\n" + text_chunk("Hel") + b": c\n\n" + text_chunk("lo") + STOP + done()),
        ("1.4 retry only", b"retry: 3000\n\n" + HELLO),
        ("1.4 id only", b"id: 7\n\n" + HELLO),
        ("1.4 event only", b"event: ping\n\n" + HELLO),
        ("1.4 empty data", b"data:\n\ndata: \n\ndata\n\n" + HELLO),
        ("1.5 ping with JSON", sse({"type": "ping"}) + b"event: ping\ndata: {}\n\n" + HELLO),
        ("1.5 ping with an empty string", sse(b'""') + b"event: ping\ndata: null\n\n" + HELLO),
        ("1.6 CRLF", HELLO.replace(b"\n", b"\r\n")),
        ("1.6 CR", HELLO.replace(b"\n", b"\r")),
        ("1.6 mixed", HELLO.replace(b"\n\n", b"\r\n\n", 1)),
        ("1.8 no blank after data:", HELLO.replace(b"data: ", b"data:")),
        ("1.8 several data lines", b'data: {"choices":\ndata: [{"index":0,"delta":{"content":"Hello"}}]}\n\n' + done()),
        ("1.8 no blank lines between", HELLO.replace(b"\n\n", b"\n")),
        ("1.11 BOM", b"\xef\xbb\xbf" + HELLO),
        ("1.11 BOM and comment", b"\xef\xbb\xbf: hi\n\n" + HELLO),
        ("1.12 [DONE] without line end", HELLO.rstrip(b"\n")),
        ("1.12 [DONE] without blank", HELLO.replace(b"data: [DONE]", b"data:[DONE]")),
        ("1.12 last event without blank line", (text_chunk("Hello") + STOP).rstrip(b"\n")),
        ("1.13 no [DONE]", text_chunk("Hello") + STOP),
        ("1.13 several [DONE]", HELLO + done() + done()),
        ("1.13 junk after [DONE]", HELLO + text_chunk("more") + b"nonsense"),
    ],
)
async def test_framing_gives_the_whole_answer(answer: Answer, quirk: str, body: bytes) -> None:
    outcome = await answer(body)
    assert outcome.error is None, quirk
    assert outcome.text == "Hello", quirk
    assert outcome.completion.complete, quirk
    assert outcome.choice.finish_reason == "stop", quirk


@pytest.mark.parametrize(
    ("quirk", "content_type", "body"),
    [
        ("1.15 SSE called JSON", "application/json", HELLO),
        ("1.15 SSE called text", "text/plain", HELLO),
        ("1.15 no type", "", HELLO),
        ("1.16 whole JSON", "application/json", json.dumps(WHOLE).encode()),
        ("1.15 JSON called SSE", "text/event-stream", json.dumps(WHOLE).encode()),
        ("1.16 whole JSON over lines", "application/json", json.dumps(WHOLE, indent=2).encode()),
        ("1.16 whole JSON with CRLF", "application/json", json.dumps(WHOLE, indent=2).encode().replace(b"\n", b"\r\n")),
        ("1.17 blank lines first", "application/json", b"\n\n \n\n" + json.dumps(WHOLE).encode() + b"\n\n"),
        ("1.11 BOM before JSON", "application/json", b"\xef\xbb\xbf" + json.dumps(WHOLE).encode()),
        ("6.7 bare JSON lines", "application/x-ndjson", HELLO.replace(b"data: ", b"").replace(b"[DONE]\n", b"")),
        ("6.14 octet-stream", "application/octet-stream", json.dumps(WHOLE).encode()),
        ("1.16 an array of one", "application/json", json.dumps([WHOLE]).encode()),
    ],
)
async def test_the_first_bytes_decide_not_the_content_type(
    answer: Answer, quirk: str, content_type: str, body: bytes
) -> None:
    outcome = await answer(body, content_type=content_type)
    assert outcome.error is None, quirk
    assert (outcome.text, outcome.completion.complete) == ("Hello", True), quirk


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c"])
async def test_1_7_other_line_separators_do_not_cut(answer: Answer, separator: str) -> None:
    raw = json.dumps({"choices": [{"index": 0, "delta": {"content": f"a{separator}b"}}]}, ensure_ascii=False)
    outcome = await answer(sse(raw.encode()) + STOP + done())
    assert outcome.text == f"a{separator}b"


async def test_1_9_characters_cut_by_the_network_stay_whole(upstream: Upstream, client: oc.Client) -> None:
    body = sse(json.dumps({"choices": [{"index": 0, "delta": {"content": "你好🙂é"}}]}, ensure_ascii=False).encode())
    steps = [Send(head(content_type="text/event-stream", connection="close")), Trickle(body + STOP + done()), Close()]
    upstream.script(steps)
    outcome = await read(client)
    assert (outcome.text, outcome.error) == ("你好🙂é", None)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([rb'"\ud83d"', rb'"\ude42"'], "🙂"),  # half surrogates, one per token
        ([rb'"a\ud83d"', rb'"b"'], "a\ufffdb"),  # a half that stays alone
        ([rb'"a"', rb'"\ude42"'], "a\ufffd"),
        ([b'"\xe4\xbd"', b'"\xa0"'], "你"),  # half characters as raw bytes
        ([b'"\xf0\x9f"', b'"\x99"', b'"\x82!"'], "🙂!"),
        ([b'"a\xff"', b'"b"'], "a\ufffdb"),
        ([b'"\xed\xa0\xbd\xed\xb9\x82"'], "🙂"),  # a pair, each half in UTF-8
        ([rb'"a\u0000b"'], "a\ufffdb"),  # what PostgreSQL would refuse
        ([rb'"\ud83d"'], "\ufffd"),
    ],
)
async def test_1_10_halves_are_joined_and_leftovers_replaced(
    answer: Answer, pieces: list[bytes], expected: str
) -> None:
    events = [sse(b'{"choices":[{"index":0,"delta":{"content":' + piece + b"}}]}") for piece in pieces]
    outcome = await answer(b"".join(events) + STOP + done())
    assert outcome.text == expected
    assert "".join(delta.text for delta in outcome.deltas if isinstance(delta, oc.TextDelta)) == expected
    outcome.text.encode()


async def test_1_6_cr_and_lf_may_be_cut_apart(upstream: Upstream, client: oc.Client) -> None:
    body = HELLO.replace(b"\n", b"\r\n")
    upstream.script([Send(head(content_type="text/event-stream", connection="close")), Trickle(body), Close()])
    assert (await read(client)).text == "Hello"


async def test_1_14_a_stream_left_open_after_done_is_closed_by_us(upstream: Upstream, client: oc.Client) -> None:
    upstream.script([Send(head(content_type="text/event-stream") + HELLO), Hang()])
    outcome = await read(client)
    assert (outcome.text, outcome.completion.complete) == ("Hello", True)
    assert upstream.requests[0].closed.wait(5)


async def test_1_14_a_stream_left_open_after_an_error_is_closed_by_us(upstream: Upstream, client: oc.Client) -> None:
    upstream.script(
        [Send(head(content_type="text/event-stream") + text_chunk("a") + sse({"error": {"message": "no"}})), Hang()]
    )
    outcome = await read(client)
    assert isinstance(outcome.error, oc.APIError)
    assert outcome.text == "a"
    assert upstream.requests[0].closed.wait(5)


async def test_1_18_long_lines_are_read(answer: Answer) -> None:
    outcome = await answer(text_chunk("x" * 3_000_000) + STOP + done())
    assert len(outcome.text) == 3_000_000


async def test_text_arrives_as_it_is_sent_not_at_the_end(upstream: Upstream, client: oc.Client) -> None:
    go_on = threading.Event()
    top = head(content_type="text/event-stream", transfer_encoding="chunked")
    upstream.script([Send(top + chunk(text_chunk("a"))), WaitFor(go_on), Send(chunk(STOP + done()) + b"0\r\n\r\n")])
    async with client.stream_chat({"model": "m"}) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        assert not stream.completion.complete
        assert stream.completion.incomplete_reason == "unfinished"
        go_on.set()
        assert [delta async for delta in stream] == [oc.ChoiceFinished(0, "stop")]
    assert stream.completion.complete


async def test_bare_json_lines_arrive_as_they_are_sent(upstream: Upstream, make_client: MakeClient) -> None:
    go_on = threading.Event()
    line = json.dumps({"choices": [{"index": 0, "delta": {"content": "a"}}]}).encode() + b"\n"
    upstream.script([Send(head(connection="close") + line), WaitFor(go_on), Pause(0), Send(line), Close()])
    async with make_client().stream_chat({"model": "m"}) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        go_on.set()
        with pytest.raises(oc.BrokenOff):
            await anext(stream)
            await anext(stream)
