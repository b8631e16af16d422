"""The socket every app's sockets are made of: accept, check, snapshot, forward, and close for a reason."""

import asyncio
import contextlib
import json
from typing import Any, ClassVar
from urllib.parse import urlsplit

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser

from live import bus, drain, publish, tasks
from live.errors import Draining, Fault, NotFound, NotSignedIn, Refused, SlowReader, WrongOrigin
from live.events import ErrorEvent, Event, Frame
from live.outbox import Outbox
from live.who import person_of, session_of

CLOSE_CODES: dict[type[Refused], int] = {
    NotSignedIn: 4401,
    WrongOrigin: 4403,
    NotFound: 4404,
    SlowReader: 4408,
    Fault: 4500,
    Draining: 4503,
}
_open: set["Socket"] = set()


class Socket(AsyncWebsocketConsumer):
    """A websocket that watches topics.

    Subclasses say what is watched (`topics`), what the first frame is (`snapshot`), which queued frames are stale
    (`wanted`) and what an inward frame means (`hear`). Sending is a task of its own, because Channels reads the next
    inward frame only when the handler of the last one has returned (design trap 1).
    """

    channel_layer_alias: ClassVar[Any] = "none"  # frames come through the hub: no channel and no receive loop each
    user: AbstractBaseUser
    session_key: str | None
    outbox: Outbox

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Leave however it ends: a handler that takes too long is cancelled, and no disconnect comes after that."""
        self.outbox = self.make_outbox()
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._leave()

    async def dispatch(self, message: Any) -> None:
        """Channels' own first asks a thread to tidy database connections that a socket does not hold."""
        await getattr(self, message["type"].replace(".", "_"))(message)

    async def websocket_connect(self, message: Any) -> None:
        """Accept always: a socket closed before that gives a browser no code."""
        await self.accept()
        try:
            await self._check()
            _open.add(self)  # before anything is awaited: a session that ends meanwhile finds this socket
            self._topics = await self.topics()
        except Refused as refusal:
            await self.refuse(refusal)
            return
        for topic in self._topics:
            await publish.watch(topic, self.outbox)
        tasks.start(self._write, failed=self._break_off)

    async def _check(self) -> None:
        if drain.draining():
            raise Draining()
        if not _same_origin(self.scope):
            raise WrongOrigin()
        session = session_of(self.scope)
        user = await person_of(session)
        if not isinstance(user, AbstractBaseUser):
            raise NotSignedIn()
        self.session_key, self.user = session.session_key, user

    async def refuse(self, refusal: Refused) -> None:
        """Say why, then close with the code that belongs to it, even when nobody reads."""
        _open.discard(self)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await self.send(text_data=Frame(ErrorEvent(refusal.as_dict()).as_dict()).text)
        await self.close(code=CLOSE_CODES.get(type(refusal), 4400))

    async def websocket_receive(self, message: Any) -> None:
        """Inward frames are small JSON objects; anything else is answered with an `error` frame."""
        try:
            frame = json.loads(message.get("text") or "")
        except (ValueError, RecursionError):
            frame = None
        if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
            self.tell(ErrorEvent({"code": "bad_json", "message": "Send a JSON object with a type.", "data": {}}))
        elif self in _open:
            await self.hear(frame)

    async def websocket_disconnect(self, message: Any) -> None:
        """Gone: leave the topics; the runs go on."""
        raise StopConsumer

    async def _leave(self) -> None:
        _open.discard(self)
        for topic in getattr(self, "_topics", ()):
            await publish.unwatch(topic, self.outbox)
        self.outbox.ask_for_snapshot()  # wakes the writer, which sees that nobody is there

    async def _write(self) -> None:
        try:
            while self in _open:
                await self.outbox.ready()
                if self.outbox.begin_snapshot():
                    await self._send_snapshot()
                while self in _open and (frame := self.outbox.take()) is not None:
                    if self.wanted(frame):
                        await self.base_send({"type": "websocket.send", "bytes": None, "text": frame.text})
                        await self.sent(frame)
        except Refused as refusal:
            await self.refuse(refusal)

    async def _break_off(self) -> None:
        """A socket that says nothing more is worse than one that closes, and is opened again."""
        await self.refuse(Fault())

    async def _send_snapshot(self) -> None:
        if self in _open:
            frame = Frame((await self.snapshot()).as_dict())
            self.outbox.count(frame)
            await self.send(text_data=frame.text)

    def tell(self, event: Event) -> None:
        """Queue a frame for this socket alone."""
        self.outbox.push(Frame(event.as_dict()))

    def make_outbox(self) -> Outbox:
        """The bound that fits this kind of socket."""
        raise NotImplementedError

    async def topics(self) -> list[str]:
        """What to watch, or a Refused when it may not be watched."""
        raise NotImplementedError

    async def snapshot(self) -> Event:
        """Everything so far, in one event. Frames published from now on queue up behind it."""
        raise NotImplementedError

    def wanted(self, frame: Frame) -> bool:
        """Whether a queued frame is newer than the snapshot that went before it."""
        return True

    async def sent(self, frame: Frame) -> None:
        """What follows from having sent a frame."""

    async def hear(self, frame: dict[str, Any]) -> None:
        """An inward frame."""


def _same_origin(scope: Any) -> bool:
    """A browser always names the page's origin; programs that name none bring no stolen cookies."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin1")
    if not origin or origin == settings.SITE_URL:
        return True
    return urlsplit(origin).netloc == headers.get(b"host", b"").decode("latin1")


def end_session(session_key: str) -> None:
    """Close the sockets of one session, in every process: signed out, or ended from elsewhere. From any thread."""
    _everywhere(session_key=session_key)


def end_user(user_id: int) -> None:
    """Close all sockets of one person, in every process; those with a valid session come back. From any thread."""
    _everywhere(user_id=user_id)


def _everywhere(**who: Any) -> None:
    if tasks.has_loop():
        tasks.call_soon(_close_those, who)
        tasks.call_soon(lambda: bus.send_all("live.close", **who))


def _close_those(who: dict[str, Any]) -> None:
    for socket in list(_open):
        mine = socket.session_key == who.get("session_key", "")
        if mine or socket.user.pk == who.get("user_id"):
            tasks.start(socket.refuse, NotSignedIn())


def refuse_late(socket: Socket) -> None:
    """Close a socket whose reader has acknowledged nothing for too long."""
    tasks.start(socket.refuse, SlowReader())


async def close_all() -> None:
    """The server stops: 4503 tells browsers to connect again."""
    sockets = list(_open)
    await asyncio.gather(*(socket.refuse(Draining()) for socket in sockets))


bus.on("live.close", _close_those)


class Unrouted(Socket):
    """A socket address that does not exist is answered like one that is not yours."""

    def make_outbox(self) -> Outbox:
        return Outbox()

    async def topics(self) -> list[str]:
        raise NotFound()
