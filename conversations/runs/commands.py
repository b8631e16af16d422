"""What a door calls: a verb and the start of its run as one; a repeated command gives the same run again."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation

from conversations import actions, transcript
from conversations.actions import Exchange, Target
from conversations.models import Conversation, Message, Role, Run
from conversations.runs import engine, live_run
from live import bus, process, tasks
from live.errors import Refused


def submit(
    conversation: Conversation | None,
    *,
    owner: Any,
    client_id: uuid.UUID,
    target: Target,
    text: str,
    parent_id: uuid.UUID | None = None,
    parameters: Mapping[str, Any] | None = None,
    attached: Sequence[dict[str, Any]] | None = None,
) -> tuple[Exchange, bool]:
    """Send a message, into a new conversation with these parameters when there is none.

    Returns the exchange, and whether it is new.
    """

    def verb() -> Exchange:
        return actions.send_message(
            conversation,
            owner=owner,
            client_id=client_id,
            process_id=process.current_id(),
            target=target,
            text=text,
            parent_id=parent_id,
            parameters=parameters,
            attached=attached,
        )

    return _once(owner, client_id, verb, conversation.pk if conversation else None)


def edit_message(
    message: Message,
    *,
    owner: Any,
    client_id: uuid.UUID,
    target: Target,
    text: str,
    attached: Sequence[dict[str, Any]] | None = None,
) -> tuple[Exchange, bool]:
    """Ask the same question differently."""

    def verb() -> Exchange:
        return actions.edit_message(
            message,
            client_id=client_id,
            process_id=process.current_id(),
            target=target,
            text=text,
            attached=attached,
        )

    return _once(owner, client_id, verb, message.conversation_id)


def regenerate(message: Message, *, owner: Any, client_id: uuid.UUID, target: Target) -> tuple[Exchange, bool]:
    """Answer the same question again."""

    def verb() -> Exchange:
        return actions.regenerate(message, client_id=client_id, process_id=process.current_id(), target=target)

    return _once(owner, client_id, verb, message.conversation_id)


def answer_message(message: Message, *, owner: Any, client_id: uuid.UUID, target: Target) -> tuple[Exchange, bool]:
    """Answer a question that stands alone."""

    def verb() -> Exchange:
        return actions.answer_message(message, client_id=client_id, process_id=process.current_id(), target=target)

    return _once(owner, client_id, verb, message.conversation_id)


def continue_message(message: Message, *, owner: Any, client_id: uuid.UUID) -> tuple[Exchange, bool]:
    """Extend an answer that was cut off."""

    def verb() -> Exchange:
        return actions.continue_message(message, client_id=client_id, process_id=process.current_id())

    return _once(owner, client_id, verb, message.conversation_id)


def _once(
    owner: Any, client_id: uuid.UUID, verb: Callable[[], Exchange], conversation_id: uuid.UUID | None
) -> tuple[Exchange, bool]:
    """Carry `verb` out and start its run on commit, unless this client_id has been here before.

    The database finds that out by itself, when it refuses a second run: hardly any command is a repeated one.
    """
    language = translation.get_language()
    try:
        with actions.alone(conversation_id) if conversation_id else transaction.atomic():
            exchange = verb()
            transaction.on_commit(lambda: _launch(exchange, language))
    except (IntegrityError, Refused):
        before = _made_by(owner, client_id)
        if before is None:
            raise
        return before, False
    return exchange, True


def _launch(exchange: Exchange, language: str | None) -> None:
    for work in exchange.work:
        engine.launch(work.run.pk, language, work)


def _made_by(owner: Any, client_id: uuid.UUID) -> Exchange | None:
    named = Run.objects.filter(owner=owner, client_id__in=actions.client_ids(client_id))
    found = {run.client_id: run for run in named.select_related("conversation", "message")}
    runs = [found[name] for name in actions.client_ids(client_id) if name in found]
    if not runs or runs[0].client_id != client_id:
        return None
    parent = runs[0].message.parent
    asked = parent is not None and parent.role == Role.USER and parent.client_id == client_id
    messages = [*([parent] if asked and parent else []), *(run.message for run in runs)]
    return Exchange(runs[0].conversation, runs, transcript.messages_json(messages))


def stop(run: Run) -> tuple[Run, bool]:
    """Stop a run, wherever it is being written. Returns it, and whether it was still live."""
    run = actions.request_stop(run)
    if run.is_live:
        tasks.call_soon(_stop_now, run.pk, run.process.channel if run.process else "")
    return run, run.is_live


def _stop_now(run_id: uuid.UUID, channel: str) -> None:
    """The column is enough in the end; this only makes it faster."""
    live = live_run.find(run_id)
    if live is not None:
        live.stop()
    else:
        bus.send_to(channel, "runs.stop", run=str(run_id))
