"""Who in this process listens to what: topic -> outboxes. Touched on the loop only."""

from collections import defaultdict
from collections.abc import Iterable

from live.events import Frame
from live.outbox import Outbox

_topics: defaultdict[str, set[Outbox]] = defaultdict(set)


def join(topic: str, outbox: Outbox) -> bool:
    """Add a listener; True when it is the topic's first in this process."""
    _topics[topic].add(outbox)
    return len(_topics[topic]) == 1


def leave(topic: str, outbox: Outbox) -> bool:
    """Remove a listener; True when it was the topic's last."""
    listeners = _topics.get(topic)
    if listeners is None:
        return False
    listeners.discard(outbox)
    if listeners:
        return False
    del _topics[topic]
    return True


def watched(topic: str) -> bool:
    """Whether anyone in this process listens."""
    return topic in _topics


def topics() -> list[str]:
    """Every topic that has a listener here."""
    return list(_topics)


def resync() -> None:
    """Have every listener sent a snapshot: nobody knows what they have missed."""
    for listeners in _topics.values():
        for outbox in listeners:
            outbox.ask_for_snapshot()


def deliver(topic: str, frames: Iterable[Frame]) -> None:
    """Put frames into every listener's outbox."""
    listeners = _topics.get(topic)
    if not listeners:
        return
    for frame in frames:
        for outbox in listeners:
            outbox.push(frame)
