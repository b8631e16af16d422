"""Pictures while they come: the network on one side, an async iterator of pictures in files on the other."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from openai_client._call import Call, OnRetry, Setup
from openai_client._http import Answer, Request
from openai_client._pictures import ImageAnswer, ImageReader, PartialPicture, Picture, Spool
from openai_client.exceptions import OpenAIClientError

PATIENCE = 0.05  # seconds for a body to end after its last picture, so that its connection can be used again


class ImageStream:
    """Iterate over it for PartialPicture and Picture; `answer` is what has arrived beside them, at any moment.

    Use it as `async with client.stream_images(...) as stream`. Entering does not touch the network; leaving, or
    cancelling the task, hangs up at once. Nothing is asked again once a picture has come. OSError: a file that
    `spool` opened cannot be written.
    """

    def __init__(self, setup: Setup, request: Request, spool: Spool, on_retry: OnRetry | None) -> None:
        self._setup = setup
        self._spool = spool
        self._call = Call(setup, request, on_retry)
        self._answer: Answer | None = None
        self._reader = self._new_reader()
        self._begun = self._over = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> PartialPicture | Picture:
        while not self._reader.ready:
            error = self._reader.error
            if error is None:
                if self._over:
                    raise StopAsyncIteration
                try:
                    await self._fill()
                except OpenAIClientError as caught:
                    error = caught
            if error is not None:
                await self._failed(error)
        self._begun = True
        return self._reader.ready.popleft()

    async def aclose(self) -> None:
        """Hangs up; pictures that nobody has taken are gone."""
        self._reader.close()
        await self._call.close(PATIENCE if self._over else 0.0)
        self._over = True
        self._call.over()

    @property
    def answer(self) -> ImageAnswer:
        """What has come so far beside the pictures."""
        reader = self._reader
        meta = self._call.meta(self._answer)
        return ImageAnswer(reader.count, reader.created, reader.usage, dict(reader.extra), meta)

    async def _fill(self) -> None:
        if self._answer is None:
            self._answer = await self._call.open()
            self._reader = self._new_reader()
            phase = "first_byte"
        else:
            phase = "idle" if self._reader.heard else "first_byte"
        piece = await self._answer.read(phase)
        if piece:
            self._call.note("first_byte")
            self._reader.feed(piece)
        else:
            self._reader.end()
            self._over = self._reader.error is None

    async def _failed(self, error: OpenAIClientError) -> None:
        """Ask again where that may help; raises when this is the end."""
        if error.request_id is None and self._answer is not None:
            error.request_id = self._answer.request_id
        if self._begun:
            error.attempts = self._call.attempt
            await self._call.close()
            raise error
        self._reader.close()
        await self._call.recover(error)
        self._answer, self._reader = None, self._new_reader()

    def _new_reader(self) -> ImageReader:
        return ImageReader(self._setup, self._spool, self._answer.headers if self._answer else {})
