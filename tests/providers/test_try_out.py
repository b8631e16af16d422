"""The test button: each line is what happened, with its time, and nothing is changed by it."""

from typing import Any

import pytest

from tests.providers.entering import enter, page, post_form, words
from tests.site import Person, Site
from tests.upstream import Close, Hang, Upstream, json_answer

LISTED = {"object": "list", "data": [{"id": "any-t2-r0"}, {"id": "text-embedding-3-small"}]}
REFUSED = {"error": {"message": "Incorrect API key provided: sk-***cdef", "type": "x", "code": "invalid_api_key"}}


async def tried(person: Person, provider_id: str) -> dict[str, Any]:
    response = await person.post(f"/settings/providers/{provider_id}/test/")
    assert response.status_code == 200, response.text
    found = response.json()
    assert [step["name"] for step in found["steps"]] == ["reached", "key", "models", "stream"]
    return found


def states(found: dict[str, Any]) -> str:
    return " ".join(step["state"] for step in found["steps"])


async def test_what_works_is_said_with_its_times(owner: Person, relay: Upstream) -> None:
    relay.script(json_answer(REFUSED, 401), "/models")
    relay.script(json_answer(LISTED), "/models")
    made = await enter(owner, base_url=relay.url, key="sk-right-0123456789")
    relay.requests.clear()
    found = await tried(owner, made["id"])
    assert (found["works"], states(found)) == (True, "passed passed passed passed")
    assert [step["message"] for step in found["steps"]] == [
        "Address reached.", "Key accepted.", "2 models listed.", "One token streamed by any-t2-r0.",
    ]  # fmt: skip
    assert all(isinstance(step["milliseconds"], int) for step in found["steps"])
    asked = relay.requests
    assert "authorization" not in asked[0].headers
    assert [request.path.split("/v1")[1] for request in asked] == ["/models", "/models", "/chat/completions"]


async def test_a_refused_key_is_told_from_a_server_that_is_away(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key="sk-wrong-0123456789abcdef")
    relay.requests.clear()
    for _ in range(2):
        relay.script(json_answer(REFUSED, 401, x_request_id="req-7"), "/models")
    found = await tried(owner, made["id"])
    assert (found["works"], states(found)) == (False, "passed failed skipped skipped")
    assert found["steps"][1]["details"]["status"] == 401
    assert "sk-wrong" not in str(found)

    away = await enter(owner, base_url="http://127.0.0.1:9/v1")
    found = await tried(owner, away["id"])
    assert (found["works"], states(found)) == (False, "failed skipped skipped skipped")


async def test_a_server_without_a_key_and_one_without_a_list_are_told_as_they_are(
    owner: Person, relay: Upstream
) -> None:
    open_one = await enter(owner, base_url=relay.url)
    assert (await tried(owner, open_one["id"]))["steps"][1]["message"] == "No key is set, and none is asked for."

    faulty = await enter(owner, base_url=relay.url)  # as LiteLLM's proxy answers who gives no key
    for _ in range(2):
        relay.script(json_answer(b"Internal Server Error", 500, content_type="text/plain"), "/models")
    assert "No key is set: where it wants one" in (await tried(owner, faulty["id"]))["steps"][1]["message"]
    relay.script(json_answer(b"Internal Server Error", 500, content_type="text/plain"), "/models")
    relay.script(json_answer(LISTED), "/models")
    await owner.post(f"/settings/providers/{faulty['id']}/", key="sk-0123456789abc")
    assert (await tried(owner, faulty["id"]))["steps"][1]["message"] == "Key accepted."

    listless = await enter(owner, base_url=relay.url, key="sk-0123456789abc", default_model="any-t2-r0")
    for _ in range(2):
        relay.script(json_answer({"detail": "Not Found"}, 404), "/models")
    found = await tried(owner, listless["id"])
    assert (found["works"], states(found)) == (True, "passed passed failed passed")
    assert found["steps"][1]["message"] == "Key accepted when a model was asked."


