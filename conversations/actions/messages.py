"""Verbs that ask a model: send, edit, regenerate, answer, continue. Each makes a run that the engine carries out."""

import dataclasses
import itertools
import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from conversations import events, prompts, transcript
from conversations.actions import announce, calls, money, uses
from conversations.actions.checks import locked, parent_in, refuse_live, still_there
from conversations.actions.runs import Work, work_of
from conversations.attached import parts as attaching
from conversations.errors import (
    AnswerTooLong,
    NotAnAnswer,
    NotAQuestion,
    NothingToContinue,
    TextMissing,
    TooManyAnswers,
)
from conversations.models import MAX_ANSWER, Conversation, Message, Role, Run, RunStatus
from conversations.parameters import MOST_ANSWERS
from live import rows


@dataclasses.dataclass(frozen=True)
class Target:
    """Whom to ask, and how: a provider's id, a model id, and the parameters that the person set.

    `also`: others who answer the same, side by side. `beside`: another answer is to stand beside the one that is there.
    """

    provider: str
    model_id: str
    params: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    also: tuple["Target", ...] = ()
    beside: bool = False


@dataclasses.dataclass(frozen=True)
class Exchange:
    """What a command made: its runs, and the messages that are new or changed, in reading order, as JSON.

    `work` is what the engine has to do, call by call; nothing when the command was carried out before.
    """

    conversation: Conversation
    runs: list[Run]
    messages: list[dict[str, Any]]
    work: Sequence[Work] = ()

    def as_json(self) -> dict[str, Any]:
        """The answer to the command."""
        made = [transcript.run_json(run) for run in self.runs]
        return {"run": made[0], "messages": self.messages, **({"runs": made} if len(made) > 1 else {})}


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
    parameters: Mapping[str, Any] | None = None,
    attached: Sequence[dict[str, Any]] | None = None,
) -> Exchange:
    """Add a question after `parent_id` (else after the shown branch) and an empty answer with its run.

    Without a conversation it is the beginning of a new one, with these parameters of its own. `attached`: parts that
    stand for files.
    """
    conversation = locked(conversation) if conversation else Conversation(owner=owner, parameters=parameters or {})
    parent = parent_in(conversation, parent_id or conversation.leaf_id)
    question = _new(conversation, parent, Role.USER, _parts(text, attached), client_id=client_id)
    if not conversation.title:
        conversation.title = prompts.first_words(text or attaching.title(question.parts))
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic(savepoint=False)
def edit_message(
    message: Message,
    *,
    client_id: uuid.UUID,
    process_id: uuid.UUID,
    target: Target,
    text: str,
    attached: Sequence[dict[str, Any]] | None = None,
) -> Exchange:
    """Add another question beside this one, and an answer to it. Without `attached` it keeps this one's files."""
    conversation = locked(message.conversation)
    still_there(message)
    parts = _parts(text, attaching.of(message.parts) if attached is None else attached)
    question = _new(conversation, message.parent, Role.USER, parts, client_id=client_id)
    return _ask(conversation, [question], client_id, process_id, target)


@transaction.atomic(savepoint=False)
def regenerate(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target) -> Exchange:
    """Add another answer beside this one."""
    if message.role != Role.ASSISTANT or message.parent is None:
        raise NotAnAnswer()
    conversation = locked(message.conversation)
    still_there(message)
    refuse_live(message)
    return _ask(conversation, [], client_id, process_id, target, parent=message.parent, shown=message)


@transaction.atomic(savepoint=False)
def answer_message(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID, target: Target) -> Exchange:
    """Add an answer to a question that has none, or one more."""
    if message.role == Role.ASSISTANT:
        raise NotAQuestion()
    conversation = locked(message.conversation)
    still_there(message)
    return _ask(conversation, [], client_id, process_id, target, parent=message)


@transaction.atomic(savepoint=False)
def continue_message(message: Message, *, client_id: uuid.UUID, process_id: uuid.UUID) -> Exchange:
    """Extend an answer that did not come to its end, with the model that began it."""
    if message.role != Role.ASSISTANT:
        raise NothingToContinue()
    conversation = locked(message.conversation)
    still_there(message)  # its end may have been stored while we waited for the lock
    refuse_live(message)
    last = message.runs.order_by("-created_at").first()
    if last is None or last.status == RunStatus.COMPLETED:
        raise NothingToContinue()
    if sum(len(part.get("text", "")) for part in message.parts) >= MAX_ANSWER:
        raise AnswerTooLong(limit=MAX_ANSWER)
    target = Target(last.provider, last.model_id, {name: each for name, each in last.params.items() if name != "n"})
    branch = Message.objects.branch(message.pk)
    runs = _new_runs(conversation, branch, [message], [client_id], process_id, target, timezone.now())
    changed = transcript.messages_json([message], runs={message.pk: runs[0]})
    announce.to_watchers(conversation, events.MessageUpdated(changed[0]))
    _show(conversation, conversation.leaf, runs)
    return Exchange(conversation, runs, changed, [work_of(runs, changed, branch)])


