"""A snapshot is read in several steps, and things happen between them: it shows them whole or not at all."""

import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from conversations import access, actions, transcript
from conversations.actions import Target
from conversations.models import Conversation
from conversations.runs import watching
from live import process
from live.models import Process


@pytest.mark.django_db(transaction=True)
def test_a_message_that_is_sent_while_it_is_read_is_in_it_with_its_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else its counters would be known and its message not: its first words would count as seen."""
    monkeypatch.setattr(process, "_current", Process.objects.create(host="here", pid=1))
    owner = get_user_model().objects.create_user(email="races@example.org")
    conversation = actions.create(owner)
    read = access.conversation

    def read_then_another_sends(user: Any, id: uuid.UUID) -> Conversation:  # noqa: A002
        found = read(user, id)
        if not found.runs.exists():
            actions.send_message(
                found,
                owner=owner,
                client_id=uuid.uuid4(),
                process_id=process.current_id(),
                target=Target("sandbox", "sandbox-echo"),
                text="Between two steps",
            )
        return found

    monkeypatch.setattr(access, "conversation", read_then_another_sends)
    found, begun, elsewhere = watching._stored(owner, conversation.pk, transcript.snapshot)
    assert [message["run"] for message in found["messages"]][1:] == [str(run) for run in begun]
    assert len(begun) == 1 and not elsewhere
