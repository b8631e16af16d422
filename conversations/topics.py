"""What a watcher of conversations listens to."""

import uuid


def conversation(id: uuid.UUID | str) -> str:  # noqa: A002 - as in access
    """The topic of one conversation."""
    return f"conversation.{id}"
