"""What the tests of the client share: settings that do not wait, and reading a stream to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

import openai_client as oc

FAST = oc.Retries(base=0.001, maximum=0.002)
ONCE = oc.Retries(attempts=1)
REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "hi"}]}

MakeClient = Callable[..., oc.Client]
Answer = Callable[..., Any]


@dataclass
class Outcome:
    """What came of reading one stream."""

    deltas: list[oc.Delta]
    completion: oc.ChatCompletion
    error: oc.OpenAIClientError | None

    @property
    def choice(self) -> oc.Choice:
        return self.completion.choices[0]

    @property
    def text(self) -> str:
        return self.choice.text


async def read(client: oc.Client, request: dict[str, Any] | None = None, **settings: Any) -> Outcome:
    """Reads a stream to its end, whatever that is."""
    deltas: list[oc.Delta] = []
    error = None
    async with client.stream_chat(request or REQUEST, **settings) as stream:
        try:
            async for delta in stream:
                deltas.append(delta)
        except oc.OpenAIClientError as caught:
            error = caught
    return Outcome(deltas, stream.completion, error)


def close_after(top: bytes, body: bytes) -> bytes:
    """Head and body with an honest length."""
    return top[:-2] + b"Content-Length: %d\r\n\r\n" % len(body) + body


async def fetched(transport: httpx.AsyncBaseTransport, url: str, **request: Any) -> tuple[int, bytes]:
    response = await transport.handle_async_request(httpx.Request(request.pop("method", "GET"), url, **request))
    return response.status_code, await response.aread()


def parts(body: bytes, content_type: str) -> dict[str, tuple[str, bytes]]:
    """Multipart fields by name: their headers and content."""
    boundary = b"--" + content_type.partition("boundary=")[2].encode()
    found = {}
    for part in body.split(boundary)[1:-1]:
        top, _, content = part.strip(b"\r\n").partition(b"\r\n\r\n")
        name = top.decode().partition('name="')[2].partition('"')[0]
        found[name] = (top.decode(), content)
    return found
