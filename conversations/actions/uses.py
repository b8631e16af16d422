"""Which files new messages use, written down beside them."""

import uuid
from collections.abc import Iterable

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