@transaction.atomic(savepoint=False)
def show_message(message: Message, *, beside: bool = False) -> Conversation:
    """Make the branch through a message the one that is shown, to where it was added to last.

    To name an answer itself is to choose it among its companions, unless it is to stand `beside` them.
    """
    conversation = locked(message.conversation)
    still_there(message)
    leaf = Message.objects.newest_below(message.pk)
    beside = leaf.beside is not None and (beside or leaf.pk != message.pk)
    if (leaf.pk, beside) != (conversation.leaf_id, conversation.beside):
        conversation.leaf, conversation.beside = leaf, beside
        conversation.save(update_fields=["leaf", "beside"])
        announce.updated(conversation)
    return conversation


def _parts(text: str, attached: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """What a question consists of. One of neither words nor files has lost its files meanwhile."""
    parts = [*(attached or ()), *([{"type": "text", "text": text}] if text else ())]
    if not parts:
        raise TextMissing()
    return parts


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
    shown: Message | None = None,
) -> Exchange:
    """Add what is new, the empty answers and their runs, show the branch they are on, and tell everybody.

    `shown` is the answer that another one is asked for.
    """
    parent, names = parent or new[-1], calls.client_ids(client_id)
    asked = _answers(conversation, parent, target, shown)
    answers = [answer for _, its in asked for answer in its]
    rows.add(*new, *answers)
    uses.note(new)
    branch = [*new, answers[0]] if conversation._state.adding else Message.objects.branch(answers[0].pk)
    now = timezone.now()  # the first that is asked counts as the one that was used last
    made = [
        _new_runs(conversation, branch, its, names, process_id, one, now - timedelta(microseconds=place))
        for place, (one, its) in enumerate(asked)
    ]
    runs = [run for its in made for run in its]
    created = _announce_new(conversation, new, answers, runs)
    conversation.beside = answers[0].beside is not None
    _show(conversation, answers[0], runs)
    shown_as = iter(created[len(new) :])
    work = [work_of(its, list(itertools.islice(shown_as, len(its))), branch) for its in made]
    return Exchange(conversation, runs, created, work)


def _announce_new(
    conversation: Conversation, new: list[Message], answers: list[Message], runs: list[Run]
) -> list[dict[str, Any]]:
    """Tell of new messages; as JSON, in reading order."""
    siblings: dict[uuid.UUID | None, list[uuid.UUID]] = {one.pk: [answer.pk for answer in answers] for one in new}
    if conversation._state.adding:
        siblings[None] = [new[0].pk]
    latest = {run.message_id: run for run in runs}
    created = transcript.messages_json([*new, *answers], runs=latest, siblings=siblings)
    announce.to_watchers(conversation, *map(events.MessageCreated, created))
    return created


def _answers(
    conversation: Conversation, parent: Message, target: Target, shown: Message | None
) -> list[tuple[Target, list[Message]]]:
    """Call by call, whom to ask and the empty answers to fill; side by side where they are to be compared."""
    asked = [
        (one, [_new(conversation, parent, Role.ASSISTANT, [], model_id=one.model_id) for _ in range(count)])
        for one in (target, *target.also)
        for count in [prompts.answers(one.params)]
    ]
    answers = [answer for _, its in asked for answer in its]
    if len(answers) > MOST_ANSWERS:
        raise TooManyAnswers(limit=MOST_ANSWERS)
    if len(answers) > 1:
        calls.put_side_by_side(answers)
    elif shown is not None and target.beside:
        calls.put_beside(answers[0], shown)
    return asked


def _new_runs(
    conversation: Conversation,
    branch: list[Message],
    messages: list[Message],
    client_ids: Iterable[uuid.UUID],
    process_id: uuid.UUID,
    target: Target,
    now: datetime,
) -> list[Run]:
    """The runs of one call, which this process takes up at once; `branch` leads to one of their messages."""
    runs = [
        Run(
            owner_id=conversation.owner_id,
            conversation=conversation,
            message=message,
            client_id=client_id,
            choice=choice,
            process_id=process_id,
            status=RunStatus.IN_PROGRESS,
            created_at=now,
            started_at=now,
            provider=target.provider,
            model_id=target.model_id,
            params=dict(target.params),
            text_before=len(message.text),
            reasoning_before=len(message.reasoning),
        )
        for choice, (message, client_id) in enumerate(zip(messages, client_ids, strict=False))
    ]
    calls.share_one(runs)
    money.hold(runs, branch)
    rows.add(*runs)
    return runs


def _show(conversation: Conversation, leaf: Message | None, runs: list[Run]) -> None:
    """Store the conversation with the branch that ends here, and tell everybody what runs in it."""
    conversation.leaf = leaf
    conversation.updated_at = timezone.now()
    is_new = conversation._state.adding
    if is_new:
        rows.add(conversation)
    else:
        rows.store(conversation, "leaf", "title", "updated_at", "beside")
    announce.to_watchers(conversation, *(events.RunStarted(transcript.run_json(run)) for run in runs))
    listed = transcript.listed_json(conversation, running=True)
    if is_new:
        announce.to_owner(conversation, events.ConversationCreated(listed))
    announce.updated(conversation, listed)
