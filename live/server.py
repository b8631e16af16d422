"""Daphne with a beginning, a drain, a `send` that waits for the network, and a limit on bodies (design trap 13)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ClassVar

from autobahn.exception import Disconnected
from daphne.http_protocol import HTTPFactory, WebRequest
from daphne.server import Server
from daphne.ws_protocol import WebSocketFactory, WebSocketProtocol
from twisted.internet import defer

MAX_BODY = 8 * 1024 * 1024
MAX_INWARD_FRAME = 64 * 1024
MAX_UNHEARD = 64  # inward frames that wait for their handler before the socket is read no further
HEARING_SECONDS = 0.05
HANDSHAKE_SECONDS = 30  # with hundreds of tabs that come back at once, the last one waits for its turn
_TOO_LARGE = b'{"error":{"code":"too_large","message":"The request is larger than %d bytes.","data":{"limit":%d}}}' % (
    MAX_BODY,
    MAX_BODY,
)


class Gate:
    """A Twisted push producer: turns pause and resume of a transport into something to await."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self._open.set()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's interface
        self._open.clear()

    def resumeProducing(self) -> None:  # noqa: N802
        self._open.set()

    stopProducing = resumeProducing  # noqa: N815 - the connection is gone: nobody may wait for it

    async def wait(self) -> None:
        """Return once the transport has room."""
        await self._open.wait()


class WaitingServer(Server):
    """`handle_reply` is what an application's `await send(...)` waits for: here it waits until there is room."""

    def __init__(self, *, drain: Callable[[], Coroutine[Any, Any, None]], **options: Any) -> None:
        super().__init__(
            websocket_max_message_size=MAX_INWARD_FRAME,
            websocket_max_frame_size=MAX_INWARD_FRAME,
            websocket_handshake_timeout=HANDSHAKE_SECONDS,
            **options,
        )
        self._drain = drain

    def kill_all_applications(self) -> defer.Deferred:
        """Daphne registers this for shutdown, where it cancels every request and socket at once: drain first."""
        drained = defer.Deferred.fromFuture(asyncio.ensure_future(self._drain()))
        drained.addBoth(lambda _: Server.kill_all_applications(self))
        return drained

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        try:
            await super().handle_reply(protocol, message)
        except Disconnected:  # it closed a moment ago; the application will hear of it
            return
        to_socket = message["type"] == "websocket.send"
        if not to_socket and not message.get("more_body"):
            return
        details = self.connections.get(protocol)
        if details is None or "disconnected" in details:
            return
        gate = getattr(protocol, "gate", None)
        if gate is None:
            gate = protocol.gate = Gate()
            if to_socket:
                protocol.unregisterProducer()  # the HTTP channel's own, left over from before the upgrade
            protocol.registerProducer(gate, True)
        await gate.wait()


class LimitedRequest(WebRequest):
    """Refuses a body over MAX_BODY before it is read; Daphne itself spools it whole first."""

    _received = 0
    _refused = False

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        if length and length > MAX_BODY:
            self._refuse()
            length = 0
        super().gotLength(length)

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802
        """Chunked bodies name no length: count them."""
        self._received += len(data)
        if self._received > MAX_BODY:
            self._refuse()
        else:
            super().handleContentChunk(data)

    def requestReceived(self, command: bytes, path: bytes, version: bytes) -> None:  # noqa: N802
        """Hand on what arrived whole: the end of a refused body may come together with its excess.

        Twisted would read forms here as well, and answer a bare 400 to those that it cannot read. Django reads them.
        """
        if self._refused:
            return
        self.content.seek(0)
        self.args: dict[bytes, list[bytes]] = {}
        self.method, self.uri, self.clientproto = command, path, version
        self.path = path.partition(b"?")[0]
        self.process()

    def handle_exception(self, exception: BaseException) -> None:
        """What breaks in the middle of an answer ends its connection, so that nobody takes the half for the whole.

        Daphne would begin a second answer, which raises, and its watch over all connections would end with that.
        """
        if not self._response_started:
            super().handle_exception(exception)
        elif self.channel is not None:
            self.channel.transport.abortConnection()

    def _refuse(self) -> None:
        if self._refused:
            return
        self._refused = True
        channel: Any = self.channel
        head = b"HTTP/1.1 413 Content Too Large\r\nContent-Type: application/json\r\nConnection: close\r\n"
        channel.transport.write(head + b"Content-Length: %d\r\n\r\n" % len(_TOO_LARGE) + _TOO_LARGE)
        channel.dataReceived = lambda data: None  # what is still on its way is not for anyone
        channel.transport.loseConnection()

    def finish(self) -> None:
        if getattr(self, "gate", None) is not None:
            self.unregisterProducer()
            self.gate = None
        super().finish()


class LimitedSocket(WebSocketProtocol):
    """Reads no faster than it is heard, and limits what comes in.

    Autobahn's limit on messages holds in both directions; a snapshot may well be larger than anything inward.
    """

    CONFIG_ATTRS: ClassVar[tuple[str, ...]] = ()  # the factory sets them: autobahn formats each for a log nobody reads
    _paused = False

    def onMessage(self, payload: bytes, isBinary: bool) -> None:  # noqa: N802, N803 - Autobahn's names
        super().onMessage(payload, isBinary)
        if not self._paused and not self.muted and self.application_queue.qsize() > MAX_UNHEARD:
            self._paused = True
            self.transport.pauseProducing()
            asyncio.get_running_loop().call_later(HEARING_SECONDS, self._read_on)

    def _read_on(self) -> None:
        if self.application_queue.qsize() > MAX_UNHEARD // 2:
            asyncio.get_running_loop().call_later(HEARING_SECONDS, self._read_on)
        else:
            self._paused = False
            self.transport.resumeProducing()

    def sendMessage(self, *args: Any, **options: Any) -> None:  # noqa: N802
        limit, self.maxMessagePayloadSize = self.maxMessagePayloadSize, 0  # type: ignore[has-type]
        try:
            super().sendMessage(*args, **options)
        finally:
            self.maxMessagePayloadSize = limit

    def sendData(self, data: bytes, sync: bool = False, chopsize: int | None = None) -> None:  # noqa: N802
        """Hand a frame to the network now, when nothing waits before it.

        Autobahn formats two values for a line of its log, which nobody reads, and Twisted asks the loop to call back
        when it may write: together that was most of what a frame cost.
        """
        transport = self.transport
        if sync or chopsize or self.send_queue or transport.dataBuffer or transport._tempDataBuffer:
            super().sendData(data, sync, chopsize)
        elif transport.connected and not transport.disconnecting:
            sent = transport.writeSomeData(data)
            if sent != len(data):
                transport.write(data[sent:] if isinstance(sent, int) else data)  # which also finds out why


class LimitedSocketFactory(WebSocketFactory):
    """Makes sockets whose inward messages are limited."""

    protocol = LimitedSocket

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802 - Twisted's name
        protocol = super().buildProtocol(addr)
        vars(protocol).update({name: getattr(self, name) for name in WebSocketProtocol.CONFIG_ATTRS})
        return protocol


class LimitedFactory(HTTPFactory):
    """Makes connections whose requests are limited."""

    def buildProtocol(self, addr: Any) -> Any:  # noqa: N802
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        return protocol
