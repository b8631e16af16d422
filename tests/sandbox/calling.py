"""Calling an ASGI app in process: a request in, the whole answer or its pieces out, and hanging up in the middle."""

import asyncio
import collections.abc
import dataclasses
import json
from typing import Any


@dataclasses.dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The error of OpenAI's envelope, which must have its four fields and nothing else."""
        assert set(self.json) == {"error"}
        assert set(self.json["error"]) == {"message", "type", "param", "code"}
        return self.json["error"]

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events of a stream that ended well, without the end marker."""
        blocks = self.body.decode().split("\n\n")
        assert blocks[-2:] == ["data: [DONE]", ""]
        return [json.loads(block.removeprefix("data: ")) for block in blocks[:-2]]

    @property
    def text(self) -> str:
        """The text of the first choice, streamed or not."""
        if "event-stream" not in self.headers["content-type"]:
            return self.json["choices"][0]["message"]["content"]
        choices = [choice for event in self.events for choice in event["choices"] if choice["index"] == 0]
        return "".join(choice["delta"].get("content") or "" for choice in choices)


class Call:
    """One request to an app; pieces arrive in a queue, and the app waits while it holds `room` of them."""

    def __init__(self, app: Any, method: str, path: str, body: bytes, headers: dict[str, str], **scope: Any) -> None:
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(scope.pop("room", 0))
        self.started: asyncio.Future[tuple[int, dict[str, str]]] = asyncio.get_running_loop().create_future()
        self.hung_up = asyncio.Event()
        self._body = [body[place : place + 65536] for place in range(0, len(body), 65536)] or [b""]
        path, _, query = path.partition("?")
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        self._scope = {
            "type": "http", "method": method, "path": path, "query_string": query.encode(), "root_path": "",
            "scheme": "http", "headers": raw, **scope,
        }  # fmt: skip
        self.task = asyncio.ensure_future(app(self._scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._body:
            piece = self._body.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self._body)}
        await self.hung_up.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = {name.decode(): value.decode() for name, value in message["headers"]}
            self.started.set_result((message["status"], headers))
        else:
            if message["body"]:
                await self.pieces.put(message["body"])
            if not message["more_body"]:
                await self.pieces.put(None)

    async def answer(self) -> Answer:
        """Wait for the whole answer."""
        await self.task
        status, headers = await self.started
        found = []
        while (piece := self.pieces.get_nowait()) is not None:
            found.append(piece)
        return Answer(status, headers, b"".join(found))


class Door:
    """Calls one app."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def call(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, **scope: Any
    ) -> Call:
        """Begin a request; body is bytes, or a value that goes as JSON."""
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        given = headers if headers is not None else {"content-type": "application/json"}
        return Call(self.app, method, path, raw, {"host": "sandbox.test", **given}, **scope)

    async def get(self, path: str, **given: Any) -> Answer:
        """GET."""
        return await self.call("GET", path, **given).answer()

    async def delete(self, path: str) -> Answer:
        """DELETE."""
        return await self.call("DELETE", path).answer()

    async def post(self, path: str, body: Any, **given: Any) -> Answer:
        """POST."""
        return await self.call("POST", path, body, **given).answer()

    async def chat(self, text: str | list[Any], model: str = "sandbox-guide", **fields: Any) -> Answer:
        """Ask a chat model one question, or with a list of messages a whole conversation."""
        messages = [{"role": "user", "content": text}] if isinstance(text, str) else text
        return await self.post("/v1/chat/completions", {"model": model, "messages": messages, **fields})

    async def form(self, path: str, fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> Answer:
        """POST a form; files are name -> (file name, bytes)."""
        parts = [b'name="%s"\r\n\r\n%s' % (name.encode(), value.encode()) for name, value in fields.items()]
        for name, (filename, data) in files.items():
            head = f'name="{name}"; filename="{filename}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            parts.append(head.encode() + data)
        body = b"".join(b"--b0undary\r\nContent-Disposition: form-data; %s\r\n" % part for part in parts)
        headers = {"content-type": "multipart/form-data; boundary=b0undary"}
        return await self.post(path, body + b"--b0undary--\r\n", headers=headers)


Documents = collections.abc.Mapping[str, str]
