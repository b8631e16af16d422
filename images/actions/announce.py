"""Telling the owner's tabs what a verb did, once it is committed."""

from django.db import transaction

from live.consumers import me
from live.events import Event
from live.publish import publish


def to_owner(owner_id: int, *told: Event) -> None:
    """Tell every tab of the owner's."""
    topic = me(owner_id)
    transaction.on_commit(lambda: publish(topic, *told))
