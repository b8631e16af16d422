"""The transports: bare asyncio for the network, in process for ASGI applications, the stock one for proxies."""

from __future__ import annotations

import asyncio
import contextvars
import io
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

import openai_client as oc
from openai_client.transports import DirectTransport, StreamingASGITransport, default_transport
from tests.openai_client.support import ONCE, REQUEST, MakeClient, read
from tests.upstream import Close, Hang, Pause, Send, Upstream, done, head, json_answer, text_chunk

STOP = text_chunk(finish="stop")


async def fetched(transport: httpx.AsyncBaseTransport, url: str, **request: Any) -> tuple[int, bytes]:
    response = await transport.handle_async_request(httpx.Request(request.pop("method", "GET"), url, **request))
    return response.status_code, await response.aread()


# Direct


async def test_it_works_as_a_transport_of_httpx(upstream: Upstream) -> None:
    async with httpx.AsyncClient(transport=DirectTransport(), base_url=upstream.url) as client:
        answer = await client.get("/models")
        assert answer.json()["data"][0]["id"] == "any"
        assert (await client.post("/chat/completions", json={"model": "echo", "messages": []})).status_code == 200
        assert (await client.get("/models?a=b%20c")).status_code == 200
    assert upstream.requests[-1].query == "a=b%20c"
    assert upstream.requests[-1].headers["host"] == upstream.url.removeprefix("http://").removesuffix("/v1")


async def test_idle_connections_are_closed_after_a_while(upstream: Upstream) -> None:
    async with DirectTransport(keepalive_seconds=0.05) as transport:
        before = upstream.connections
        await fetched(transport, upstream.url + "/models")
        await fetched(transport, upstream.url + "/models")
        assert upstream.connections == before + 1
        await asyncio.sleep(0.3)
        assert not transport._open
        await fetched(transport, upstream.url + "/models")
        assert upstream.connections == before + 2


