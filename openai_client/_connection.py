"""One connection over bare asyncio: a request out, an answer in, then rest or end."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol, Self

import httpx

from openai_client._http1 import AnswerParser, MalformedError

HIGH_WATER = 256 * 1024  # bytes read ahead of the reader before the network has to wait
READ_SIZE = 64 * 1024  # bytes taken from the network at once
SMALL_BODY = 64 * 1024  # sent together with the head

Origin = tuple[str, str, int]  # scheme, host, port


class Owner(Protocol):
    """Who keeps connections."""

    def give_back(self, connection: Connection) -> None:
        """An answer was read to its end and the connection may carry another."""

    def forget(self, connection: Connection) -> None:
        """The connection is gone."""


class Connection(asyncio.BufferedProtocol):
    """One connection: busy with one answer, or resting.

    Buffered, because asyncio's other kind of protocol makes a bytes object of 256 KiB for each read, which costs more
    than all the rest for a chunk of 200 bytes. `buffer` is filled and emptied within one call, so all connections of
    a loop may share it.
    """

    def __init__(self, owner: Owner, origin: Origin, buffer: memoryview) -> None:
        self.origin = origin
        self._owner = owner
        self._buffer = buffer
        self.loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._parser = AnswerParser()
        self._head: asyncio.Future[None] | None = None
        self._body: Body | None = None
        self._sent = True
        self._writable: asyncio.Future[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._lost = False

    async def exchange(self, request: httpx.Request, head: bytes) -> httpx.Response:
        """Sends a request and waits for the head of its answer."""
        self._parser = AnswerParser()
        self._head = self.loop.create_future()
        body = self._body = Body(self, self.loop)
        parser = self._parser
        answered = self._head
        sending = await self._send(request, head)
        if sending is not None:
            try:
                await asyncio.wait({sending, answered}, return_when=asyncio.FIRST_COMPLETED)
                if not answered.done():
                    sending.result()  # raises what stopped the upload
                    await answered
            finally:
                sending.cancel()
        await answered
        return httpx.Response(parser.status, headers=parser.headers, stream=body, request=request)

    async def _send(self, request: httpx.Request, head: bytes) -> asyncio.Task[None] | None:
        """Writes head and body; a long body goes on beside the waiting, because it may be refused half-way."""
        assert self._transport is not None
        length = int(request.headers.get("content-length", "0"))
        if length <= SMALL_BODY and "transfer-encoding" not in request.headers:
            self._transport.write(head + await request.aread())
            self._sent = True
            return None
        self._transport.write(head)
        self._sent = False
        return self.loop.create_task(self._upload(request))

    async def _upload(self, request: httpx.Request) -> None:
        assert self._transport is not None
        assert isinstance(request.stream, httpx.AsyncByteStream)
        alive = request.extensions.get("alive", bool)
        chunked = "transfer-encoding" in request.headers
        async for piece in request.stream:
            if piece:
                self._transport.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            alive()
            if self._writable is not None:
                await self._writable
        if chunked:
            self._transport.write(b"0\r\n\r\n")
        self._sent = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        data = bytes(self._buffer[:nbytes])
        body = self._body
        if body is None:
            self.abort()  # bytes that nobody asked for
            return
        parser = self._parser
        fault = None
        try:
            pieces = parser.feed(data)
        except MalformedError as error:  # what came before it is an answer's text all the same
            pieces, fault = error.pieces, httpx.RemoteProtocolError(f"malformed: {error}")
        if self._head is not None and parser.status and (pieces or fault is None):
            if not self._head.done():
                self._head.set_result(None)
            self._head = None
        if pieces:
            body.put(pieces[0] if len(pieces) == 1 else b"".join(pieces))
        if fault is not None:
            self._fail(fault)
        elif parser.ended:
            self._ended(body)

    def eof_received(self) -> None:
        return None  # the transport closes, connection_lost follows

    def connection_lost(self, error: Exception | None) -> None:
        self._lost = True
        self._owner.forget(self)
        if self._expiry is not None:
            self._expiry.cancel()
        body = self._body
        if body is not None:
            if error is None and self._parser.close() and self._parser.status:
                self._ended(body)
            elif self._parser.status:
                self._fail(httpx.ReadError("the connection was lost"))
            else:
                self._fail(httpx.RemoteProtocolError("Server disconnected without sending a response."))
        self.resume_writing()

    def pause_writing(self) -> None:
        self._writable = self.loop.create_future()

    def resume_writing(self) -> None:
        writable, self._writable = self._writable, None
        if writable is not None and not writable.done():
            writable.set_result(None)

    def pause_reading(self) -> None:
        if self._transport is not None and not self._lost:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._transport is not None and not self._lost:
            self._transport.resume_reading()

    def rest(self, seconds: float) -> None:
        """Idle: closed after so many seconds, or when the server says anything."""
        self._expiry = self.loop.call_later(seconds, self.abort)

    def wake(self) -> None:
        """Busy again."""
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None

    def abort(self) -> None:
        """Closes at once, without waiting for what is unsent."""
        self._body = None
        if self._transport is not None and not self.loop.is_closed():
            self._transport.abort()

    def release(self, body: Body) -> bool:
        """The reader is done with its answer; if it was not whole, the connection ends here."""
        if self._body is not body:
            return False
        self.abort()
        return True

    def _ended(self, body: Body) -> None:
        self._body = None
        body.end(None)
        if self._lost or not self._parser.keeps_alive or self._parser.surplus or not self._sent:
            self.abort()
        else:
            self._owner.give_back(self)

    def _fail(self, error: httpx.TransportError) -> None:
        body, self._body = self._body, None
        if self._head is not None and not self._head.done():
            self._head.set_exception(error)
            self._head = None
        elif body is not None:
            body.end(error)
        self.abort()


class Body(httpx.AsyncByteStream):
    """The pieces of one answer, waiting for their reader."""

    def __init__(self, connection: Connection, loop: asyncio.AbstractEventLoop) -> None:
        self._connection = connection
        self._loop = loop
        self._pieces: deque[bytes] = deque()
        self._size = 0
        self._paused = False
        self._ended = False
        self._error: httpx.TransportError | None = None
        self._waiter: asyncio.Future[None] | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        """All that has come since the last time, as one piece."""
        pieces = self._pieces
        if not pieces:
            if self._ended:
                self._raise()
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
            if not pieces:
                self._raise()
        piece = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        pieces.clear()
        self._size = 0
        if self._paused:
            self._paused = False
            self._connection.resume_reading()
        return piece

    async def aclose(self) -> None:
        if self._connection.release(self):
            await asyncio.sleep(0)  # the socket is closed in the loop's next round: be sure that there is one

    def put(self, piece: bytes) -> None:
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > HIGH_WATER and not self._paused:
            self._paused = True
            self._connection.pause_reading()
        self._wake()

    def end(self, error: httpx.TransportError | None) -> None:
        self._ended = True
        self._error = error
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error
        raise StopAsyncIteration
