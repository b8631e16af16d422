"""What a page and a socket are shown: conversations, messages and runs as JSON objects (docs/protocol.md)."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.urls import reverse

from conversations import standing
from conversations.attached import chosen, parts
from conversations.models import Conversation, ConversationQuerySet, Message, Run, RunStatus
from live import rows
from live.errors import NotFound

Json = dict[str, Any]
Siblings = Mapping[uuid.UUID | None, list[uuid.UUID]]  # parent -> its children, oldest first; the roots under None
_CHILDREN = "SELECT parent_id, id FROM conversations_message"
_AT_ONCE = 500  # values in a statement
PAGE = 50  # messages in a snapshot, and in each helping of older ones


def conversation_json(conversation: Conversation) -> Json:
    """A conversation as its own page and socket need it."""
    leaf = conversation.leaf_id
    return {
        "id": str(conversation.pk),
        "title": conversation.title,
        "leaf": str(leaf) if leaf else None,
        "beside": conversation.beside,
        "pinned": conversation.pinned_at is not None,
        "archived": conversation.archived_at is not None,
    }


def listed_json(conversation: Conversation, *, running: bool) -> Json:
    """A conversation as lists and `/ws/me/` need it."""
    return {
        **conversation_json(conversation),
        "url": reverse("conversation", args=[conversation.pk]),
        "updated_at": conversation.updated_at.isoformat(),
        "running": running,
        "unread": conversation.unread,
    }


def listed(conversation: Conversation) -> Json:
    """The same, with whether an answer is being written looked up."""
    return listed_json(conversation, running=Conversation.objects.is_running(conversation.pk))


def newest(user: Any, count: int = PAGE) -> list[Json]:
    """A person's latest conversations."""
    return _all_listed(list(Conversation.objects.of(user)[:count]))


def pinned(user: Any) -> list[Json]:
    """Those of a person's that stand above all others."""
    return _all_listed(list(Conversation.objects.pinned(user)[:PAGE]))


def archived(user: Any, conversation: Conversation | None) -> Json:
    """PAGE of those that were archived, after one of them in the list with the latest first."""
    return _helping(Conversation.objects.archived(user), conversation)


def below(user: Any, conversation: Conversation | None) -> Json:
    """The PAGE conversations after one of the person's in the list with the latest first; the first ones after None."""
    return _helping(Conversation.objects.of(user), conversation)


def _helping(mine: ConversationQuerySet, conversation: Conversation | None) -> Json:
    found = list((mine.after(conversation) if conversation else mine)[: PAGE + 1])
    return {"conversations": _all_listed(found[:PAGE]), "has_older": len(found) > PAGE}


def _all_listed(found: list[Conversation]) -> list[Json]:
    live = Run.objects.live().filter(conversation__in=found).values_list("conversation_id", flat=True)
    running = set(live)
    return [listed_json(conversation, running=conversation.pk in running) for conversation in found]


def run_json(run: Run) -> Json:
    """A run."""
    return {
        "id": str(run.pk),
        "conversation": str(run.conversation_id),
        "message": str(run.message_id),
        "status": run.status,
        "seq": run.seq,
        "reasoning_seq": run.reasoning_seq,
        "attempt": run.attempt,
        "retry_at": run.retry_at.isoformat() if run.retry_at else None,
        "model_id": run.model_id,
        "provider": run.provider,
        "ceiling": run.ceiling,
        "started_at": run.started_at.isoformat() if run.started_at else None,
        "error": run.error,
    }


def message_json(message: Message, run: Run | None, siblings: Iterable[uuid.UUID]) -> Json:
    """A message, with its latest run and its siblings."""
    return {
        "id": str(message.pk),
        "parent": str(message.parent_id) if message.parent_id else None,
        "role": message.role,
        "client_id": str(message.client_id) if message.client_id else None,
        "run": str(run.pk) if run else None,
        "parts": message.parts,
        "status": run.status if run else RunStatus.COMPLETED.value,
        "error": run.error if run else None,
        "model_id": message.model_id,
        "finish_reason": message.finish_reason or None,
        "usage": message.usage,
        "cost": message.cost,
        "cost_marks": message.cost_marks,
        "left_out": run.left_out if run else [],
        "by_hand": message.by_hand,
        "created_at": message.created_at.isoformat(),
        "siblings": [str(sibling) for sibling in siblings],
        "beside": str(message.beside) if message.beside else None,
    }


def messages_json(
    messages: list[Message], *, runs: Mapping[uuid.UUID, Run] | None = None, siblings: Siblings | None = None
) -> list[Json]:
    """Messages of one conversation, with what belongs to them, in three queries however many there are.

    Who has just made them need not ask: `runs` are their latest ones, `siblings` those of some of their parents.
    """
    runs = latest_runs(messages) if runs is None else runs
    siblings = _siblings(messages, siblings or {})
    shown = [message_json(message, runs.get(message.pk), siblings[message.parent_id]) for message in messages]
    if gone := chosen.gone_of(messages):
        for one in shown:
            one["parts"] = [{**part, "deleted": True} if _is_gone(part, gone) else part for part in one["parts"]]
    return shown


def _is_gone(part: Json, gone: Collection[str]) -> bool:
    return part["type"] in parts.ATTACHED and part["file"] in gone


def latest_runs(messages: Iterable[Message]) -> Mapping[uuid.UUID, Run]:
    """Message id -> its latest run."""
    keys = [message.pk for message in messages]
    found = rows.some(Run, f"WHERE message_id {rows.among(len(keys))} ORDER BY created_at", *keys)
    return {run.message_id: run for run in found}


