"""Keys at a provider, with an admin key: listed, made and shown once, deleted after a question; nothing is kept."""

from typing import Any

from tests.providers.entering import enter, page, post_form, words
from tests.site import Person, Site
from tests.upstream import Upstream, json_answer

PATH = "/organization/admin_api_keys"
MADE = "sk-admin-made-just-now-0123456789"
ROW = {
    "object": "organization.admin_api_key", "id": "key_1", "name": "Backup", "redacted_value": "sk-admin...xyz",
    "created_at": 1_760_000_000, "last_used_at": None, "expires_at": 1_790_000_000, "owner": {"id": "u", "name": "Ann"},
}  # fmt: skip
LIST: dict[str, Any] = {"object": "list", "data": [ROW, {"id": "key_2"}, {"name": "no id"}, 7], "has_more": True}


async def admin(person: Person, relay: Upstream) -> str:
    made = await enter(person, base_url=relay.url, key="sk-admin-of-mine-0123456789")
    relay.clear()
    return f"/settings/providers/{made['id']}/keys/"


async def test_they_are_listed_as_their_server_tells(owner: Person, relay: Upstream) -> None:
    at = await admin(owner, relay)
    for _ in range(2):
        relay.script(json_answer(LIST), PATH)
    found = (await owner.get(at)).json()
    assert found["has_more"] is True
    assert [key["id"] for key in found["keys"]] == ["key_1", "key_2"]
    assert found["keys"][0] == {
        "id": "key_1", "name": "Backup", "redacted_value": "sk-admin...xyz", "owner": "Ann",
        "created": 1_760_000_000, "last_used": None, "expires": 1_790_000_000,
    }  # fmt: skip
    shown = words(await page(owner, at))
    assert "Backup sk-admin...xyz · Ann · made 2025-10-09 · until 2026-09-21" in shown
    assert relay.requests[0].query == "limit=100&order=desc"


async def test_a_new_one_is_shown_once_and_kept_nowhere(owner: Person, owned: Site, relay: Upstream) -> None:
    at = await admin(owner, relay)
    relay.script(json_answer({**ROW, "value": MADE}), PATH)
    response = await owner.post(at, name="Backup", days=30)
    assert (response.status_code, response.json()["key"]["value"]) == (201, MADE)
    assert response.headers["cache-control"] == "no-store"
    assert relay.requests[0].json == {"name": "Backup", "expires_in_seconds": 30 * 86_400}
    relay.script(json_answer({**ROW, "value": MADE}), PATH)
    relay.script(json_answer(LIST), PATH)
    form = await post_form(owner, at, name="Backup", days="")
    assert form.status_code == 201
    assert f'value="{MADE}"' in form.text
    assert "it is never shown again" in form.text
    relay.script(json_answer(LIST), PATH)
    assert MADE not in await page(owner, at)
    assert MADE not in "".join(owned.log)
    stored = [path.read_bytes() for path in owned.data_dir.rglob("*") if path.is_file()]
    assert MADE.encode() not in b"".join(stored)


async def test_deleting_asks_first(owner: Person, relay: Upstream) -> None:
    at = await admin(owner, relay)
    asked = await page(owner, f"{at}delete/?key=key_1&name=Backup")
    assert "Delete “Backup”?" in words(asked)
    assert relay.requests == []
    relay.script(json_answer({"id": "key_1", "deleted": True}), "/key_1")
    assert (await owner.post(f"{at}delete/", key="key_1")).json() == {"deleted": "key_1"}
    assert [(request.method, request.path) for request in relay.requests] == [("DELETE", f"/v1{PATH}/key_1")]
    assert (await owner.post(f"{at}delete/")).status_code == 404


async def test_a_key_that_may_not_and_a_server_that_cannot_are_told(owner: Person, relay: Upstream) -> None:
    at = await admin(owner, relay)
    refusal = {"error": {"message": "Missing scopes: api.management.read", "type": "server_error"}}
    relay.script(json_answer(refusal, 403), PATH)
    response = await owner.get(at)
    assert (response.status_code, response.json()["error"]["code"]) == (502, "upstream_refused")
    assert "an admin key alone" in response.json()["error"]["message"]
    assert "does not manage keys in this way" in words(await page(owner, at))
    relay.script(json_answer(refusal, 403), PATH)
    assert (await owner.post(at, name="x")).status_code == 502
    for wrong in ({"name": ""}, {"name": "n" * 81}, {"name": "x", "days": 366}):
        assert (await owner.post(at, **wrong)).status_code == 400


async def test_others_see_nothing_of_it(owner: Person, bob: Person, owned: Site, relay: Upstream) -> None:
    at = await admin(owner, relay)
    for path in (at, "/settings/providers/environment/keys/", "/settings/providers/nonsense/keys/"):
        assert (await bob.get(path)).status_code == 404
        assert (await bob.post(path, name="x")).status_code == 404
        assert (await bob.post(f"{path}delete/", key="key_1")).status_code == 404
    assert (await owned.stranger().get(at)).status_code == 401
    assert relay.requests == []
