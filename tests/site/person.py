"""A person with a browser's means: cookies, the CSRF header, websockets. Knows docs/protocol.md and nothing else."""

import asyncio
import contextlib
import json
import uuid
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

if TYPE_CHECKING:
    from tests.site.process import Site

CSRF = "c" * 32
SAME = "the site's own"
PATIENCE = 20.0  # seconds that anything may take on a busy machine before a test gives up
ACKNOWLEDGE_BYTES = 256 * 1024
ACKNOWLEDGE_SECONDS = 0.5
Json = dict[str, Any]


class Person:
    """Somebody who uses the site; `name` is empty for a stranger."""

    def __init__(self, site: "Site", name: str, session: str) -> None:
        self.site, self.name, self.session = site, name, session

    @property
    def cookies(self) -> dict[str, str]:
        return {"csrftoken": CSRF, **({"sessionid": self.session} if self.session else {})}

    def http(self, **headers: str) -> httpx.AsyncClient:
        """An HTTP client that behaves like a script on a page."""
        return httpx.AsyncClient(
            base_url=self.site.url,
            cookies=self.cookies,
            headers={"X-CSRFToken": CSRF, "Accept": "application/json", **headers},
            timeout=PATIENCE,
            trust_env=False,
            verify=False,  # there is no TLS; to read every root certificate would cost 25 ms for each request
        )

    async def post(self, path: str, **fields: Any) -> httpx.Response:
        """Send a command as JSON."""
        async with self.http() as http:
            return await http.post(path, json=fields)

    async def get(self, path: str, **headers: str) -> httpx.Response:
        """Fetch a page or an object."""
        async with self.http(**headers) as http:
            return await http.get(path)

    async def begin(self, text: str, **fields: Any) -> Json:
        """A new conversation with its first message: the answer to the command."""
        response = await self.post("/c/", client_id=str(uuid.uuid4()), text=text, **fields)
        assert response.status_code == 201, response.text
        return response.json()

    async def send(self, conversation: str, text: str, **fields: Any) -> Json:
        """Another message."""
        path = f"/c/{conversation}/messages/"
        response = await self.post(path, **{"client_id": str(uuid.uuid4()), "text": text, **fields})
        assert response.status_code == 201, response.text
        return response.json()

    @contextlib.asynccontextmanager
    async def watch(self, path: str, origin: str | None = SAME) -> AsyncIterator["Socket"]:
        """A websocket, as a page of the site opens it."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        address = self.site.url.replace("http", "ws", 1) + path
        async with connect(
            address,
            origin=self.site.url if origin == SAME else origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            max_size=None,
            proxy=None,
        ) as connection:
            yield Socket(connection)

    async def talk(self, conversation: str, *texts: str, **fields: Any) -> None:
        """Send these messages one after the other, each when the last one is answered."""
        async with self.watch(f"/ws/c/{conversation}/") as socket, self.http() as http:
            await socket.until_quiet()
            for text in texts:
                sent = {"client_id": str(uuid.uuid4()), "text": text, **fields}
                response = await http.post(f"/c/{conversation}/messages/", json=sent)
                assert response.status_code == 201, response.text
                await socket.until("run.finished")

    async def answer(self, conversation: str) -> Json:
        """The end of the shown branch once nothing is being written, seen through a socket of its own."""
        async with self.watch(f"/ws/c/{conversation}/") as socket:
            await socket.until_quiet()
            return socket.messages[-1]


class Socket:
    """Receives frames and keeps the state that docs/protocol.md says they make."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.frames: list[Json] = []
        self.messages: list[Json] = []
        self.beside: list[Json] = []  # as the last snapshot had it
        self.runs: dict[str, Json] = {}
        self.faults: list[str] = []
        self.acknowledges = True
        self._unseen = 0

    async def receive(self) -> Json:
        """The next frame, applied."""
        async with asyncio.timeout(PATIENCE):
            while (text := await self._came()) is None:
                self._unseen = 0
                await self.say(type="seen", run=None)
        frame: Json = json.loads(text)
        self._unseen += len(text)
        if self.acknowledges and self._unseen > ACKNOWLEDGE_BYTES:
            self._unseen = 0
            await self.say(type="seen", run=None)
        self.frames.append(frame)
        self._apply(frame)
        return frame

    async def _came(self) -> Any:
        """What came; None when much was read, nothing came for a while, and it is time to say so: docs/protocol.md."""
        soon = ACKNOWLEDGE_SECONDS if self.acknowledges and self._unseen > ACKNOWLEDGE_BYTES // 8 else None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(soon):
                return await self.connection.recv()
        return None

    async def say(self, **frame: Any) -> None:
        """Send a frame."""
        await self.connection.send(json.dumps(frame))

    async def until(self, *types: str) -> Json:
        """Receive until a frame of one of these types."""
        while True:
            frame = await self.receive()
            if frame["type"] in types:
                return frame

    async def until_quiet(self) -> None:
        """Receive until no run is live."""
        if not self.frames:
            await self.receive()
        while self.runs:
            await self.receive()

    async def until_text(self, length: int) -> str:
        """Receive until the last message has this many characters."""
        while len(self.text) < length:
            await self.receive()
        return self.text

    async def close_code(self) -> int | None:
        """Receive until the other side closes; its code."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                await self.receive()
        return self.connection.close_code

    @property
    def text(self) -> str:
        """The last message's text."""
        return text_of(self.messages[-1]) if self.messages else ""

    def _apply(self, frame: Json) -> None:
        match frame["type"]:
            case "conversation.snapshot":
                self.messages, self.beside = frame["messages"], frame["beside"]
                self.runs = {run["id"]: run for run in frame["runs"]}
            case "message.created" | "message.updated":
                message = frame["message"]
                known = self._message(message["id"])
                if known is None:
                    self.messages.append(message)
                else:
                    known.update(message)
            case "run.started" | "run.updated":
                if frame["run"]["seq"] < self.runs.get(frame["run"]["id"], {"seq": 0})["seq"]:
                    self.faults.append(f"{frame['type']} with older counters")
                self.runs[frame["run"]["id"]] = frame["run"]
            case "message.delta":
                self._delta(frame, "seq", "text")
            case "reasoning.delta":
                self._delta(frame, "reasoning_seq", "reasoning")
            case "run.finished" | "run.failed":
                self._ended(frame)

    def _delta(self, frame: Json, counter: str, kind: str) -> None:
        message = self._message(frame["message"])
        if message is None:
            return  # on a branch that is not shown
        run = self.runs.get(frame["run"])
        if run is None or frame[counter] <= run[counter]:
            self.faults.append(f"stale {frame['type']} {frame[counter]}")
            return
        if frame[counter] != run[counter] + 1:
            self.faults.append(f"hole before {frame['type']} {frame[counter]}")
        run[counter] = frame[counter]
        parts = message["parts"]
        kinds = (kind, "refusal") if kind == "text" else (kind,)
        if not parts or parts[-1]["type"] not in kinds:
            parts.append({"type": kind, "text": ""})
        parts[-1]["text"] += frame["text"]

    def _ended(self, frame: Json) -> None:
        self.runs.pop(frame["run"], None)
        message = self._message(frame["message"])
        if message is None:
            return
        message["status"] = frame["status"]
        message["error"] = frame.get("error")
        message["cost"], message["cost_marks"] = frame["cost"], frame["cost_marks"]
        if frame["type"] == "run.finished":
            message |= {name: frame[name] for name in ("finish_reason", "usage", "left_out")}
        if "length" in frame and len(text_of(message)) != frame["length"]:
            self.faults.append(f"length {len(text_of(message))} is not {frame['length']}")

    def _message(self, message_id: str) -> Json | None:
        return next((message for message in [*self.messages, *self.beside] if message["id"] == message_id), None)


def text_of(message: Json) -> str:
    """A message's text parts, a refusal included, joined."""
    return "".join(part["text"] for part in message["parts"] if part["type"] in ("text", "refusal"))
