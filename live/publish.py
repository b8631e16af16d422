"""Telling browsers: an event to everyone who watches a topic, in this process and in the others."""

import asyncio
from collections.abc import Sequence
from typing import Any

from live import bus, hub, tasks
from live.events import Event, Frame
from live.outbox import Outbox

_MESSAGE = "live.frames"


def publish(topic: str, *events: Event) -> None:
    """Tell all watchers of `topic`, wherever they are connected. From any thread, after commit.

    Outside a serving process (a management command, a plain test) nobody is connected and nothing happens.
    """
    if tasks.has_loop():
        tasks.call_soon(_publish, topic, [event.as_dict() for event in events])


def _publish(topic: str, payloads: list[dict[str, Any]]) -> None:
    frames = [Frame(payload) for payload in payloads]
    publish_here(topic, frames)
    publish_elsewhere(topic, frames)


def publish_here(topic: str, frames: Sequence[Frame]) -> None:
    """Tell the watchers in this process. From the loop."""
    hub.deliver(topic, frames)


def publish_elsewhere(topic: str, frames: Sequence[Frame]) -> None:
    """Tell the watchers in other processes: one message, however many frames. From the loop."""
    if not bus.alone():
        bus.send_group(topic, _MESSAGE, topic=topic, frames=[frame.text for frame in frames])


def receive_frames(data: dict[str, Any]) -> None:
    """Unroll what another process sent for a topic that is watched here."""
    hub.deliver(data["topic"], [Frame.from_text(text) for text in data["frames"]])


async def watch(topic: str, outbox: Outbox) -> None:
    """Put what is published on `topic` into `outbox`, from now on and from everywhere."""
    if hub.join(topic, outbox):
        await bus.join(topic)


async def unwatch(topic: str, outbox: Outbox) -> None:
    """End a watch; a cancelled task still leaves the topic."""
    if hub.leave(topic, outbox) and not bus.alone():
        await asyncio.shield(_leave_if_unwatched(topic))


async def _leave_if_unwatched(topic: str) -> None:
    await bus.leave(topic)
    if hub.watched(topic):  # somebody came while the layer was being told
        await bus.join(topic)


bus.on(_MESSAGE, receive_frames)
