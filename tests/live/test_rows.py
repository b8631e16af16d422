"""Rows by hand: what the ORM writes they read, what they write the ORM reads, in every field."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.db import models, transaction

from conversations.models import Conversation, Message, Role, Run, RunStatus
from live import rows
from live.models import Process

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 21, 12, 30, 15, 123456, tzinfo=UTC)


def made() -> dict[str, Any]:
    """An exchange that is stored nowhere but for its owner and its process."""
    owner = get_user_model().objects.create_user(email="rows@example.org")
    process = Process.objects.create(host="here", pid=1)
    conversation = Conversation(owner=owner, title="标题 “x”", created_at=MOMENT, updated_at=MOMENT)
    question = Message(
        conversation=conversation, role=Role.USER, parts=[{"type": "text", "text": "é"}], created_at=MOMENT
    )
    answer = Message(conversation=conversation, parent=question, role=Role.ASSISTANT, usage={"total_tokens": 3})
    conversation.leaf = answer
    run = Run(
        owner=owner,
        conversation=conversation,
        message=answer,
        client_id=uuid.uuid4(),
        process=process,
        status=RunStatus.IN_PROGRESS,
        provider="sandbox",
        model_id="m",
        params={"stop": ["\n"], "temperature": 0.5},
        started_at=MOMENT,
    )
    return {"conversation": conversation, "messages": [question, answer], "run": run}


def fields_of(thing: models.Model) -> dict[str, Any]:
    """Every stored value of an object."""
    return {field.attname: getattr(thing, field.attname) for field in type(thing)._meta.concrete_fields}


def test_what_was_added_is_what_the_orm_reads_and_what_is_read_by_hand() -> None:
    new = made()
    with transaction.atomic():
        rows.add(*new["messages"])
        rows.add(new["run"])
        rows.add(new["conversation"])
    for thing in (*new["messages"], new["run"], new["conversation"]):
        kind = type(thing)
        found = rows.one(kind, thing.pk)
        assert found is not None
        assert fields_of(found) == fields_of(kind._default_manager.get(pk=thing.pk)) == fields_of(thing)
        assert thing._state.adding is False


def test_only_the_named_fields_are_stored() -> None:
    conversation = Conversation.objects.create(owner=get_user_model().objects.create_user(email="rows@example.org"))
    leaf = Message.objects.create(conversation=conversation, role=Role.USER)
    conversation.title, conversation.leaf, conversation.unread, conversation.updated_at = "New", leaf, True, MOMENT
    rows.store(conversation, "title", "leaf", "updated_at")
    stored = Conversation.objects.get()
    assert (stored.title, stored.leaf, stored.unread, stored.updated_at) == ("New", leaf, False, MOMENT)
    leaf.parts, leaf.usage, leaf.cost = [{"type": "text", "text": "x" * 70_000}], None, 2**40
    rows.store(leaf, "parts", "usage", "cost")
    assert fields_of(Message.objects.get()) == fields_of(leaf)


def test_what_is_not_there_is_none() -> None:
    assert rows.one(Conversation, uuid.uuid4()) is None
    assert rows.one(Session, "never") is None
    assert rows.some(Message, f"WHERE id {rows.among(0)}") == []


def test_several_are_found_by_their_keys_in_order() -> None:
    conversation = Conversation.objects.create(owner=get_user_model().objects.create_user(email="rows@example.org"))
    keys = [Message.objects.create(conversation=conversation, role=Role.USER).pk for _ in range(3)]
    with transaction.atomic():
        found = rows.some(Message, f"WHERE id {rows.among(2)} ORDER BY created_at", *keys[1:], lock=True)
    assert [message.pk for message in found] == keys[1:]


def test_identifiers_are_read_as_such() -> None:
    conversation = Conversation.objects.create(owner=get_user_model().objects.create_user(email="rows@example.org"))
    [(key, leaf)] = rows.ask("SELECT id, leaf_id FROM conversations_conversation WHERE id = %s", conversation.pk)
    assert (rows.as_uuid(key), rows.as_uuid(leaf)) == (conversation.pk, None)
