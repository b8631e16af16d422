"""The request behind an answer, to be asked again elsewhere: the person's words, no key, and nobody else's."""

import shlex

from tests.site import Person
from tests.upstream import Upstream


async def test_it_is_what_was_asked(alice: Person, upstream: Upstream) -> None:
    made = await alice.begin('It\'s a "question"', params={"temperature": 0.5})
    first = await alice.answer(made["id"])
    await alice.send(made["id"], "And then?")
    last = await alice.answer(made["id"])
    asked = [request.json for request in upstream.requests if request.path.endswith("/chat/completions")]
    for message, body in zip((first, last), asked, strict=True):
        response = await alice.get(f"/messages/{message['id']}/request/")
        assert response.status_code == 200, response.text
        found = response.json()
        assert {**found["body"], "stream": True} == body
        command = shlex.split(found["curl"])
        assert command[1] == f"{upstream.url}/chat/completions"
        assert "Authorization: Bearer $OPENAI_API_KEY" in command
        assert "sk-test" not in response.text
        assert ("temperature=0.5" in found["python"]) == ("temperature" in body)
    page = await alice.get(f"/messages/{last['id']}/request/", Accept="text/html")
    assert "from openai import OpenAI" in page.text
    shown = await alice.get(f"/c/{made['id']}/", Accept="text/html")
    assert f"/messages/{last['id']}/request/" in shown.text


async def test_a_question_has_none_and_somebody_elses_is_not_there(
    alice: Person, charlie: Person, upstream: Upstream
) -> None:
    made = await alice.begin("Mine")
    answer = await alice.answer(made["id"])
    question = made["messages"][0]["id"]
    assert (await alice.get(f"/messages/{question}/request/")).status_code == 404
    assert (await charlie.get(f"/messages/{answer['id']}/request/")).status_code == 404
    assert (await alice.site.stranger().get(f"/messages/{answer['id']}/request/")).status_code == 401
