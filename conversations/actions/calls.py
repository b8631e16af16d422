"""Several answers to one question: those that share a request, and those that stand side by side."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta

from conversations import events, transcript
from conversations.actions import announce
from conversations.errors import TooManyAnswers
from conversations.models import Message, Run, RunStatus
from conversations.parameters import MOST_ANSWERS
from live import rows


def client_ids(client_id: uuid.UUID) -> Iterator[uuid.UUID]:
    """The names of a command's runs: the first has the command's own, the others one that follows from it."""
    yield client_id
    for place in range(1, MOST_ANSWERS):
        yield uuid.uuid5(client_id, str(place))


def share_one(runs: Sequence[Run]) -> None:
    """New runs are those of one request; one that is alone needs no name for it."""
    for run in runs if len(runs) > 1 else ():
        run.call = runs[0].pk


def put_side_by_side(answers: Sequence[Message]) -> None:
    """New answers to one question are to be compared; they stand in this order."""
    for place, answer in enumerate(answers):
        answer.beside = answers[0].pk
        answer.created_at = answers[0].created_at + timedelta(microseconds=place)


def put_beside(answer: Message, shown: Message) -> None:
    """A new answer is to be compared with one that is there, and with those that this one stands beside."""
    if shown.beside is None:
        shown.beside = shown.pk
        rows.store(shown, "beside")
        [changed] = transcript.messages_json([shown])
        announce.to_watchers(shown.conversation, events.MessageUpdated(changed))
    if Message.objects.filter(parent=shown.parent, beside=shown.beside, deleted_at=None).count() >= MOST_ANSWERS:
        raise TooManyAnswers(limit=MOST_ANSWERS)
    answer.beside = shown.beside


def without_missing(runs: list[Run], missing: Collection[uuid.UUID]) -> list[Run]:
    """The runs of an ended call whose answers stay: one that the server never began is taken away.

    When it began none, the first stays, to say why. What somebody has written below an answer keeps it.
    """
    kept = set(Message.objects.filter(parent__in=[run.message_id for run in runs]).values_list("parent", flat=True))
    gone = [run for run in runs if run.pk in missing and run.message_id not in kept]
    if len(gone) == len(runs):
        gone = gone[1:]
    if not gone:
        return runs
    left = [run for run in runs if run not in gone]
    conversation, messages = left[0].conversation, [run.message for run in left]
    if conversation.leaf_id in {run.message_id for run in gone}:
        conversation.leaf = messages[0]
    Message.objects.filter(pk__in=[run.message_id for run in gone]).delete()
    if Message.objects.filter(beside=messages[0].beside).count() == 1:
        messages[0].beside, conversation.beside = None, False
        rows.store(messages[0], "beside")
    rows.store(conversation, "leaf", "beside")
    return left


def tell_what_is_left(left: Sequence[Run], gone: Sequence[Run]) -> None:
    """The ends of runs whose answers were taken away, and the other answers, whose `siblings` say who is left."""
    conversation, latest = left[0].conversation, {run.message_id: run for run in left}
    for run in gone:
        ids = str(run.pk), str(run.message_id)
        end = events.RunFinished(*ids, RunStatus.CANCELLED, None, None, None, [], length=0)
        announce.to_watchers(conversation, end)
    for changed in transcript.messages_json([run.message for run in left], runs=latest):
        announce.to_watchers(conversation, events.MessageUpdated(changed))
