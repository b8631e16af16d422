"""Properties: any bytes, cut anywhere, end in a value or in one of our exceptions, and the cuts make no difference."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import openai_client as oc
from openai_client._chat import ChatReader
from tests.openai_client.support import ONCE, MakeClient, read
from tests.upstream import Close, Send, Upstream, chunk, done, head, sse, text_chunk

LIMITS = oc.SizeLimits(answer=200_000, text=60, line=50_000, choices=6, tool_calls=5)

texts = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["<think>", "</think>", "<|im_end|>", "</s>", "<", " ", "\n", "\ud83d", "\ude00", "你", "\u2028", "w1 "]
    ),
)
odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def fields(**known: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Objects with some of these keys, each as it should be or as anything else."""
    return st.fixed_dictionaries({}, optional={name: st.one_of(value, value, odd) for name, value in known.items()})


function = fields(name=texts, arguments=texts)
call = fields(index=st.integers(0, 3), id=texts, function=function, type=st.just("function"))
delta = fields(
    role=st.just("assistant"),
    content=texts,
    reasoning_content=texts,
    reasoning=texts,
    reasoning_details=st.lists(fields(text=texts, summary=texts), max_size=2),
    refusal=texts,
    tool_calls=st.lists(call, max_size=3),
    function_call=function,
)
choice = fields(
    index=st.integers(0, 3),
    delta=delta,
    message=delta,
    text=texts,
    finish_reason=st.none() | st.sampled_from(["stop", "length", "tool_calls", ""]),
    logprobs=fields(content=st.lists(odd, max_size=2)),
)
usage = fields(prompt_tokens=st.integers(), completion_tokens=st.integers(0), total_tokens=st.text(max_size=3))
error = fields(message=texts, code=texts | st.integers(390, 530), type=texts, param=texts)
plain = fields(id=texts, choices=st.lists(choice, min_size=1, max_size=2), usage=usage)
message = fields(
    id=texts, object=texts, created=st.integers(), model=texts, choices=st.lists(choice, max_size=3), usage=usage,
    error=error, detail=odd, message=texts, base_resp=odd, x_groq=odd, timings=odd,
)  # fmt: skip
chunks = st.builds(
    lambda text, index: {"choices": [{"index": index, "delta": {"content": text}}]}, texts, st.integers(0, 2)
)
line_ends = st.sampled_from([b"\n\n", b"\r\n\r\n", b"\r\r", b"\n", b"\r\n", b""])
prefixes = st.sampled_from(
    [b"data: ", b"data:", b"", b"event: error\ndata: ", b": ", b"id: 1\n", b"retry: 1\n\n", b"\xef\xbb\xbfdata: "]
)


def framed(value: Any, prefix: bytes, end: bytes, ascii_only: bool) -> bytes:
    raw = json.dumps(value, ensure_ascii=ascii_only, default=str)
    return prefix + raw.encode("utf-8", "surrogatepass") + end


good = st.builds(framed, chunks, st.just(b"data: "), st.sampled_from([b"\n\n", b"\r\n\r\n"]), st.booleans())
noise = st.one_of(
    st.builds(framed, message, prefixes, line_ends, st.booleans()),
    st.builds(framed, st.lists(message, max_size=2) | odd, prefixes, line_ends, st.booleans()),
    st.sampled_from([done(), b"data: [DONE]", b"<html><title>x</title>", b"\r", b"\n", b"{", b"]"]),
    st.binary(max_size=30),
)
events = st.one_of(
    good,
    good,
    st.builds(framed, plain, st.just(b"data: "), line_ends, st.booleans()),
    st.builds(framed, plain, prefixes, line_ends, st.booleans()),
    st.sampled_from([b": ping\n\n", b"\n", b"event: x\n", text_chunk(finish="stop")]),
    noise,
)
bodies = st.builds(
    lambda parts, end: b"".join(parts) + end, st.lists(events, max_size=14), st.sampled_from([b"", done()])
)


def outcome(pieces: list[bytes], **settings_: Any) -> tuple[Any, ...]:
    """What a reader makes of these pieces; the checks that hold for every answer."""
    reader = ChatReader(dialect=oc.Dialect(**settings_), limits=LIMITS, headers={})
    deltas: list[oc.Delta] = []
    for piece in pieces:
        deltas += reader.feed(piece)
        if reader.done:
            break
    else:
        deltas += reader.end()
    completion = reader.completion(oc.ResponseMeta())
    assert reader.done
    assert reader.end() == []
    assert reader.complete == (reader.error is None) == completion.complete
    for item in completion.choices:
        assert texts_of(deltas, item.index) == (item.reasoning, item.text)
    json.dumps(completion.extra, allow_nan=False).encode()
    repr(completion).encode()
    failure = reader.error
    if failure is not None:
        assert isinstance(failure, oc.OpenAIClientError)
        assert failure.code
        str(failure).encode()
        json.dumps(failure.details).encode()
    return deltas, completion, type(failure), failure and (failure.message, failure.code, failure.status)


