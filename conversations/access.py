"""The only way from (user, id) to an object; what is not yours looks as if it were not there."""

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import F, Q

from conversations import addresses
from conversations.errors import MessageDeleted
from conversations.models import Conversation, Message, MessageFile, Preset, Run, TitleCall
from files.signals import Use
from live import rows
from live.errors import NotFound

T = TypeVar("T", bound=models.Model)


def conversation(user: Any, id: uuid.UUID, *, deleted: bool = False) -> Conversation:  # noqa: A002 - the address says id
    """A person's conversation; `deleted=True` finds one that can still be restored."""
    found = rows.one(Conversation, id)
    if found is None or found.owner_id != user.pk or (found.deleted_at is not None) is not deleted:
        raise NotFound()
    return found


def listed(user: Any, id: uuid.UUID) -> Conversation:  # noqa: A002
    """A person's conversation as a place in their list: also one that was deleted meanwhile."""
    return _one(Conversation.objects.filter(owner=user, pk=id))


def message(user: Any, id: uuid.UUID, *, deleted: bool = False) -> Message:  # noqa: A002
    """A message of a person's conversation; `deleted=True` finds one that can still be restored.

    Raises MessageDeleted to its owner: another tab may still show it.
    """
    mine = Message.objects.filter(conversation__owner=user, conversation__deleted_at=None, pk=id)
    found = _one(mine.select_related("conversation"))
    if found.deleted_at is not None and not deleted:
        raise MessageDeleted()
    if found.deleted_at is None and deleted:
        raise NotFound()
    return found


def run(user: Any, id: uuid.UUID) -> Run:  # noqa: A002
    """A run of a person's."""
    return _one(Run.objects.filter(owner=user, conversation__deleted_at=None, pk=id))


def presets(user: Any) -> list[Preset]:
    """The sets of parameters with a name that a person can take: their own, then everybody's."""
    mine = Preset.objects.filter(Q(owner=user) | Q(owner=None)).exclude(name="")
    return list(mine.order_by(F("owner").asc(nulls_last=True), "name"))


def changeable_preset(user: Any, id: uuid.UUID) -> Preset:  # noqa: A002
    """One that a person may change: their own; everybody's, for the site's owner."""
    found = _one(Preset.objects.exclude(name="").filter(pk=id))
    if found.owner_id != user.pk and not (found.owner_id is None and user.is_owner):
        raise NotFound()
    return found


def answers_of(user: Any, run_ids: Iterable[str]) -> dict[str, str]:
    """Run id -> the address of its answer, for those of this person's that are still there."""
    there = Run.objects.filter(owner=user, conversation__deleted_at=None, message__deleted_at=None)
    found = there.filter(pk__in=list(run_ids))
    return {
        str(pk): addresses.message(*place) for pk, *place in found.values_list("pk", "conversation_id", "message_id")
    }


def titled_by(user: Any, call_ids: Iterable[str]) -> dict[str, str]:
    """Title call id -> the address of the conversation that got the title."""
    mine = TitleCall.objects.filter(conversation__owner=user, conversation__deleted_at=None, pk__in=list(call_ids))
    return {
        str(pk): addresses.conversation(conversation_id)
        for pk, conversation_id in mine.values_list("pk", "conversation_id")
    }


def conversations_with(user: Any, file_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Use]]:
    """File id -> the conversations of this person's that have it in a message, each once; no others."""
    there = MessageFile.objects.filter(message__deleted_at=None, message__conversation__deleted_at=None)
    mine = there.filter(file__in=list(file_ids), message__conversation__owner=user)
    named = mine.values_list("file_id", "message__conversation_id", "message__conversation__title").distinct()
    found: dict[uuid.UUID, list[Use]] = {}
    for file_id, id, title in named.order_by("message__conversation_id"):  # noqa: A001
        found.setdefault(file_id, []).append(Use("conversation", title, addresses.conversation(id)))
    return found


def _one(found: "models.QuerySet[T]") -> T:
    try:
        return found.get()
    except ObjectDoesNotExist as error:
        raise NotFound() from error