async def test_an_open_list_says_nothing_of_the_key(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key="sk-0123456789abc", default_model="any-t2-r0")
    assert (await tried(owner, made["id"]))["steps"][1]["message"] == "Key accepted when a model was asked."
    relay.clear()
    for _ in range(2):
        relay.script(json_answer(LISTED), "/models")
    relay.script(
        json_answer({"error": {"message": "The model is on fire", "type": "server_error"}}, 500), "/completions"
    )
    found = await tried(owner, made["id"])
    assert states(found) == "passed skipped passed failed"
    assert "says nothing of this one" in found["steps"][1]["message"]
    relay.clear()
    for _ in range(2):
        relay.script(json_answer({"error": {"message": "Slow down"}}, 429), "/models")
    assert states(await tried(owner, made["id"])) == "passed passed failed passed"


async def test_a_page_instead_of_json_is_said_to_be_one(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, default_model="any-e404")
    for _ in range(2):
        relay.script(json_answer(b"<html><title>Sign in</title></html>", content_type="text/html"), "/models")
    found = await tried(owner, made["id"])
    assert found["works"] is False
    assert "page instead of JSON" in found["steps"][0]["message"]


@pytest.mark.parametrize("steps", [[Hang()], [Close()]], ids=["never answers", "hangs up"])
async def test_a_server_that_does_not_answer_is_not_waited_for_long(
    owner: Person, relay: Upstream, steps: list[Any]
) -> None:
    """A tester's patience is eight seconds for each question, or what the provider is given at most."""
    made = await enter(owner, base_url=relay.url, first_byte_seconds=0.3)
    for _ in range(4):
        relay.script(steps, "/models")
    found = await tried(owner, made["id"])
    assert found["works"] is False


async def test_where_no_model_is_for_chat_that_is_said(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url)
    relay.clear()
    for _ in range(2):
        relay.script(json_answer({"data": [{"id": "text-embedding-3-small"}]}), "/models")
    found = await tried(owner, made["id"])
    assert (found["works"], states(found)) == (False, "passed passed passed skipped")
    relay.clear()


async def test_nothing_is_changed_by_it(owner: Person, owned: Site, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key="sk-0123456789abc")
    await owner.get("/models/")  # its list is stored by now
    tables = ("providers_storedprovider", "providers_modellist", "conversations_run", "conversations_conversation")
    before = [sorted(map(str, owned.query(f"SELECT * FROM {table}"))) for table in tables]
    await tried(owner, made["id"])
    assert [sorted(map(str, owned.query(f"SELECT * FROM {table}"))) for table in tables] == before


async def test_without_scripts_the_page_shows_the_same(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url)
    assert "Test again" not in await page(owner, "/settings/providers/")
    shown = words((await post_form(owner, f"/settings/providers/{made['id']}/test/")).text)
    assert "Address reached." in shown
    assert "Test again" in shown


async def test_the_environments_provider_is_the_owners_to_test(owner: Person, bob: Person) -> None:
    assert (await tried(owner, "environment"))["works"] is True
    assert (await bob.post("/settings/providers/environment/test/")).status_code == 404
    assert (await owner.post("/settings/providers/nonsense/test/")).status_code == 404


async def test_the_sandbox_can_be_tested_too(owner: Person) -> None:
    assert (await tried(owner, "sandbox"))["works"] is True


async def test_servers_on_this_machine_are_found_for_the_owner(owner: Person) -> None:
    """Which ports are busy here nobody knows: what is found must answer, and the site itself is never found."""
    found = (await owner.post("/settings/providers/nearby/")).json()["found"]
    assert all(server["base_url"].startswith("http://127.0.0.1:") for server in found)
    assert owner.site.url not in str(found)
    assert "On this machine" in words((await post_form(owner, "/settings/providers/nearby/")).text)
