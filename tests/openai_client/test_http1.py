"""The HTTP/1.1 parser against h11, the library that the stock transport uses."""

from __future__ import annotations

from itertools import pairwise

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openai_client._http1 import AnswerParser, MalformedError

Seen = tuple[int, list[tuple[bytes, bytes]], bytes, bool]


def ours(pieces: list[bytes]) -> Seen | None:
    """Status, headers, body and whether it ended well; None for what is refused."""
    parser = AnswerParser()
    body = b""
    try:
        for piece in pieces:
            body += b"".join(parser.feed(piece))
    except MalformedError:
        return None
    ended = parser.close()
    return parser.status, [(name.lower(), value) for name, value in parser.headers], body, ended


def theirs(data: bytes) -> Seen | None:
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method="GET", target="/", headers=[("Host", "x")]))
    connection.send(h11.EndOfMessage())
    status, headers, body, ended = 0, [], b"", False
    try:
        for piece in (data, b""):
            connection.receive_data(piece)
            while True:
                event = connection.next_event()
                match event:
                    case h11.InformationalResponse():
                        continue
                    case h11.Response():
                        status, headers = event.status_code, list(event.headers)
                    case h11.Data():
                        body += bytes(event.data)
                    case h11.EndOfMessage():
                        return status, headers, body, True
                    case _:
                        break
    except h11.RemoteProtocolError:
        return None if not status else (status, headers, body, False)
    return status, headers, body, ended


def cut(data: bytes, places: list[int]) -> list[bytes]:
    ends = sorted({place % (len(data) + 1) for place in places} | {0, len(data)})
    return [data[start:end] for start, end in pairwise(ends)]


chunk = st.binary(max_size=20).map(lambda data: b"%x\r\n%b\r\n" % (len(data), data) if data else b"")
chunked = st.lists(chunk).map(lambda parts: b"".join(parts) + b"0\r\n\r\n")
names = st.sampled_from([b"X-One", b"x-two", b"Content-Type", b"Connection", b"Retry-After"])
values = st.sampled_from([b"a", b"", b"close", b"keep-alive", b"\xe4 b", b"text/event-stream; x=1", b"  9 "])
heads = st.builds(
    lambda version, status, rest: (
        b"HTTP/1.%d %d X\r\n" % (version, status) + b"".join(b"%b: %b\r\n" % row for row in rest)
    ),
    st.integers(0, 1),
    st.sampled_from([200, 204, 304, 400, 429, 503]),
    st.lists(st.tuples(names, values), max_size=4),
)
good = st.one_of(
    st.builds(
        lambda top, body: top + b"Transfer-Encoding: chunked\r\n\r\n" + body,
        heads.filter(lambda h: b"1.1" in h),
        chunked,
    ),
    st.builds(lambda top, body: top + b"Content-Length: %d\r\n\r\n" % len(body) + body, heads, st.binary(max_size=40)),
    st.builds(lambda top, body: top + b"\r\n" + body, heads, st.binary(max_size=40)),
    st.builds(lambda top, body: b"HTTP/1.1 100 Go\r\n\r\n" + top + b"\r\n" + body, heads, st.binary(max_size=9)),
)


@given(good, st.lists(st.integers(0, 10_000), max_size=6))
def test_good_answers_are_read_as_h11_reads_them_whatever_the_cuts(data: bytes, places: list[int]) -> None:
    expected = theirs(data)
    assert expected is not None
    assert ours([data]) == expected
    assert ours(cut(data, places)) == expected
    assert ours([data[at : at + 1] for at in range(len(data))]) == expected


@given(
    good, st.integers(0, 10_000), st.binary(max_size=4), st.integers(0, 5), st.lists(st.integers(0, 10_000), max_size=4)
)
def test_damaged_answers_are_never_read_as_more_than_h11_reads(
    data: bytes, at: int, other: bytes, gone: int, places: list[int]
) -> None:
    at %= len(data) + 1
    damaged = data[:at] + other + data[at + gone :]
    seen = ours([damaged])
    assert ours(cut(damaged, places)) == seen
    expected = theirs(damaged)
    if seen is not None and seen[3] and expected is not None and expected[3]:
        assert seen == expected


@given(st.binary(max_size=200), st.lists(st.integers(0, 1000), max_size=4))
def test_noise_is_refused_or_read_alike_whatever_the_cuts(data: bytes, places: list[int]) -> None:
    assert ours(cut(data, places)) == ours([data])


@pytest.mark.parametrize(
    ("top", "keeps"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: Close\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n", False),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n", False),
        (b"HTTP/1.1 200 OK\r\n", False),
    ],
)
def test_which_connections_may_be_used_again(top: bytes, keeps: bool) -> None:
    parser = AnswerParser()
    parser.feed(top + b"\r\n")
    assert parser.keeps_alive == keeps


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5_0\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 2000,
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\n folded: no\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX : y\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n",
        b"HTTP/1.1 200 OK" + b"x" * 70_000,
    ],
)
def test_what_could_be_read_in_two_ways_is_refused(data: bytes) -> None:
    assert ours([data]) is None


def test_trailers_and_extensions_are_skipped() -> None:
    body = b"5;name=value\r\nhello\r\n0\r\nX-Trailer: 1\r\n\r\n"
    assert ours([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body]) == (
        200, [(b"transfer-encoding", b"chunked")], b"hello", True,
    )  # fmt: skip


def test_bytes_after_the_end_are_noticed() -> None:
    parser = AnswerParser()
    parser.feed(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1")
    assert parser.ended
    assert parser.surplus


def test_a_chunk_may_be_huge_without_being_gathered() -> None:
    parser = AnswerParser()
    parser.feed(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n")
    for _ in range(100):
        assert parser.feed(b"x" * 10_000) == [b"x" * 10_000]


def test_what_stood_before_a_fault_in_the_same_bytes_is_not_lost() -> None:
    parser = AnswerParser()
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with pytest.raises(MalformedError) as raised:
        parser.feed(head + b"4\r\nHalf\r\nzz\r\nnonsense\r\n")
    assert raised.value.pieces == [b"Half"]
