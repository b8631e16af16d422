"""What holds for all conversations of a person: the site's parameters, and the person's own.

Every message asks for it. A process that is the only one remembers who has set anything at all: for all others there
is nothing to look up.
"""

import threading
from collections.abc import Mapping
from typing import Any

from billing import tokens as counting
from conversations.models import Conversation, Preset
from conversations.parameters import Layers
from live import bus, rows

SITE = 0  # stands for everybody, where others have their id
_WHERE = "WHERE name = '' AND (owner_id = %s OR owner_id IS NULL)"

_lock = threading.Lock()
_who: frozenset[int] | None = None
_changes = 0


def layers(owner_id: int, own: Mapping[str, Any]) -> Layers:
    """All three, for a conversation of this person's; `own` are its own."""
    if bus.alone() and not _somebody() & {SITE, owner_id}:
        return Layers(own=own)
    found = {preset.owner_id: preset.parameters for preset in rows.some(Preset, _WHERE, owner_id)}
    return Layers(site=found.get(None, {}), personal=found.get(owner_id, {}), own=own)


def summary(found: Layers) -> dict[str, int]:
    """How many parameters hold, and what of them counts for an estimate: about how many tokens the system prompt has,
    and how many answers come at once."""
    holds = found.effective
    system = holds.get("system", "")
    tokens = counting.estimate(system) + counting.PER_MESSAGE if system else 0
    return {"count": len(holds), "tokens": tokens, "answers": holds.get("n", 1)}


def summary_of(conversation: Conversation) -> dict[str, int]:
    """The same of one conversation."""
    return summary(layers(conversation.owner_id, conversation.parameters))


def note(owner_id: int | None) -> None:
    """Somebody, or for None the site, has set something: after the commit."""
    global _who, _changes
    with _lock:
        _changes += 1
        if _who is not None:
            _who |= {owner_id or SITE}


def _somebody() -> frozenset[int]:
    global _who
    if _who is not None:
        return _who
    before = _changes
    found = frozenset(one or SITE for one in Preset.objects.filter(name="").values_list("owner_id", flat=True))
    with _lock:
        if _changes == before:  # else somebody was quicker, and is perhaps not among them
            _who = found
    return found
