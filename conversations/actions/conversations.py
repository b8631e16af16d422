"""Verbs for a whole conversation: create, rename, pin, archive, delete, restore, purge."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from conversations import events, transcript
from conversations.actions import announce, money
from conversations.actions.turns import turn
from conversations.models import TITLE_LENGTH, Conversation, Run, TitleCall, TitleSource
from live.errors import NotFound

RESTORABLE = timedelta(hours=1)
EXPIRED_AT_ONCE = 500  # of one person in one sweep: each is told to their tabs


@transaction.atomic
def create(owner: Any, parameters: Mapping[str, Any] | None = None) -> Conversation:
    """An empty conversation, with these parameters of its own."""
    conversation = Conversation.objects.create(owner=owner, parameters=parameters or {})
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


def pin(conversation: Conversation, *, pinned: bool) -> Conversation:
    """Have it stand above all others in the history, or not any more; what is pinned is not archived."""
    now = timezone.now()
    return _put(conversation, **({"pinned_at": now, "archived_at": None} if pinned else {"pinned_at": None}))


def archive(conversation: Conversation, *, archived: bool) -> Conversation:
    """Take it out of the history, or put it back; it can be read, found and gone on with all the same."""
    now = timezone.now()
    return _put(conversation, **({"archived_at": now, "pinned_at": None} if archived else {"archived_at": None}))


def _put(conversation: Conversation, **moments: datetime | None) -> Conversation:
    with turn(conversation.pk) as found:
        conversation = _there(found)
        for name, moment in moments.items():
            setattr(conversation, name, moment)
        conversation.save(update_fields=list(moments))
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
        if any(Conversation.objects.filter(old, pk=conversation.pk).exists() for old in _unused()):
            conversation.updated_at = timezone.now()  # brought back is used: else it would be gone in a moment
        conversation.save(update_fields=["deleted_at", "updated_at"])
        announce.to_owner(conversation, events.ConversationCreated(transcript.listed(conversation)))
    return conversation


def _there(conversation: Conversation | None) -> Conversation:
    if conversation is None:
        raise NotFound()
    return conversation


def expire() -> None:
    """Delete what nobody has used for longer than the site, or its owner, keeps conversations."""
    for old in _unused():
        for conversation in Conversation.objects.filter(old, deleted_at=None)[:EXPIRED_AT_ONCE]:
            delete(conversation)


def _unused() -> list[Q]:
    """What is kept no longer: a condition for each person who chose a time, and the site's own."""
    now = timezone.now()
    people = get_user_model().objects.filter(retention_days__isnull=False)
    days_of = [(Q(owner=pk), int(days)) for pk, days in people.values_list("pk", "retention_days") if days]
    if settings.RETENTION_DAYS is not None:
        days_of.append((Q(), settings.RETENTION_DAYS))
    return [whose & Q(updated_at__lt=now - timedelta(days=days)) for whose, days in days_of]


@transaction.atomic
def purge() -> None:
    """Remove for good what was deleted longer ago than it can be restored."""
    Conversation.objects.filter(deleted_at__lt=timezone.now() - RESTORABLE).delete()


def begin_title(run: Run, request: dict[str, Any]) -> tuple[TitleCall, int | None] | None:
    """Count the call that a model is about to make for a title; with the ceiling that its request must have, if any.

    None when there was such a call before: several answers may end together. Raises the refusals of billing: without
    the money there is no such call, and the first words stay.
    """
    with turn(run.conversation_id) as found:
        if found is None or found.title_calls.exists():
            return None
        return _begin_title(run, request)


def _begin_title(run: Run, request: dict[str, Any]) -> tuple[TitleCall, int | None]:
    call = TitleCall.objects.create(conversation=run.conversation, provider=run.provider, model_id=run.model_id)
    return call, money.hold_title(call, request, run)


def set_model_title(
    call: TitleCall, title: str, *, usage: dict | None, prompt_tokens: Callable[[], int], error_code: str = ""
) -> None:
    """Write down how the call for a title ended; take the title unless a person has named it meanwhile."""
    with turn(call.conversation_id) as found:
        call.usage, call.error_code = usage, error_code
        label = found.title if found else ""  # also for a conversation that is gone by now, whose words are nobody's
        cost = money.settle_title(call, title, prompt_tokens, label)
        TitleCall.objects.filter(pk=call.pk).update(usage=usage, error_code=error_code, cost=cost)
        if found is None:
            return
        title = " ".join(title.split()).strip("\"'“”「」.。")[:TITLE_LENGTH]
        if title and found.title_source == TitleSource.WORDS:
            found.title, found.title_source = title, TitleSource.MODEL
            found.save(update_fields=["title", "title_source"])
            announce.updated(found)
