"""Between processes: small messages over the channel layer. A process that is alone sends nothing."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
from channels.layers import get_channel_layer
from django.conf import settings

from live import tasks
from live.beats import Beats
from live.servers import RedisError

log = structlog.get_logger(__name__)
Handler = Callable[[dict[str, Any]], None]

EVERYONE = "everyone"
BEAT_SECONDS = 0.5  # a subscriber that lost its connection is back after a second: it misses one of these
_BEAT = "live.beat"
QUEUE_LENGTH = 10_000  # messages that wait for the layer; beyond it they are dropped, and watchers find the hole
_LAYER_ERRORS = (RedisError, OSError, asyncio.TimeoutError)

_handlers: dict[str, Handler] = {}
_waiting: asyncio.Queue[tuple[str, str, dict[str, Any]]] | None = None
_joined: set[str] = set()
_returns: list[Callable[[], None]] = []
_beats = Beats()
channel: str = ""


def alone() -> bool:
    """Whether this process is the only one by proof (live/lock.py), so that nothing needs to cross."""
    return not settings.REDIS_URL


def on(kind: str, handler: Handler) -> None:
    """Call `handler(data)` on the loop for each message of this kind from another process. For `hooks.py`."""
    _handlers[kind] = handler


def on_return(function: Callable[[], None]) -> None:
    """Call `function()` on the loop when the layer is back after messages were lost. For `hooks.py`."""
    _returns.append(function)


def _layer() -> Any:
    layer = get_channel_layer()
    assert layer is not None  # the settings name one
    return layer


async def begin() -> None:
    """Get an address on the layer and start to send and receive; the layer may come later than this process."""
    global channel, _waiting
    if alone():
        return
    channel = await _address()
    _waiting = asyncio.Queue(QUEUE_LENGTH)
    _joined.add(EVERYONE)
    tasks.start(_send_forever)
    tasks.start(_receive_forever)
    tasks.start(_beat_forever, await _rejoin())


async def _address() -> str:
    while True:
        try:
            found: str = await _layer().new_channel()
            return found
        except _LAYER_ERRORS as error:
            log.warning("layer_unreachable", error=type(error).__name__)
            await asyncio.sleep(BEAT_SECONDS)


def send_all(kind: str, **data: Any) -> None:
    """Tell every other process. From the loop."""
    _put("group", EVERYONE, kind, data)


def send_group(group: str, kind: str, **data: Any) -> None:
    """Tell the processes that joined `group`. From the loop."""
    _put("group", group, kind, data)


def send_to(address: str, kind: str, **data: Any) -> None:
    """Tell one process by its channel. From the loop."""
    _put("channel", address, kind, data)


def _put(way: str, name: str, kind: str, data: dict[str, Any]) -> None:
    if _waiting is None or not name:
        return
    try:
        _waiting.put_nowait((way, name, {"type": "live.message", "kind": kind, "sender": channel, "data": data}))
    except asyncio.QueueFull:
        log.warning("layer_behind", kind=kind)


async def _send_forever() -> None:
    """One sender keeps the order."""
    assert _waiting is not None
    layer = _layer()
    while True:
        way, name, message = await _waiting.get()
        try:
            await (layer.group_send if way == "group" else layer.send)(name, message)
        except _LAYER_ERRORS as error:
            log.warning("layer_unreachable", error=type(error).__name__)


async def _receive_forever() -> None:
    layer = _layer()
    while True:
        message = await layer.receive(channel)
        if message["kind"] == _BEAT and message["sender"] == channel:
            _beats.hear(message["data"]["number"])
        handler = _handlers.get(message["kind"])
        if handler is not None and message["sender"] != channel:
            handler(message["data"])


async def join(group: str) -> None:
    """Receive what others send to `group`; returns once the layer knows."""
    _joined.add(group)
    await _change("group_add", group)


async def leave(group: str) -> None:
    """Receive it no longer."""
    _joined.discard(group)
    await _change("group_discard", group)


async def _change(verb: str, group: str) -> bool:
    if _waiting is None:
        return True
    try:
        await getattr(_layer(), verb)(group, channel)
    except _LAYER_ERRORS as error:
        log.warning("layer_unreachable", error=type(error).__name__, group=group)
        return False
    return True


async def _rejoin() -> bool:
    for group in list(_joined):
        if not await _change("group_add", group):
            return False
    return True


async def _beat_forever(whole: bool) -> None:
    """Hear ourselves through the layer: a beat that is missing says that other messages are, too.

    A layer that was away has lost what was sent meanwhile, and knows nothing of who joined then.
    """
    while True:
        send_to(channel, _BEAT, number=_beats.next())
        await asyncio.sleep(BEAT_SECONDS)
        if _beats.broken():
            whole = False
        elif not whole and await _rejoin():
            whole = True
            log.info("layer_returned")
            for function in _returns:
                function()


async def answers() -> bool:
    """Whether the layer can be reached (True when alone)."""
    if _waiting is None:
        return alone()
    try:
        async with asyncio.timeout(2):
            await _layer().send(channel, {"type": "live.message", "kind": "", "sender": channel, "data": {}})
    except _LAYER_ERRORS:
        return False
    return True
