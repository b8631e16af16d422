"""Verbs that add to the tree: send, edit, regenerate, continue. Each makes a run that the engine then carries out."""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations import events, prompts, transcript
from conversations.actions import announce, money
from conversations.actions.runs import Work, work_of
from conversations.errors import (
    AnswerRunning,
    AnswerTooLong,
    NotAnAnswer,
    NotAQuestion,
    NothingToContinue,
    UnknownParent,
)
from conversations.models import LIVE, MAX_ANSWER, Conversation, Message, Role, Run, RunStatus
from live import rows
from live.errors import NotFound


@dataclasses.dataclass(frozen=True)
class Target:
    """Whom to ask, and how: a provider's id, a model id, and the parameters that the person set."""

    provider: str
    model_id: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)


@dataclasses.dataclass(frozen=True)
class Exchange:
    """What a command made: its run, and the messages that are new or changed, in reading order, as JSON.

    `work` is what the engine has to do; None when the command was carried out before.
    """

    conversation: Conversation
    run: Run
    messages: list[dict[str, Any]]
    work: Work | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer to the command."""
        return {"run": transcript.run_json(self.run), "messages": self.messages}


@transaction.atomic(savepoint=False)
def send_message(
    conversation: Conversation | None,
    *,
    owner: Any,
    client_id: uuid.UUID,
    process_id: uuid.UUID,
    target: Target,
    text: str,
    parent_id: uuid.UUID | None = None,
) -> Exchange:
    """Add a question after `parent_id` (else after the shown branch) and an empty answer with its run.

    Without a conversation it is the beginning of a new one.
    """
    conversation = _locked(conversation) if conversation else Conversation(owner=owner)
    parent = _parent(conversation, parent_id or conversation.leaf_id)
    question = _new(conversation, parent, Role.USER, [{"type": "text", "text": text}], client_id=client_id)
    if not conversation.title:
        conversation.title = prompts.first_words(text)
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic(savepoint=False)
def edit_message(
    message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target, text: str
) -> Exchange:
    """Add another question beside this one, and an answer to it."""
    if message.role != Role.USER:
        raise NotAQuestion()
    conversation = _locked(message.conversation)
    question = _new(conversation, message.parent, Role.USER, [{"type": "text", "text": text}], client_id=client_id)
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic(savepoint=False)
def regenerate(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target) -> Exchange:
    """Add another answer beside this one."""
    if message.role != Role.ASSISTANT or message.parent is None:
        raise NotAnAnswer()
    conversation = _locked(message.conversation)
    _refuse_live(message)
    return _ask(conversation, [], client_id, process_id, target, parent=message.parent)


@transaction.atomic(savepoint=False)
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
    if sum(len(part.get("text", "")) for part in message.parts) >= MAX_ANSWER:
        raise AnswerTooLong(limit=MAX_ANSWER)
    target = Target(last.provider, last.model_id, last.params)
    branch = Message.objects.branch(message.pk)
    run = _new_run(conversation, branch, client_id, process_id, target)
    changed = transcript.messages_json([message], runs={message.pk: run})
    announce.to_watchers(conversation, events.MessageUpdated(changed[0]))
    _show(conversation, conversation.leaf, run)
    return Exchange(conversation, run, changed, work_of(run, changed[0], branch))


@transaction.atomic(savepoint=False)
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
    found = rows.one(Conversation, conversation.pk, lock=True)
    if found is None or found.deleted_at is not None:
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


def _new(
    conversation: Conversation, parent: Message | None, role: Role, parts: list[dict[str, Any]], **fields: Any
) -> Message:
    return Message(conversation=conversation, parent=parent, role=role, parts=parts, **fields)


def _ask(
    conversation: Conversation,
    new: list[Message],
    client_id: uuid.UUID,
    process_id: uuid.UUID,
    target: Target,
    parent: Message | None = None,
) -> Exchange:
    """Add what is new, the empty answer and its run, show the branch it is on, and tell everybody."""
    answer = _new(conversation, parent or new[-1], Role.ASSISTANT, [], model_id=target.model_id)
    rows.add(*new, answer)
    branch = [*new, answer] if conversation._state.adding else Message.objects.branch(answer.pk)
    run = _new_run(conversation, branch, client_id, process_id, target)
    siblings: dict[uuid.UUID | None, list[uuid.UUID]] = {question.pk: [answer.pk] for question in new}
    if conversation._state.adding:
        siblings[None] = [new[0].pk]
    created = transcript.messages_json([*new, answer], runs={answer.pk: run}, siblings=siblings)
    announce.to_watchers(conversation, *map(events.MessageCreated, created))
    _show(conversation, answer, run)
    return Exchange(conversation, run, created, work_of(run, created[-1], branch))


def _new_run(
    conversation: Conversation, branch: list[Message], client_id: uuid.UUID, process_id: uuid.UUID, target: Target
) -> Run:
    """A run for the branch's last message that this process takes up at once: there is nothing to wait for."""
    message = branch[-1]
    run = Run(
        owner_id=conversation.owner_id,
        conversation=conversation,
        message=message,
        client_id=client_id,
        process_id=process_id,
        status=RunStatus.IN_PROGRESS,
        started_at=timezone.now(),
        provider=target.provider,
        model_id=target.model_id,
        params=dict(target.params),
        text_before=len(message.text),
        reasoning_before=len(message.reasoning),
    )
    money.hold(run, branch)
    rows.add(run)
    return run


def _show(conversation: Conversation, leaf: Message | None, run: Run) -> None:
    """Store the conversation with the branch that ends here, and tell everybody what runs in it."""
    conversation.leaf = leaf
    conversation.updated_at = timezone.now()
    is_new = conversation._state.adding
    if is_new:
        rows.add(conversation)
    else:
        rows.store(conversation, "leaf", "title", "updated_at")
    announce.to_watchers(conversation, events.RunStarted(transcript.run_json(run)))
    listed = transcript.listed_json(conversation, running=True)
    if is_new:
        announce.to_owner(conversation, events.ConversationCreated(listed))
    announce.updated(conversation, listed)