async def test_an_idle_connection_that_speaks_unasked_is_dropped(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        upstream.script([*json_answer({}), Pause(0.05), Send(b"HTTP/1.1 200 OK\r\n\r\n")], path="/models")
        await fetched(transport, upstream.url + "/models")
        await asyncio.sleep(0.3)
        assert not transport._open


async def test_bytes_after_an_answer_end_its_connection(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        upstream.script([Send(json_answer({})[0].data + b"surplus")], path="/models")  # type: ignore[union-attr]
        assert await fetched(transport, upstream.url + "/models") == (200, b"{}")
        await asyncio.sleep(0.05)
        assert not transport._open


async def test_not_more_than_a_hundred_idle_connections_are_kept(upstream: Upstream) -> None:
    async with DirectTransport() as transport:
        url = upstream.url + "/chat/completions"
        body = {"model": "any-t1-r0-d200", "messages": []}
        await asyncio.gather(*(fetched(transport, url, method="POST", json=body) for _ in range(120)))
        await asyncio.sleep(0.05)
        assert sum(map(len, transport._idle.values())) == 100


async def test_addresses_are_checked_before_they_are_connected_to(upstream: Upstream, make_client: MakeClient) -> None:
    seen: list[str] = []

    def forbid(address: str) -> None:
        seen.append(address)
        raise httpx.ConnectError("not allowed")

    for host in ("127.0.0.1", "localhost"):
        client = make_client(
            base_url=upstream.url.replace("127.0.0.1", host),
            transport=default_transport(check_address=forbid),
            retries=ONCE,
        )
        with pytest.raises(oc.ConnectionFailed):
            await client.models()
    assert seen[0] == "127.0.0.1"
    assert set(seen) <= {"127.0.0.1", "::1"}
    assert upstream.requests == []
    allowed = make_client(transport=default_transport(check_address=seen.append))
    await allowed.models()
    assert seen[-1] == "127.0.0.1"


async def test_the_next_address_is_tried_when_one_does_not_answer(
    upstream: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    port = httpx.URL(upstream.url).port
    rows = [(2, 1, 6, "", ("127.0.0.9", port)), (2, 1, 6, "", ("127.0.0.1", port))]

    async def two(*args: Any, **options: Any) -> Any:
        return rows

    monkeypatch.setattr(loop, "getaddrinfo", two)
    async with DirectTransport() as transport:
        status, _ = await fetched(transport, upstream.url.replace("127.0.0.1", "two.example") + "/models")
        assert status == 200
        rows.clear()
        with pytest.raises(httpx.ConnectError):
            await fetched(transport, "http://none.example/")


async def test_an_upload_that_is_refused_half_way_stops(upstream: Upstream) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 50_000
            await asyncio.sleep(0)

    async with DirectTransport() as transport:
        # The upstream answers as soon as it has what was promised; we go on sending more than that.
        upstream.script(json_answer({}, 413), path="/files")
        request = httpx.Request(
            "POST", upstream.url + "/files", content=endless(), headers={"Content-Length": "100000"}
        )
        response = await transport.handle_async_request(request)
        assert (response.status_code, await response.aread()) == (413, b"{}")
        assert not transport._idle.get(("http", "127.0.0.1", httpx.URL(upstream.url).port or 0))


async def test_an_upload_that_fails_on_our_side_comes_out(upstream: Upstream) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise OSError("disk")

    async with DirectTransport() as transport:
        with pytest.raises(OSError, match="disk"):
            await fetched(transport, upstream.url + "/files", method="POST", content=broken())


async def test_an_upload_without_a_known_length_goes_in_chunks(upstream: Upstream, client: oc.Client) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for number in range(3):
            yield b"%d" % number

    async with DirectTransport() as transport:
        upstream.script(json_answer({}), path="/files")
        assert (await fetched(transport, upstream.url + "/files", method="POST", content=pieces()))[0] == 200
    assert upstream.requests[0].body == b"1\r\n0\r\n1\r\n1\r\n1\r\n2\r\n0\r\n\r\n"


async def test_an_upload_that_moves_counts_as_life(upstream: Upstream, make_client: MakeClient) -> None:
    class Slow(io.BytesIO):
        """A file from a slow disk: the whole takes longer than the limit, no piece does."""

        def read(self, size: int | None = -1) -> bytes:
            time.sleep(0.1)
            return super().read(size)

    upstream.script(json_answer({"id": "f"}), path="/files")
    client = make_client(timeouts=oc.Timeouts(first_byte=2), retries=ONCE)
    file = await client.files_upload(oc.Upload("f", Slow(b"x" * 2_000_000)), "batch")
    assert file.id == "f"
    assert file.meta.timings.headers is not None
    assert file.meta.timings.headers > 2


async def test_a_client_works_again_in_another_event_loop(upstream: Upstream) -> None:
    transport = DirectTransport()

    def run() -> int:
        return asyncio.run(fetched(transport, upstream.url + "/models"))[0]

    async with oc.Client(upstream.url, transport=transport) as client:
        await client.models()
        before = upstream.connections
        assert await asyncio.to_thread(run) == 200
        assert upstream.connections == before + 1


# Stock


async def test_the_stock_transport_reads_the_same(upstream: Upstream, make_client: MakeClient) -> None:
    client = make_client(transport=httpx.AsyncHTTPTransport())
    assert (await read(client, {**REQUEST, "model": "any-t20-r0"})).text == "".join(f"w{n:04d} " for n in range(1, 21))
    upstream.script([Send(head(connection="close") + text_chunk("a")), Close()])
    assert isinstance((await read(client)).error, oc.BrokenOff)
    upstream.script([Hang()])
    timed = make_client(transport=httpx.AsyncHTTPTransport(), timeouts=oc.Timeouts(first_byte=0.2), retries=ONCE)
    assert isinstance((await read(timed)).error, oc.TimedOut)
    refused = make_client(base_url="http://127.0.0.1:1/v1", transport=httpx.AsyncHTTPTransport(), retries=ONCE)
    with pytest.raises(oc.ConnectionFailed):
        await refused.models()


async def test_a_proxy_is_reached_through_the_stock_transport(upstream: Upstream, make_client: MakeClient) -> None:
    proxied = default_transport(proxy=upstream.url.removesuffix("/v1"))
    assert isinstance(proxied, httpx.AsyncHTTPTransport)
    upstream.script(json_answer({"data": ["through"]}), path="/v1/models")
    client = make_client(base_url="http://model.example/v1", transport=proxied)
    assert [model.id for model in await client.models()] == ["through"]
    assert upstream.requests[0].path == "http://model.example/v1/models"


class Raising(httpx.AsyncBaseTransport):
    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (httpx.PoolTimeout("x"), oc.TimedOut),
        (httpx.ReadTimeout("x"), oc.TimedOut),
        (httpx.DecodingError("x"), oc.UnexpectedAnswer),
        (httpx.ProxyError("x"), oc.ConnectionFailed),
        (httpx.LocalProtocolError("x"), oc.ConnectionFailed),
        (httpx.InvalidURL("x"), oc.ConnectionFailed),
        (httpx.WriteError("x"), oc.BrokenOff),
        (httpx.StreamClosed(), oc.BrokenOff),
        (httpx.ConnectError("[Errno -2] Name or service not known"), oc.ConnectionFailed),
        (httpx.ConnectError("certificate verify failed"), oc.ConnectionFailed),
        (ConnectionResetError("x"), oc.BrokenOff),
    ],
)
async def test_every_fault_of_any_transport_becomes_one_of_ours(
    make_client: MakeClient, fault: Exception, kind: type[oc.OpenAIClientError]
) -> None:
    outcome = await read(make_client(transport=Raising(fault), retries=ONCE))
    assert type(outcome.error) is kind
    assert outcome.error.__cause__ is None


# ASGI


class App:
    """An application that says what it saw."""

    def __init__(self) -> None:
        self.gone = asyncio.Event()
        self.sent = 0
        self.scope: Any = None
        self.body = b""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        self.body = (await receive())["body"]
        path = scope["path"].rsplit("/", 1)[-1]
        if path == "raises":
            raise LookupError("secret detail")
        if path == "silent":
            await send({"type": "http.response.body", "body": b"before the start"})
            return
        if path == "waits":
            await self._wait(receive)
        await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Request-Id", b"r")]})
        await self._answer(path, receive, send)

    async def _answer(self, path: str, receive: Any, send: Any) -> None:
        async def say(piece: bytes) -> None:
            await send({"type": "http.response.body", "body": piece, "more_body": True})

        match path:
            case "breaks":
                await say(text_chunk("a"))
                raise LookupError("secret detail")
            case "half":
                await say(text_chunk("a"))
            case "endless":
                await self._flood(say)
            case "listens":
                await say(text_chunk("a"))
                await self._wait(receive)
            case _:
                if path == "twice":
                    await send({"type": "http.response.start", "status": 500})
                for piece in (text_chunk("a"), b"", STOP + done()):
                    await say(piece)
                await send({"type": "http.response.body"})
                await say(b"too late")

    async def _flood(self, say: Any) -> None:
        try:
            while True:
                await say(text_chunk("a"))
                self.sent += 1
        finally:
            self.gone.set()

    async def _wait(self, receive: Any) -> None:
        try:
            assert (await receive())["type"] == "http.disconnect"
        finally:
            self.gone.set()


@pytest.fixture
def app() -> App:
    return App()


def inside(app: App, make_client: MakeClient, path: str = "v1") -> oc.Client:
    return make_client(base_url=f"http://sandbox/{path}", transport=StreamingASGITransport(app), retries=ONCE)


def tasks() -> int:
    return len(asyncio.all_tasks())


async def test_an_application_in_process_is_an_upstream(app: App, make_client: MakeClient) -> None:
    before = tasks()
    outcome = await read(inside(app, make_client))
    assert (outcome.error, outcome.text, outcome.completion.meta.request_id) == (None, "a", "r")
    assert app.scope["path"] == "/v1/chat/completions"
    assert app.scope["headers"][0] == (b"host", b"sandbox")
    assert app.body.startswith(b'{"model":"m"')
    assert tasks() == before


@pytest.mark.parametrize("end", ["raises", "silent", "breaks", "half"])
async def test_an_application_that_breaks_is_an_upstream_that_breaks_off(end: str, app: App) -> None:
    before = tasks()
    transport = StreamingASGITransport(app)
    with pytest.raises(httpx.RemoteProtocolError) as caught:
        await fetched(transport, f"http://sandbox/{end}")
    assert "secret" not in str(caught.value)
    await asyncio.sleep(0)
    assert tasks() == before


async def test_what_an_application_says_twice_is_not_heard(app: App) -> None:
    status, body = await fetched(StreamingASGITransport(app), "http://sandbox/twice")
    assert (status, body) == (200, text_chunk("a") + STOP + done())


async def test_a_broken_application_keeps_the_text(app: App) -> None:
    response = await StreamingASGITransport(app).handle_async_request(httpx.Request("GET", "http://sandbox/breaks"))
    pieces = []
    with pytest.raises(httpx.RemoteProtocolError):
        async for piece in response.stream:  # type: ignore[union-attr]
            pieces.append(piece)
    assert pieces == [text_chunk("a")]


@pytest.mark.parametrize("path", ["endless", "listens"])
async def test_closing_is_a_hang_up_for_the_application(path: str, app: App) -> None:
    before = tasks()
    response = await StreamingASGITransport(app).handle_async_request(httpx.Request("GET", f"http://sandbox/{path}"))
    assert await anext(aiter(response.stream)) == text_chunk("a")  # type: ignore[arg-type]
    await response.aclose()
    assert app.gone.is_set()
    assert tasks() == before


async def test_an_application_waits_for_its_reader(app: App) -> None:
    transport = StreamingASGITransport(app, buffered_pieces=4)
    response = await transport.handle_async_request(httpx.Request("GET", "http://sandbox/endless"))
    await asyncio.sleep(0.05)
    assert app.sent <= 5
    await response.aclose()


async def test_cancelling_before_the_head_ends_the_application(app: App) -> None:
    before = tasks()
    transport = StreamingASGITransport(app)
    task = asyncio.create_task(transport.handle_async_request(httpx.Request("GET", "http://sandbox/waits")))
    await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert app.gone.is_set()
    assert tasks() == before


async def test_an_application_does_not_inherit_the_callers_context(make_client: MakeClient) -> None:
    secret = contextvars.ContextVar("secret", default="none")
    seen = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(secret.get())
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    secret.set("mine")
    await fetched(StreamingASGITransport(application), "http://sandbox/")
    assert seen == ["none"]


async def test_a_stream_over_asgi_arrives_piece_by_piece(make_client: MakeClient) -> None:
    go_on = asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200})
        await send({"type": "http.response.body", "body": text_chunk("a"), "more_body": True})
        await go_on.wait()
        await send({"type": "http.response.body", "body": STOP + done()})

    client = make_client(base_url="http://sandbox/v1", transport=StreamingASGITransport(application))
    async with client.stream_chat(REQUEST) as stream:
        assert await anext(stream) == oc.TextDelta(0, "a")
        go_on.set()
        assert [delta async for delta in stream] == [oc.ChoiceFinished(0, "stop")]
