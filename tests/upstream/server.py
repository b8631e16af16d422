"""The upstream's life: a thread with an event loop, started and stopped by `with`."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections import deque
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from tests.upstream.connection import Connection
from tests.upstream.records import Recorded
from tests.upstream.steps import Step


class Upstream:
    """See tests/upstream/__init__.py. `models` is what GET /v1/models lists; with `key` set, others get 401."""

    def __init__(self, *, models: Iterable[str] = ("any", "echo"), tls: ssl.SSLContext | None = None) -> None:
        self.models = list(models)
        self.key: str | None = None
        self.requests: list[Recorded] = []
        self.connections = 0
        self._scripts: deque[tuple[str, list[Step]]] = deque()
        self._tls = tls
        self._ready = threading.Event()
        self._port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._open: set[Connection] = set()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._main()), name="upstream", daemon=True)

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}/v1"

    def script(self, steps: Iterable[Step], path: str = "/chat/completions") -> None:
        """The next request whose path ends in `path` is answered by these steps instead."""
        self._scripts.append((path, list(steps)))

    def clear(self) -> None:
        """Forgets requests and scripts."""
        self.requests.clear()
        self._scripts.clear()

    def next_script(self, path: str) -> list[Step] | None:
        """Takes the script for a request, if one waits at the head of the queue."""
        if self._scripts and path.endswith(self._scripts[0][0]):
            return self._scripts.popleft()[1]
        return None

    def opened(self, connection: Connection) -> None:
        self.connections += 1
        self._open.add(connection)

    def lost(self, connection: Connection) -> None:
        self._open.discard(connection)

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(10):
            raise RuntimeError("the upstream did not start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loop is not None and self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _main(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        server = await self._loop.create_server(lambda: Connection(self), "127.0.0.1", 0, ssl=self._tls, backlog=1024)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(self._open):
            connection.abort()
        await asyncio.sleep(0)
