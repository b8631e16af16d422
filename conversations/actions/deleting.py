"""Verbs that take messages out of the tree, and bring them back.

Deleted is a message with all that hangs below it: a message that is there has all of its branch. Their rows stay, after
an hour without their words, for as long as the conversation does: runs and ledger entries lead to them.
"""

import dataclasses
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from conversations import events, statements
from conversations.actions import announce
from conversations.actions.checks import locked, refuse_live_below, still_there
from conversations.actions.conversations import RESTORABLE
from conversations.actions.turns import alone
from conversations.models import Conversation, Message, Probabilities, Run
from live import rows
from live.errors import NotFound


@dataclasses.dataclass(frozen=True)
class Deleted:
    """The conversation after it, and how many messages went."""

    conversation: Conversation
    count: int


def delete_message(message: Message) -> Deleted:
    """Take a message and all that hangs below it out of sight; `restore_message` brings them back for a while."""
    with alone(message.conversation_id):
        conversation = locked(message.conversation)
        still_there(message)
        refuse_live_below(message)
        count = rows.change(statements.DELETE_BELOW, timezone.now(), message.pk)
        announce.to_watchers(conversation, events.MessageDeleted(str(message.pk)))
        if conversation.leaf_id and not Message.objects.filter(pk=conversation.leaf_id, deleted_at=None).exists():
            conversation.leaf, conversation.beside = _beside_or_above(message), False
            rows.store(conversation, "leaf", "beside")
        announce.updated(conversation)
        return Deleted(conversation, count)


def restore_message(message: Message) -> Conversation:
    """Undo a delete: what went together comes back together, and is shown."""
    with alone(message.conversation_id):
        conversation = locked(message.conversation)
        message.refresh_from_db()
        deleted_at: datetime | None = message.deleted_at
        gone = message.parent is not None and message.parent.deleted_at is not None
        if deleted_at is None or deleted_at < timezone.now() - RESTORABLE or gone:
            raise NotFound()
        rows.change(statements.RESTORE_BELOW, deleted_at, message.pk)
        conversation.leaf, conversation.beside = Message.objects.newest_below(message.pk), False
        rows.store(conversation, "leaf", "beside")
        announce.updated(conversation)
        return conversation


@transaction.atomic
def wipe_deleted() -> None:
    """Take the words of what was deleted longer ago than it can be restored, and what else tells of them."""
    gone = Message.objects.filter(deleted_at__lt=timezone.now() - RESTORABLE).exclude(parts=[])
    keys = list(gone.values_list("pk", flat=True))
    runs = Run.objects.filter(message__in=keys)
    for run in runs.exclude(error=None).only("pk", "error"):
        run.error = {**(run.error or {}), "data": {}}
        run.save(update_fields=["error"])
    runs.update(params={}, record=b"")
    Probabilities.objects.filter(run__in=runs).delete()
    Message.objects.filter(pk__in=keys).update(parts=[])


def _beside_or_above(message: Message) -> Message | None:
    """Where to go from a message that was deleted: into the branch before it, else the one after it, else up."""
    beside = Message.objects.filter(conversation=message.conversation, parent=message.parent, deleted_at=None)
    ordered = beside.order_by("created_at", "pk")
    earlier = ordered.filter(created_at__lte=message.created_at).last()
    found = earlier or ordered.first()
    return Message.objects.newest_below(found.pk) if found else message.parent