def texts_of(deltas: list[oc.Delta], index: int) -> tuple[str, str]:
    text = reasoning = ""
    for item in deltas:
        if item.index != index:
            continue
        match item:
            case oc.TextDelta(_, piece):
                text += piece
            case oc.ReasoningDelta(_, piece):
                reasoning += piece
            case oc.TextWasReasoning():
                text, reasoning = "", reasoning + text
    return reasoning, text


def cut(body: bytes, places: list[int]) -> list[bytes]:
    ends = sorted([place % (len(body) + 1) for place in places] + [0, len(body)])  # doubles: empty pieces
    return [body[start:end] for start, end in pairwise(ends)]


slow = settings(suppress_health_check=[HealthCheck.too_slow])


@slow
@given(bodies, st.lists(st.integers(0, 100_000), max_size=8))
@example(b"\xef\xbb\xbfdata: {}\r", [1, 2])
@example(text_chunk("a") * 3 + text_chunk("b", finish="stop"), [5])
def test_whole_byte_by_byte_and_in_pieces_give_the_same(body: bytes, places: list[int]) -> None:
    whole = outcome([body])
    assert outcome([body[at : at + 1] for at in range(len(body))]) == whole
    assert outcome(cut(body, places)) == whole


@slow
@given(st.binary(max_size=300), st.lists(st.integers(0, 1000), max_size=5))
def test_plain_noise_too(body: bytes, places: list[int]) -> None:
    assert outcome(cut(body, places)) == outcome([body])


@slow
@given(bodies, st.booleans(), st.booleans())
def test_no_switch_makes_it_fail(body: bytes, tags: bool, markers: bool) -> None:
    outcome([body], think_tags=tags, end_markers=markers, cumulative_text=not tags)


@slow
@given(st.lists(st.tuples(texts, st.integers(0, 1), st.booleans()), max_size=30))
def test_the_short_cut_for_like_chunks_changes_nothing(pieces: list[tuple[str, int, bool]]) -> None:
    """Repeats against the full parse: blanks at the end of each line defeat the short cut."""

    def body(blanks: bool) -> bytes:
        found = []
        for number, (text, index, thinks) in enumerate(pieces):
            name = "reasoning_content" if thinks else "content"
            raw = json.dumps({"id": "x", "choices": [{"index": index, "delta": {name: text}, "finish_reason": None}]})
            found.append(b"data: " + raw.encode() + b" " * (number + 1 if blanks else 0) + b"\n\n")
        return b"".join(found) + done()

    assert outcome([body(False)]) == outcome([body(True)])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(body=bodies, pieces=st.lists(st.integers(0, 100_000), max_size=4), chunked=st.booleans())
async def test_the_same_over_a_real_connection(
    upstream: Upstream, make_client: MakeClient, body: bytes, pieces: list[int], chunked: bool
) -> None:
    parts = cut(body, pieces)
    if chunked:
        top = head(content_type="text/event-stream", transfer_encoding="chunked")
        upstream.script([Send(top), *[Send(chunk(part)) for part in parts if part], Send(b"0\r\n\r\n")])
    else:
        upstream.script([Send(head(connection="close")), *map(Send, parts), Close()])
    client = make_client(retries=ONCE, limits=LIMITS, timeouts=oc.Timeouts(first_byte=20, idle=20, total=30))
    seen = await read(client)
    deltas, completion, failure, facts = outcome([body])
    assert seen.deltas == deltas
    assert seen.completion.choices == completion.choices
    assert type(seen.error) is failure
    assert (seen.error and (seen.error.message, seen.error.code, seen.error.status)) == facts
    await client.aclose()


def test_the_whole_of_a_good_stream_is_one_of_these_outcomes() -> None:
    body = sse({"choices": [{"index": 0, "delta": {"content": "hi"}}]}) + text_chunk(finish="stop") + done()
    deltas, completion, failure, _ = outcome([body])
    assert deltas == [oc.TextDelta(0, "hi"), oc.ChoiceFinished(0, "stop")]
    assert (completion.complete, failure) == (True, type(None))
