"""Telling watchers what a verb did, once it is committed."""

from typing import Any

from django.db import transaction

from conversations import events, topics, transcript
from conversations.models import Conversation
from live.consumers import me
from live.events import Event
from live.publish import publish


def to_watchers(conversation: Conversation, *told: Event) -> None:
    """Tell who has this conversation open."""
    topic = topics.conversation(conversation.pk)
    transaction.on_commit(lambda: publish(topic, *told))


def updated(conversation: Conversation, listed: dict[str, Any] | None = None) -> None:
    """Tell who has it open, and every list of its owner's, how it looks now; no list shows a deleted one.

    `listed` is how it looks, for whoever need not look it up.
    """
    event = events.ConversationUpdated(listed or transcript.listed(conversation))
    to_watchers(conversation, event)
    if conversation.deleted_at is None:
        to_owner(conversation, event)


def to_owner(conversation: Conversation, *told: Event) -> None:
    """Tell every tab of the owner's."""
    topic = me(conversation.owner_id)
    transaction.on_commit(lambda: publish(topic, *told))
