"""The transport into an ASGI application in process: streaming, back-pressure, hang-ups and break-offs."""

from __future__ import annotations

import asyncio
import contextvars
import io
from typing import Any

import httpx
import pytest

import openai_client as oc
from openai_client.transports import StreamingASGITransport
from tests.openai_client.support import ONCE, REQUEST, MakeClient, fetched, read
from tests.upstream import done, text_chunk

STOP = text_chunk(finish="stop")


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


async def test_a_file_from_disk_is_taken_as_the_application_reads_it(make_client: MakeClient) -> None:
    content = bytes(range(256)) * 4000
    pieces: list[bytes] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        more = True
        while more:
            message = await receive()
            pieces.append(message["body"])
            more = message["more_body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"id": "f"}'})

    client = make_client(transport=StreamingASGITransport(app))
    assert (await client.files_upload(oc.Upload("big.bin", io.BytesIO(content)), "user_data")).id == "f"
    assert content in b"".join(pieces)
    assert max(map(len, pieces)) <= 64 * 1024
