"""What verbs ask under the conversation's lock before they change its tree; what is wrong is refused."""

import uuid

from conversations import statements
from conversations.errors import AnswerRunning, MessageDeleted, UnknownParent
from conversations.models import LIVE, Conversation, Message, Run
from live import rows
from live.errors import NotFound


def locked(conversation: Conversation) -> Conversation:
    """The conversation as it is now, with nobody else adding to it, or deleting it, before we commit."""
    found = rows.one(Conversation, conversation.pk, lock=True)
    if found is None or found.deleted_at is not None:
        raise NotFound()
    return found


def still_there(message: Message) -> None:
    """Bring a message up to date: it was found before the lock, and may have been written to, or deleted, meanwhile."""
    message.refresh_from_db()
    if message.deleted_at is not None:
        raise MessageDeleted()


def parent_in(conversation: Conversation, parent_id: uuid.UUID | None) -> Message | None:
    """The message that something new is to follow; its answer must have ended."""
    if parent_id is None:
        return None
    parent = Message.objects.filter(conversation=conversation, pk=parent_id, deleted_at=None).first()
    if parent is None:
        raise UnknownParent()
    refuse_live(parent)
    return parent


def refuse_live(*messages: Message) -> None:
    """What is still being written is neither written again nor copied."""
    if Run.objects.live().filter(message__in=messages).exists():
        raise AnswerRunning()


def refuse_live_below(message: Message) -> None:
    """The same for all that hangs below a message, itself included."""
    if rows.ask(statements.WRITTEN_BELOW, *LIVE, message.pk):
        raise AnswerRunning()
