"""Verbs that change the tree without asking a model: edit an answer, insert an example turn, fork.

Messages never get another parent. What is to follow an inserted or edited message is copied below it, and the branch as
it was stays beside it: no cycle can come about, and what was asked and paid for stays with the answer that it brought.
"""

import re
import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from conversations import events, prompts, transcript
from conversations.actions import announce, uses
from conversations.actions.checks import locked, parent_in, refuse_live, still_there
from conversations.actions.turns import alone
from conversations.errors import UnknownParent
from conversations.models import TITLE_LENGTH, Conversation, Message, Receipt, Role
from live import rows
from live.errors import Refused

_AT_ONCE = 500  # rows in one statement: databases limit how many values it may have
_NUMBER = re.compile(r" \(\d+\)$")


def insert_turn(
    conversation: Conversation,
    *,
    client_id: uuid.UUID,
    role: str,
    text: str,
    before: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
) -> tuple[Receipt, bool]:
    """Put an example turn before or after a message, else at the end. Returns its receipt, and whether it is new."""

    def verb() -> Receipt:
        found = locked(conversation)
        parent, rest = _before(found, before) if before else _after(found, after)
        return _write(found, _written(role, text), parent, rest, client_id)

    return _once(conversation.owner_id, client_id, conversation.pk, verb)


def edit_by_hand(message: Message, *, client_id: uuid.UUID, text: str, keep: bool) -> tuple[Receipt, bool]:
    """Put a person's text beside an answer or a system message; `keep`: what follows is to follow it as well."""

    def verb() -> Receipt:
        found = locked(message.conversation)
        still_there(message)
        refuse_live(message)
        rest = _shown_below(found, message)[1:] if keep else []
        made = _written(message.role, text, message.model_id)
        return _write(found, made, message.parent, rest, client_id)

    return _once(message.conversation.owner_id, client_id, message.conversation_id, verb)


def fork(message: Message, *, client_id: uuid.UUID) -> tuple[Receipt, bool]:
    """A new conversation that begins with a copy of the branch down to this message."""

    def verb() -> Receipt:
        source = locked(message.conversation)
        still_there(message)
        branch = Message.objects.branch(message.pk)
        refuse_live(*branch)
        made = Conversation(owner_id=source.owner_id, title=_numbered(source), title_source=source.title_source)
        made.parameters = source.parameters
        copies = _copies(made, None, branch)
        _add(copies)
        made.leaf = copies[-1] if copies else None
        rows.add(made)
        listed = transcript.listed_json(made, running=False)
        announce.to_owner(made, events.ConversationCreated(listed))
        return Receipt.objects.create(owner_id=made.owner_id, client_id=client_id, conversation=made)

    return _once(message.conversation.owner_id, client_id, message.conversation_id, verb)


def _once(
    owner_id: Any, client_id: uuid.UUID, conversation_id: uuid.UUID, verb: Callable[[], Receipt]
) -> tuple[Receipt, bool]:
    """Carry `verb` out unless this client_id has been here before: the database refuses a second receipt."""
    try:
        with alone(conversation_id):
            return verb(), True
    except (IntegrityError, Refused):
        mine = Receipt.objects.filter(owner=owner_id, client_id=client_id)
        before = mine.select_related("conversation", "message").first()
        if before is None:
            raise
        return before, False


def _before(conversation: Conversation, message_id: uuid.UUID) -> tuple[Message | None, list[Message]]:
    """What a turn that is inserted there follows, and what is to follow it."""
    found = Message.objects.filter(conversation=conversation, pk=message_id, deleted_at=None).first()
    if found is None:
        raise UnknownParent()
    return found.parent, _shown_below(conversation, found)


def _after(conversation: Conversation, message_id: uuid.UUID | None) -> tuple[Message | None, list[Message]]:
    """The same; without a message at the end of the shown branch."""
    parent = parent_in(conversation, message_id or conversation.leaf_id)
    return parent, _shown_below(conversation, parent)[1:] if parent and message_id else []


def _shown_below(conversation: Conversation, message: Message) -> list[Message]:
    """The branch from a message on: the shown one where it is on it, else the one that was added to last."""
    branch = Message.objects.branch(conversation.leaf_id) if conversation.leaf_id else []
    if message not in branch:
        branch = Message.objects.branch(Message.objects.newest_below(message.pk).pk)
    return branch[branch.index(message) :]


def _written(role: str, text: str, model_id: str = "") -> Message:
    parts = [{"type": "text", "text": text}]
    return Message(role=role, parts=parts, model_id=model_id, by_hand=True)


def _write(
    conversation: Conversation, made: Message, parent: Message | None, rest: list[Message], client_id: uuid.UUID
) -> Receipt:
    """Add the message and copies of what is to follow it, show the branch they make, and tell everybody."""
    refuse_live(*rest)
    made.conversation, made.parent, made.client_id = conversation, parent, client_id
    copies = _copies(conversation, made, rest, created_at=timezone.now())
    _add([made, *copies])
    if not conversation.title and made.role == Role.USER:
        conversation.title = prompts.first_words(made.text)
    conversation.leaf, conversation.beside, conversation.updated_at = [made, *copies][-1], False, timezone.now()
    rows.store(conversation, "leaf", "beside", "title", "updated_at")
    if not copies:  # else the leaf says that there is more than one message to fetch
        [created] = transcript.messages_json([made], runs={})
        announce.to_watchers(conversation, events.MessageCreated(created))
    announce.updated(conversation)
    return Receipt.objects.create(
        owner_id=conversation.owner_id, client_id=client_id, conversation=conversation, message=made
    )


def _copies(
    conversation: Conversation, parent: Message | None, messages: list[Message], **changed: Any
) -> list[Message]:
    """The same words below another parent. What they cost stays where it was paid; what is empty says nothing."""
    copies: list[Message] = []
    for message in messages:
        if not message.parts:
            continue
        copy = Message(conversation=conversation, parent=copies[-1] if copies else parent)
        for name in ("role", "parts", "model_id", "finish_reason", "usage", "by_hand", "created_at"):
            setattr(copy, name, changed.get(name, getattr(message, name)))
        copies.append(copy)
    return copies


def _add(messages: list[Message]) -> None:
    for start in range(0, len(messages), _AT_ONCE):
        rows.add(*messages[start : start + _AT_ONCE])
    uses.note(messages)


def _numbered(source: Conversation) -> str:
    """Its title with the first number from 2 that no conversation of this person's has."""
    base = _NUMBER.sub("", source.title)[: TITLE_LENGTH - 8]
    if not base:
        return ""
    theirs = Conversation.objects.filter(owner=source.owner_id, deleted_at=None, title__startswith=base)
    taken = set(theirs.values_list("title", flat=True))
    number = next(number for number in range(2, len(taken) + 3) if f"{base} ({number})" not in taken)
    return f"{base} ({number})"
