"""A title that a model writes: switched on by the person, a call of its own, and never over a person's own title."""

import uuid
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model

from conversations import actions
from conversations.actions import Target
from live.models import Process
from tests.site import Person, Site
from tests.upstream import Upstream


@pytest.fixture
def titling(upstream: Upstream) -> Iterator[Person]:
    with Site(OPENAI_BASE_URL=upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL="any-t3-r0") as site:
        on = "TRUE" if site.database_url else "1"
        site.query(f"UPDATE accounts_user SET title_by_model = {on} RETURNING id")
        yield site.person("alice")


async def test_after_the_first_answer_the_model_is_asked_for_a_title(titling: Person, upstream: Upstream) -> None:
    async with titling.watch("/ws/me/") as me:
        await me.receive()
        made = await titling.begin("What is the plan?")
        while True:
            frame = await me.until("conversation.updated")
            if frame["conversation"]["title"] != "What is the plan?":
                break
    assert frame["conversation"]["title"] == "w0001 w0002 w0003"
    calls = titling.site.query("SELECT usage, model_id, error_code FROM conversations_titlecall")
    assert len(calls) == 1 and calls[0][1:] == ("any-t3-r0", "")
    await titling.send(made["id"], "And then?")
    await titling.answer(made["id"])
    asked = [request for request in upstream.requests if "chat" in request.path]
    assert len(asked) == 3  # two answers and one title


@pytest.mark.django_db(transaction=True)
def test_of_several_answers_that_end_together_one_asks_for_a_title() -> None:
    owner = get_user_model().objects.create_user(email="titles@example.org")
    process = Process.objects.create(host="here", pid=1)
    targets = Target("sandbox", "sandbox-echo", also=(Target("sandbox", "sandbox-guide"),))
    made = actions.send_message(
        None, owner=owner, client_id=uuid.uuid4(), process_id=process.pk, target=targets, text="Both"
    )
    request = {"model": "any", "messages": []}
    assert [bool(actions.begin_title(run, request)) for run in made.runs] == [True, False]


async def test_a_person_who_names_it_first_keeps_the_name(titling: Person, upstream: Upstream) -> None:
    made = await titling.begin("Slow", model_id="any-t20-r20")
    await titling.post(f"/c/{made['id']}/rename/", title="Mine")
    await titling.answer(made["id"])
    async with titling.watch(f"/ws/c/{made['id']}/") as socket:
        assert (await socket.receive())["conversation"]["title"] == "Mine"


async def test_without_the_switch_no_call_is_made(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin("No title call")
    await alice.answer(made["id"])
    assert len([request for request in upstream.requests if "chat" in request.path]) == 1
