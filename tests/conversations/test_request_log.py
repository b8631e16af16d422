"""The log of requests: facts of every upstream call of one's own, newest first, none of its words, nobody else's."""

import asyncio
import re
import uuid
from typing import Any

import pytest
from django.contrib.auth import get_user_model

from conversations import actions, reports
from conversations.models import Message, Run, RunStatus, TitleCall
from tests.site import Person
from tests.site.person import PATIENCE
from tests.upstream import Upstream, json_answer

PATH = "/settings/requests/"
WORDS = "Pineapple secret"
BUSY = {"error": {"message": "Busy.", "type": "server_error", "param": None, "code": None}}
ECHOED = {"error": {"message": f"{WORDS} with sk-test", "type": "invalid_request_error", "param": WORDS, "code": WORDS}}


async def listed(person: Person, **wanted: str) -> list[dict]:
    """A page of the log."""
    async with person.http() as http:
        response = await http.get(PATH, params=wanted)
    assert response.status_code == 200, response.text
    return response.json()["requests"]


async def html(person: Person, query: str = "") -> str:
    """The same as a page."""
    response = await person.get(PATH + query, Accept="text/html")
    assert response.status_code == 200
    return response.text


async def test_an_answer_is_listed_with_its_facts(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin(WORDS, model_id="any-t7-r0")
    answer = await alice.answer(made["id"])
    found = (await listed(alice))[0]
    assert found["at"].startswith("20") and 0 <= found["first_text_seconds"] <= found["seconds"]
    facts = {name: value for name, value in found.items() if name not in ("at", "first_text_seconds", "seconds")}
    assert facts == {
        "for": "answer", "provider": "environment", "provider_name": upstream.url.split("://")[1].split("/")[0],
        "model_id": "any-t7-r0", "outcome": "completed", "code": None, "attempts": 1,
        "prompt_tokens": answer["usage"]["prompt_tokens"], "completion_tokens": 7, "status": None, "request_id": None,
        "url": f"/c/{made['id']}/#m-{answer['id']}", "request_url": f"/messages/{answer['id']}/request/",
    }  # fmt: skip
    page = await html(alice)
    assert all(text in page for text in (facts["url"], facts["request_url"], "any-t7-r0", "7 out", "asked 1 time"))
    assert f'href="{PATH}" aria-current="page"' in page
    assert (await alice.get(facts["request_url"])).status_code == 200


async def test_a_failed_one_has_its_code_its_attempts_and_its_request_id_and_none_of_its_words(
    alice: Person, upstream: Upstream
) -> None:
    upstream.script(json_answer(BUSY, 503, retry_after="0"))
    upstream.script(json_answer(ECHOED, 400, x_request_id="req_4711"))
    made = await alice.begin(WORDS)
    failed = await alice.answer(made["id"])
    assert failed["error"]["data"]["upstream_message"]  # it is under the answer, and not here
    async with alice.http() as http:
        told = await http.get(PATH, params={"outcome": "failed"})
    found = told.json()["requests"][0]
    names = ("outcome", "code", "attempts", "status", "request_id", "url")
    address = f"/c/{made['id']}/#m-{failed['id']}"
    assert [found[name] for name in names] == ["failed", "upstream_refused", 2, 400, "req_4711", address]
    page = await html(alice, "?outcome=failed")
    rows = page[page.index("<tbody") : page.index("</tbody>")]
    assert all(text in rows for text in ("The request was refused", "asked 2 times", "HTTP 400", "req_4711"))
    assert not [secret for secret in (WORDS, "sk-test", "w0001") if secret in told.text + rows]


async def test_ends_are_told_apart_and_failed_only_leaves_the_others_out(alice: Person) -> None:
    for text, model, outcome in (("Cut", "any-t3-r0-l", "cut"), ("Key", "any-e401", "failed")):
        made = await alice.begin(text, model_id=model)
        await alice.answer(made["id"])
        assert (await listed(alice))[0]["outcome"] == outcome
    made = await alice.begin("Stop", model_id="any-t5-h5")
    assert (await listed(alice))[0]["outcome"] == "running"
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(5)
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        await socket.until_quiet()
    assert (await listed(alice))[0]["outcome"] == "stopped"
    failed = await listed(alice, outcome="failed")
    assert {call["outcome"] for call in failed} <= {"failed", "interrupted"}
    assert (failed[0]["model_id"], failed[0]["code"], failed[0]["status"]) == ("any-e401", "invalid_key", 401)


async def test_titles_are_listed(alice: Person, upstream: Upstream) -> None:
    await set_titles(alice, on=True)
    try:
        made = await alice.begin(WORDS, model_id="any-t3-r0")
        found = await title_of(alice, made["id"])
        assert (found["outcome"], found["model_id"], found["completion_tokens"]) == ("completed", "any-t3-r0", 3)

        made = await alice.begin(WORDS, model_id="any-t9-r10")
        async with alice.watch(f"/ws/c/{made['id']}/") as socket:
            await socket.until_text(1)
            upstream.script(json_answer(ECHOED, 401))  # for the next request, that for a title
            await socket.until_quiet()
        found = await title_of(alice, made["id"])
        assert (found["outcome"], found["code"], found["attempts"]) == ("failed", "invalid_key", None)
        assert found in await listed(alice, outcome="failed")
        assert "The key was not accepted" in await html(alice)
    finally:
        await set_titles(alice, on=False)


async def title_of(person: Person, conversation: str) -> dict:
    """The call for a conversation's title, once it has ended."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for call in await listed(person):
                if (call["for"], call["url"]) == ("title", f"/c/{conversation}/") and call["outcome"] != "unknown":
                    return call
            await asyncio.sleep(0.05)


async def set_titles(person: Person, *, on: bool) -> None:
    """Have a model write titles for this person, or not."""
    async with person.http(Accept="text/html") as http:
        assert (await http.post("/settings/answers/", data={"title_by_model": "on"} if on else {})).status_code == 303


async def test_pages_follow_each_other_without_a_hole_even_where_times_are_the_same(alice: Person) -> None:
    made = await alice.begin("Many")
    await alice.answer(made["id"])
    own = made["id"] if alice.site.database_url else made["id"].replace("-", "")
    alice.site.execute(
        "INSERT INTO conversations_titlecall (conversation_id, provider, model_id, error_code, created_at) "
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
        "SELECT r.conversation_id, r.provider, 'many-' || i, '', r.created_at FROM n, conversations_run r "
        "WHERE r.conversation_id = ?",
        own,
    )
    first = (await alice.get(PATH)).json()
    assert len(first["requests"]) == 50
    seen = first["requests"] + await listed(alice, before=first["older"])
    ours = [call["model_id"] for call in seen[:61]]
    assert ours == [f"many-{number}" for number in range(60, 0, -1)] + ["any-t20-r0"]
    page = await html(alice)
    assert re.search(rf'href="{PATH}\?before=[^"]+"', page)
    for wrong in ("x", f"1.answer.{made['id']}.1", "1.title.x", "1.other.1", f"{'9' * 30}.title.1"):
        assert (await alice.get(f"{PATH}?before={wrong}")).status_code == 404


async def test_what_is_deleted_is_linked_no_more(alice: Person) -> None:
    made = await alice.begin("Gone")
    await alice.answer(made["id"])
    await alice.post(f"/c/{made['id']}/delete/")
    found = (await listed(alice))[0]
    assert (found["url"], found["request_url"], found["outcome"]) == (None, None, "completed")
    assert made["id"] not in await html(alice)


async def test_nobody_sees_anybody_elses_and_a_stranger_signs_in(alice: Person, charlie: Person) -> None:
    model = f"any-t1-r0-{uuid.uuid4().hex}"
    made = await alice.begin("Mine", model_id=model)
    await alice.answer(made["id"])
    assert (await listed(alice))[0]["model_id"] == model
    before = f"{10**16}.answer.{made['run']['id']}"
    for query in ("", f"?before={before}"):
        assert model not in (await charlie.get(PATH + query)).text
    stranger = alice.site.stranger()
    assert (await stranger.get(PATH)).status_code == 401
    away = await stranger.get(PATH, Accept="text/html")
    assert away.status_code == 302 and away.headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_a_page_takes_three_queries_however_many_there_are(django_assert_num_queries: Any) -> None:
    owner = get_user_model().objects.create_user(email="log@example.org")
    for number in range(30):
        conversation = actions.create(owner)
        answer = Message.objects.create(conversation=conversation, role="assistant")
        facts = {"conversation": conversation, "provider": "sandbox", "model_id": f"m{number}"}
        Run.objects.create(**facts, owner=owner, message=answer, client_id=uuid.uuid4(), status=RunStatus.COMPLETED)
        TitleCall.objects.create(**facts)
    with django_assert_num_queries(3):
        page = reports.requests(owner, before=None, only_failed=False)
    assert (len(page.calls), page.older) == (50, page.calls[-1].place)
    with django_assert_num_queries(3):
        rest = reports.requests(owner, before=reports.Place.parse(str(page.older)), only_failed=False)
    assert (len(rest.calls), rest.older) == (10, None)
    assert reports.requests(owner, before=None, only_failed=True).calls == []
