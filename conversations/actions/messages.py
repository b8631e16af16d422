"""Verbs that add to the tree: send, edit, regenerate, continue. Each makes a run that the engine then carries out."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations import events, prompts, transcript
from conversations.actions import announce
from conversations.errors import AnswerRunning, NotAnAnswer, NotAQuestion, NothingToContinue, UnknownParent
from conversations.models import LIVE, Conversation, Message, Role, Run, RunStatus
from live.errors import NotFound


@dataclasses.dataclass(frozen=True)
class Target:
    """Whom to ask, and how: a provider's id, a model id, and the parameters that the person set."""

    provider: str
    model_id: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Exchange:
    """What a command made: its run, and the messages that are new or changed, in reading order."""

    conversation: Conversation
    run: Run
    messages: list[Message]

    def as_json(self) -> dict[str, Any]:
        """The answer to the command."""
        return {"run": transcript.run_json(self.run), "messages": transcript.messages_json(self.messages)}


@transaction.atomic
def send_message(
    conversation: Conversation,
    *,
    client_id: uuid.UUID,
    process_id: uuid.UUID,
    target: Target,
    text: str,
    parent_id: uuid.UUID | None = None,
) -> Exchange:
    """Add a question after `parent_id` (else after the shown branch) and an empty answer with its run."""
    conversation = _locked(conversation)
    parent = _parent(conversation, parent_id or conversation.leaf_id)
    question = _add(conversation, parent, Role.USER, [{"type": "text", "text": text}], client_id=client_id)
    if not conversation.title:
        conversation.title = prompts.first_words(text)
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic
def edit_message(
    message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target, text: str
) -> Exchange:
    """Add another question beside this one, and an answer to it."""
    if message.role != Role.USER:
        raise NotAQuestion()
    conversation = _locked(message.conversation)
    question = _add(conversation, message.parent, Role.USER, [{"type": "text", "text": text}], client_id=client_id)
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic
def regenerate(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target) -> Exchange:
    """Add another answer beside this one."""
    if message.role != Role.ASSISTANT or message.parent is None:
        raise NotAnAnswer()
    conversation = _locked(message.conversation)
    _refuse_live(message)
    return _ask(conversation, [], client_id, process_id, target, parent=message.parent)


@transaction.atomic
def continue_message(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID) -> Exchange:
    """Extend an answer that did not come to its end, with the model that began it."""
    if message.role != Role.ASSISTANT:
        raise NothingToContinue()
    conversation = _locked(message.conversation)
    _refuse_live(message)
    message.refresh_from_db()  # its end may have been stored while we waited for the lock
    last = message.runs.order_by("-created_at").first()
    if last is None or last.status == RunStatus.COMPLETED:
        raise NothingToContinue()
    target = Target(last.provider, last.model_id, last.params)
    run = _new_run(conversation, message, client_id, process_id, target)
    _show(conversation, conversation.leaf)
    announce.to_watchers(
        conversation,
        events.MessageUpdated(transcript.messages_json([message])[0]),
        events.RunStarted(transcript.run_json(run)),
    )
    announce.updated(conversation)
    return Exchange(conversation, run, [message])


@transaction.atomic
def show_message(message: Message) -> Conversation:
    """Make the branch through a message the one that is shown, to where it was added to last."""
    conversation = _locked(message.conversation)
    leaf = Message.objects.newest_below(message.pk)
    if leaf.pk != conversation.leaf_id:
        conversation.leaf = leaf
        conversation.save(update_fields=["leaf"])
        announce.updated(conversation)
    return conversation


def _locked(conversation: Conversation) -> Conversation:
    """The conversation as it is now, with nobody else adding to it, or deleting it, before we commit."""
    found = Conversation.objects.select_for_update().filter(pk=conversation.pk, deleted_at=None).first()
    if found is None:
        raise NotFound()
    return found


def _parent(conversation: Conversation, parent_id: uuid.UUID | None) -> Message | None:
    if parent_id is None:
        return None
    parent = Message.objects.filter(conversation=conversation, pk=parent_id).first()
    if parent is None:
        raise UnknownParent()
    _refuse_live(parent)
    return parent


def _refuse_live(message: Message) -> None:
    if message.runs.filter(status__in=LIVE).exists():
        raise AnswerRunning()


def _add(
    conversation: Conversation, parent: Message | None, role: Role, parts: list[dict[str, Any]], **fields: Any
) -> Message:
    return Message.objects.create(conversation=conversation, parent=parent, role=role, parts=parts, **fields)


def _ask(
    conversation: Conversation,
    new: list[Message],
    client_id: uuid.UUID,
    process_id: uuid.UUID,
    target: Target,
    parent: Message | None = None,
) -> Exchange:
    """Add the empty answer and its run, show the branch it is on, and tell everybody."""
    answer = _add(conversation, parent or new[-1], Role.ASSISTANT, [], model_id=target.model_id)
    run = _new_run(conversation, answer, client_id, process_id, target)
    _show(conversation, answer)
    messages = [*new, answer]
    created = [events.MessageCreated(message) for message in transcript.messages_json(messages)]
    announce.to_watchers(conversation, *created, events.RunStarted(transcript.run_json(run)))
    announce.updated(conversation)
    return Exchange(conversation, run, messages)


def _new_run(
    conversation: Conversation, message: Message, client_id: uuid.UUID, process_id: uuid.UUID, target: Target
) -> Run:
    return Run.objects.create(
        owner_id=conversation.owner_id,
        conversation=conversation,
        message=message,
        client_id=client_id,
        process_id=process_id,
        provider=target.provider,
        model_id=target.model_id,
        params=dict(target.params),
    )


def _show(conversation: Conversation, leaf: Message | None) -> None:
    conversation.leaf = leaf
    conversation.updated_at = timezone.now()
    conversation.save(update_fields=["leaf", "title", "updated_at"])
