"""Verbs for a whole conversation: create, rename, delete, restore, purge."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations import events, transcript
from conversations.actions import announce
from conversations.actions.turns import turn
from conversations.models import TITLE_LENGTH, Conversation, TitleCall, TitleSource
from live.errors import NotFound

RESTORABLE = timedelta(hours=1)


@transaction.atomic
def create(owner: Any) -> Conversation:
    """An empty conversation."""
    conversation = Conversation.objects.create(owner=owner)
    announce.to_owner(conversation, events.ConversationCreated(transcript.listed_json(conversation, running=False)))
    return conversation


def rename(conversation: Conversation, title: str) -> Conversation:
    """Give it a person's title (forms.title), which no model replaces."""
    with turn(conversation.pk) as found:
        conversation = _there(found)
        conversation.title, conversation.title_source = title, TitleSource.PERSON
        conversation.save(update_fields=["title", "title_source"])
        announce.updated(conversation)
    return conversation


def see(conversation: Conversation) -> Conversation:
    """Its owner has looked at it: what had ended there is no news any more, in any tab."""
    if not conversation.unread:
        return conversation
    with turn(conversation.pk) as found:
        conversation = _there(found)
        if conversation.unread:
            conversation.unread = False
            conversation.save(update_fields=["unread"])
            announce.updated(conversation)
    return conversation


def delete(conversation: Conversation) -> Conversation:
    """Take it out of sight; `restore` brings it back until `purge` removes it for good."""
    with turn(conversation.pk) as found:
        conversation = _there(found)
        conversation.deleted_at = timezone.now()
        conversation.save(update_fields=["deleted_at"])
        conversation.runs.live().update(stop_requested=True)
        event = events.ConversationDeleted(transcript.conversation_json(conversation))
        announce.to_watchers(conversation, event)
        announce.to_owner(conversation, event)
    return conversation


def restore(conversation: Conversation) -> Conversation:
    """Undo a delete."""
    with turn(conversation.pk) as found:
        conversation = _there(found)
        conversation.deleted_at = None
        conversation.save(update_fields=["deleted_at"])
        announce.to_owner(conversation, events.ConversationCreated(transcript.listed(conversation)))
    return conversation


def _there(conversation: Conversation | None) -> Conversation:
    if conversation is None:
        raise NotFound()
    return conversation


@transaction.atomic
def purge() -> None:
    """Remove for good what was deleted longer ago than it can be restored."""
    Conversation.objects.filter(deleted_at__lt=timezone.now() - RESTORABLE).delete()


def set_model_title(
    conversation: Conversation, title: str, *, provider: str, model_id: str, usage: dict | None, error_code: str = ""
) -> None:
    """Count the call that a model made for a title; take the title unless a person has named it meanwhile."""
    with turn(conversation.pk) as found:
        if found is None:
            return
        TitleCall.objects.create(
            conversation=found, provider=provider, model_id=model_id, usage=usage, error_code=error_code
        )
        title = " ".join(title.split()).strip("\"'“”「」.。")[:TITLE_LENGTH]
        if title and found.title_source == TitleSource.WORDS:
            found.title, found.title_source = title, TitleSource.MODEL
            found.save(update_fields=["title", "title_source"])
            announce.updated(found)
