"""One change of a conversation at a time, its events included, so that what is told last is what is true."""

import contextlib
import threading
import uuid
from collections.abc import Iterator

from django.db import transaction

from conversations.models import Conversation
from live import rows

_STRIPES = 256  # conversations that share one wait for each other: a few milliseconds, seldom
_locks = [threading.RLock() for _ in range(_STRIPES)]


@contextlib.contextmanager
def alone(conversation_id: uuid.UUID) -> Iterator[None]:
    """A transaction, while this process makes no other change of the conversation's, until its events have left."""
    with _locks[conversation_id.int % _STRIPES], transaction.atomic():  # in this order: nobody waits inside of one
        yield


@contextlib.contextmanager
def turn(conversation_id: uuid.UUID) -> Iterator[Conversation | None]:
    """The same, and no other process makes one either; gives the conversation as it is now, None when it is gone.

    Two answers that end together each look whether another is still being written. The row's lock lets the second see
    the first one's end. That lock ends with the commit, and events leave after it: hence `alone`.
    """
    with alone(conversation_id):
        yield rows.one(Conversation, conversation_id, lock=True)
