"""A chat while it streams: the network on one side, an async iterator of deltas on the other."""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType
from typing import Self

from openai_client import _json
from openai_client._call import Call, OnRetry, Setup
from openai_client._chat import ChatReader
from openai_client._deltas import ChoiceFinished, Delta
from openai_client._http import Answer, Request
from openai_client._secret import masked
from openai_client._values import ChatCompletion, ResponseMeta, Sent
from openai_client.exceptions import OpenAIClientError

TAIL = 10.0  # seconds for usage and [DONE] after the finish reason, on servers that then leave the stream open
PATIENCE = 0.05  # seconds for a body to end after [DONE], so that its connection can be used again


class ChatStream:
    """Iterate over it for deltas; `completion` is what has arrived so far, at any moment, also after an exception.

    Use it as `async with client.stream_chat(...) as stream`. Entering does not touch the network; leaving, or
    cancelling the task, closes the upstream connection at once. Only one task may read.
    """

    def __init__(self, setup: Setup, request: Request, on_retry: OnRetry | None) -> None:
        self._setup = setup
        self._request = request
        self._on_retry = on_retry
        self._call: Call | None = None
        self._answer: Answer | None = None
        self._reader = self._new_reader()
        self._meta = ResponseMeta()
        self._ready: deque[Delta] = deque()
        self._phase = "first_byte"
        self._wanted = _json.as_int((request.body or {}).get("n"), 1, setup.limits.choices) or 1
        self._tail = False  # every choice has ended
        self._begun = False  # a delta came: from now on nothing is retried
        self._over = False
        self._final: OpenAIClientError | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Delta:
        while not self._ready:
            if self._over:
                await self._leave()
                raise StopAsyncIteration
            await self._fill()
        return self._ready.popleft()

    async def batch(self) -> list[Delta]:
        """All deltas that are there, or else those that the next bytes bring; [] at the end.

        Cheaper than one at a time when a server sends many at once. Raises what iterating raises.
        """
        while not self._ready:
            if self._over:
                await self._leave()
                return []
            await self._fill()
        ready = list(self._ready)
        self._ready.clear()
        return ready

    async def aclose(self) -> None:
        """Hangs up. What has arrived stays in `completion`."""
        patience = PATIENCE if self._reader.complete else 0.0
        self._over = True
        self._final = None
        self._ready.clear()
        if self._call is not None:
            await self._call.close(patience)
            self._call.over()

    @property
    def completion(self) -> ChatCompletion:
        """The answer as far as it came. Joins all pieces: ask for it at the end or now and then, not per delta."""
        return self._reader.completion(self._call.meta(self._answer) if self._call else self._meta)

    @property
    def sent(self) -> Sent | None:
        """The request as it left last; None while none has."""
        return self._call.sent if self._call else None

    @property
    def edges(self) -> tuple[str, ...]:
        """The first message of the answer and its last few that said more than text, as they came; secrets masked."""
        return self._reader.edges

    def masked(self, value: object) -> object:
        """A JSON value whose texts hold none of this client's secrets, and nothing that looks like a key."""
        return masked(value, self._setup.wire.secrets)

    async def _fill(self) -> None:
        """Gets the next bytes, or opens the answer first, and notes what they mean."""
        if self._call is None:
            self._call = Call(self._setup, self._request, self._on_retry)
        if self._answer is None:
            try:
                self._answer = await self._call.open()
            except OpenAIClientError as error:
                self._end(error)
                return
            self._reader = self._new_reader()
            self._phase = "first_byte"
        reader = self._reader
        try:
            piece = await (self._last_words(self._answer) if self._tail else self._answer.read(self._phase))
        except OpenAIClientError as error:
            deltas = reader.end(error)
        else:
            if self._phase != "idle" and piece:
                self._phase = "idle"
                self._call.note("first_byte")
            deltas = reader.feed(piece) if piece else reader.end()
        if deltas:
            self._came(deltas, self._call)
        if reader.done:
            await self._finished(self._call)

    def _came(self, deltas: list[Delta], call: Call) -> None:
        if not self._begun:
            self._begun = True
            call.note("first_delta")
        self._ready.extend(deltas)
        if self._tail or isinstance(deltas[-1], ChoiceFinished):
            self._tail = self._reader.ending(self._wanted)

    async def _last_words(self, answer: Answer) -> bytes:
        """The next bytes after every choice has ended; b"" also when nothing comes for a while."""
        try:
            async with asyncio.timeout(TAIL):
                return await answer.read(self._phase)
        except TimeoutError:
            return b""

    async def _finished(self, call: Call) -> None:
        """The reader wants no more: the answer is whole, or broke, in which case it may be tried again."""
        error = self._reader.error
        if error is None:
            call.note("end")
            self._over = True
        elif self._begun:
            self._end(error)
            await call.close()
        else:
            try:
                await call.recover(error)
            except OpenAIClientError as final:
                self._end(final)
            else:
                self._answer = None

    async def _leave(self) -> None:
        """All was given out: lets the connection go and raises, once, what ended the answer."""
        if self._call is not None:
            await self._call.close(PATIENCE if self._reader.complete else 0.0)
            self._call.over()
        final, self._final = self._final, None
        if final is not None:
            raise final

    def _end(self, error: OpenAIClientError) -> None:
        if error.request_id is None and self._answer is not None:
            error.request_id = self._answer.request_id
        if self._call is not None:
            error.attempts = self._call.attempt
        self._over = self._reader.done = True
        self._reader.error = self._final = error

    def _new_reader(self) -> ChatReader:
        return ChatReader(
            dialect=self._setup.dialect,
            limits=self._setup.limits,
            headers=self._answer.headers if self._answer else {},
            secrets=self._setup.wire.secrets,
            streamed=self._request.stream,
        )
