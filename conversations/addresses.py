"""Where things of this app are found on the site."""

import uuid

from django.urls import reverse


def conversation(id: uuid.UUID) -> str:  # noqa: A002 - as in access
    """A conversation's page."""
    return reverse("conversation", args=[id])


def message(conversation_id: uuid.UUID, id: uuid.UUID) -> str:  # noqa: A002
    """A message on its conversation's page."""
    return f"{conversation(conversation_id)}#m-{id}"


def hit(conversation_id: uuid.UUID, id: uuid.UUID) -> str:  # noqa: A002
    """The same for who has looked for it: on its own branch, and marked."""
    return f"{conversation(conversation_id)}?at={id}#m-{id}"
