"""Which files messages use: written down beside new ones; told to who watches when a file goes or comes back."""

import uuid
from collections.abc import Iterable

from django.db import transaction

from conversations import events, transcript
from conversations.actions import announce
from conversations.attached import parts
from conversations.models import Message, MessageFile


def note(messages: Iterable[Message]) -> None:
    """Remember which files these new messages use. No query where they use none."""
    made = [
        MessageFile(message=message, file_id=uuid.UUID(file))
        for message in messages
        for file in dict.fromkeys(part["file"] for part in parts.of(message.parts))
    ]
    if made:
        MessageFile.objects.bulk_create(made)


@transaction.atomic
def files_moved(file_ids: Iterable[uuid.UUID]) -> None:
    """Files were deleted, or came back: messages that show them are shown anew, in every open tab."""
    mine = MessageFile.objects.filter(file__in=list(file_ids)).select_related("message__conversation")
    messages = {one.message_id: one.message for one in mine.filter(message__deleted_at=None)}
    by_conversation: dict[uuid.UUID, list[Message]] = {}
    for message in messages.values():
        by_conversation.setdefault(message.conversation_id, []).append(message)
    for its in by_conversation.values():
        told = map(events.MessageUpdated, transcript.messages_json(its))
        announce.to_watchers(its[0].conversation, *told)