def _siblings(messages: list[Message], known: Siblings) -> Siblings:
    """The children of these messages' parents, looked up where they are not known."""
    found: defaultdict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list, known)
    unknown = {message.parent_id for message in messages} - known.keys()
    parents = [parent for parent in unknown if parent is not None]
    which, values = f"parent_id {rows.among(len(parents))}", list(parents)
    if None in unknown:
        which, values = (
            f"{which} OR parent_id IS NULL AND conversation_id = %s",
            [*parents, messages[0].conversation_id],
        )
    if unknown:
        for parent, child in rows.ask(
            f"{_CHILDREN} WHERE deleted_at IS NULL AND ({which}) ORDER BY created_at, id", *values
        ):
            found[rows.as_uuid(parent)].append(uuid.UUID(str(child)))
    return found


def page(conversation: Conversation, leaf_id: uuid.UUID | None) -> tuple[list[Message], bool]:
    """The last PAGE messages that end at the leaf, and whether there are older ones."""
    if leaf_id is None:
        return [], False
    found = Message.objects.branch(leaf_id, limit=PAGE + 1)
    return found[-PAGE:], len(found) > PAGE


def older(conversation: Conversation, before: uuid.UUID) -> Json:
    """The PAGE messages before one of this conversation."""
    try:
        message = Message.objects.get(pk=before, conversation=conversation, deleted_at=None)
    except Message.DoesNotExist as error:
        raise NotFound() from error
    messages, has_older = page(conversation, message.parent_id)
    return {"messages": messages_json(messages), "has_older": has_older}


def earlier(conversation: Conversation, before: uuid.UUID) -> Json:
    """The same as a page of its own: a snapshot without runs, and `later`, the message before which the next page is.

    `later` is None where the newest messages follow: they are shown with what is being written.
    """
    branch = Message.objects.branch_ids(conversation.leaf_id) if conversation.leaf_id else []
    after = branch[branch.index(before) + PAGE :] if before in branch else []
    return {
        "conversation": _opened(conversation),
        **older(conversation, before),
        "runs": [],
        "later": str(after[0]) if after else None,
    }


def around(conversation: Conversation, message: Message) -> Json:
    """The PAGE messages around one of this conversation, on the shown branch where it stands on it, else on its own.

    As `earlier`; `elsewhere` says why it is not among the newest: it is `above` them, or on another `branch`.
    """
    branch = Message.objects.branch_ids(conversation.leaf_id) if conversation.leaf_id else []
    elsewhere = "above" if message.pk in branch else "branch"
    if elsewhere == "branch":
        branch = Message.objects.branch_ids(Message.objects.newest_below(message.pk).pk)
    end = min(branch.index(message.pk) + PAGE // 2, len(branch))
    messages, has_older = page(conversation, branch[end - 1])
    return {
        "conversation": _opened(conversation),
        "messages": messages_json(messages),
        "has_older": has_older,
        "runs": [],
        "later": str(branch[end]) if end < len(branch) and elsewhere == "above" else None,
        "elsewhere": elsewhere,
    }


def _opened(conversation: Conversation) -> Json:
    """A conversation as who opens it needs it: with what parameters hold in it."""
    return {**conversation_json(conversation), "parameters": standing.summary_of(conversation)}


def snapshot(conversation: Conversation, live: Iterable[Run]) -> Json:
    """The stored state that a snapshot shows, with these live runs.

    What lives in memory is laid over it by `runs.snapshot`.
    """
    messages, has_older = page(conversation, conversation.leaf_id)
    beside = _beside(messages[-1]) if conversation.beside and messages and messages[-1].beside else []
    shown = messages_json([*messages, *beside])
    return {
        "conversation": {**_opened(conversation), "cost": Conversation.objects.cost(conversation.pk)},
        "messages": shown[: len(messages)],
        "runs": [run_json(run) for run in live],
        "has_older": has_older,
        "beside": shown[len(messages) :],
    }


def whole(conversation: Conversation, live: Iterable[Run]) -> Json:
    """Every message that is there, the oldest first, and which of them are on the shown branch."""
    messages = rows.some(
        Message, "WHERE conversation_id = %s AND deleted_at IS NULL ORDER BY created_at, id", conversation.pk
    )
    siblings: defaultdict[uuid.UUID | None, list[uuid.UUID]] = defaultdict(list)
    for message in messages:
        siblings[message.parent_id].append(message.pk)
    runs: dict[uuid.UUID, Run] = {}
    for start in range(0, len(messages), _AT_ONCE):
        runs |= latest_runs(messages[start : start + _AT_ONCE])
    leaf = conversation.leaf_id
    return {
        "conversation": {
            **conversation_json(conversation),
            "created_at": conversation.created_at.isoformat(),
            "updated_at": conversation.updated_at.isoformat(),
            "parameters": conversation.parameters,
        },
        "messages": messages_json(messages, runs=runs, siblings=siblings),
        "runs": [run_json(run) for run in live],
        "beside": [],
        "branch": [str(one) for one in Message.objects.branch_ids(leaf)] if leaf else [],
    }


def _beside(last: Message) -> list[Message]:
    """The answers that the last one is compared with."""
    companions = "WHERE parent_id = %s AND beside = %s AND deleted_at IS NULL ORDER BY created_at, id"
    found = rows.some(Message, companions, last.parent_id, last.beside)
    return [message for message in found if message.pk != last.pk]
