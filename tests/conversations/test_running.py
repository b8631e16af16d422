"""Whether an answer is being written: what a list is told last is true, however many answers end together."""

import asyncio
import threading
import uuid

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction

from conversations import actions
from tests.site import Person
from tests.upstream import Upstream, WaitFor, done, stream_answer, text_chunk

PAIRS = 20
UPDATES = 4  # of each conversation: its question, the other one, and the two ends


async def test_two_answers_that_end_together_leave_a_list_that_says_so(alice: Person, upstream: Upstream) -> None:
    over = threading.Event()
    beginning, *rest = stream_answer(text_chunk("Half. "))
    ending = stream_answer(text_chunk(finish="stop"), done())[1:]
    for _ in range(2 * PAIRS):
        upstream.script([beginning, *rest[:-1], WaitFor(over), *ending])
    async with alice.watch("/ws/me/") as me:
        await me.receive()
        made = [await two_answers(alice) for _ in range(PAIRS)]
        while len([asked for asked in upstream.requests if "chat" in asked.path]) < 2 * PAIRS:
            await asyncio.sleep(0.02)
        over.set()
        told: dict[str, list[bool]] = {conversation: [] for conversation in made}
        while any(len(running) < UPDATES for running in told.values()):
            frame = await me.receive()
            if frame["type"] == "conversation.updated" and frame["conversation"]["id"] in told:
                told[frame["conversation"]["id"]].append(frame["conversation"]["running"])
    assert {running[-1] for running in told.values()} == {False}


async def two_answers(person: Person) -> str:
    """A conversation in which two answers are being written, to a question and to its other wording."""
    made = await person.begin("One")
    fields = {"client_id": str(uuid.uuid4()), "text": "Two"}
    edited = await person.post(f"/messages/{made['messages'][0]['id']}/edit/", **fields)
    assert edited.status_code == 201
    return made["id"]


@pytest.mark.django_db(transaction=True)
def test_what_one_change_tells_leaves_before_the_next_change_is_looked_at() -> None:
    owner = get_user_model().objects.create_user(email="turns@example.org")
    conversation = actions.create(owner)
    told: list[str] = []
    committed, begun = threading.Event(), threading.Event()

    def slow() -> None:
        committed.set()
        begun.wait(10)
        begun_and_waiting.wait(0.3)  # the other has every chance to overtake
        told.append("first")

    begun_and_waiting = threading.Event()

    def second() -> None:
        committed.wait(10)
        begun.set()
        with actions.turn(conversation.pk):
            transaction.on_commit(lambda: told.append("second"))
            begun_and_waiting.set()
        connections.close_all()

    other = threading.Thread(target=second)
    other.start()
    with actions.turn(conversation.pk) as found:
        assert found == conversation
        transaction.on_commit(slow)
    other.join(20)
    assert told == ["first", "second"]
    with actions.turn(uuid.uuid4()) as found:
        assert found is None
