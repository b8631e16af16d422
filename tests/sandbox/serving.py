"""An ASGI app over HTTP/1.1 in a thread: bodies of both kinds in, chunks out, and hanging up is passed on."""

import asyncio
import contextlib
import threading
from typing import Any, Self


class Served:
    """Serves an app at a free port of this machine.

    with Served(app) as served:
        served.url  # http://127.0.0.1:PORT
    """

    def __init__(self, app: Any) -> None:
        self._app = app
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.url = ""

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    @property
    def open_requests(self) -> int:
        """How many connections are being served."""
        return len(self._tasks)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._connected, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._ready.set()
        self._loop.run_forever()
        for task in self._tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*self._tasks, return_exceptions=True))
        server.close()
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
                await _Exchange(self._app, reader, writer).run()
        finally:
            writer.close()
            self._tasks.discard(task)


class _Exchange:
    """One connection, one request: the answer says so and closes it."""

    def __init__(self, app: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._app, self._reader, self._writer = app, reader, writer
        self._left: int | None = 0  # bytes of the body, None for chunks
        self._read_all = False

    async def run(self) -> None:
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *rest = head.rstrip("\r\n").split("\r\n")
        method, target, _ = line.split(" ")
        headers = [(name.lower().strip().encode(), value.strip().encode("latin-1")) for name, _, value in
                   (one.partition(":") for one in rest)]  # fmt: skip
        given = dict(headers)
        self._left = None if given.get(b"transfer-encoding") == b"chunked" else int(given.get(b"content-length", b"0"))
        path, _, query = target.partition("?")
        scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "root_path": "",
                 "scheme": "http", "headers": headers}  # fmt: skip
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> dict[str, Any]:
        if self._read_all:
            with contextlib.suppress(ConnectionError):  # hanging up with unread data is a reset
                while await self._reader.read(4096):
                    pass
            return {"type": "http.disconnect"}
        if self._left is None:
            length = int(await self._reader.readline(), 16)
            piece = (await self._reader.readexactly(length + 2))[:-2]
            self._read_all = not length
        else:
            piece = await self._reader.read(min(self._left, 65536)) if self._left else b""
            self._left -= len(piece)
            self._read_all = not self._left
        return {"type": "http.request", "body": piece, "more_body": not self._read_all}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            lines = [b"HTTP/1.1 %d OK" % message["status"], b"connection: close"]
            lines += [name + b": " + value for name, value in message["headers"]]
            self._writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
        else:
            self._writer.write(message["body"])
        await self._writer.drain()
