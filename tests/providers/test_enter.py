"""Entering a provider: the site's, shared with everybody or with a group, or one's own."""

import uuid
from typing import Any

import pytest

from tests.providers.entering import ALLOW_PRIVATE, asked_of, asked_with, enter, page, post_form, words
from tests.site import Person, Site
from tests.upstream import Upstream


async def test_the_owner_shares_one_with_everybody(owner: Person, bob: Person, relay: Upstream) -> None:
    made = await enter(owner, **{"for": "site"}, name="The office's", base_url=relay.url, key="sk-office-12345678")
    assert (made["shared"], made["key"]["ends_in"]) == (True, "5678")
    assert (await asked_with(bob, made["id"]))["status"] == "completed"
    assert asked_of(relay).headers["authorization"] == "Bearer sk-office-12345678"
    seen = (await bob.get("/settings/providers/")).json()["shared"]
    mine = next(row for row in seen if row["id"] == made["id"])
    assert mine["changeable"] is False
    assert "key" not in mine


async def test_a_persons_own_key_is_used_for_that_person_alone(
    owner: Person, bob: Person, charlie: Person, relay: Upstream
) -> None:
    await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    made = await enter(bob, base_url=relay.url, key="sk-bobs-own-87654321")
    assert (await asked_with(bob, made["id"]))["status"] == "completed"
    assert asked_of(relay).headers["authorization"] == "Bearer sk-bobs-own-87654321"
    for other in (owner, charlie):
        refused = await other.post("/c/", client_id=str(uuid.uuid4()), text="Hi", provider=made["id"], model_id="any")
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "unknown_provider")
        assert (await other.get(f"/settings/providers/{made['id']}/")).status_code == 404
        assert (await other.post(f"/settings/providers/{made['id']}/", name="Mine")).status_code == 404
        assert (await other.post(f"/settings/providers/{made['id']}/delete/")).status_code == 404
        assert (await other.post(f"/settings/providers/{made['id']}/test/")).status_code == 404
        assert made["id"] not in (await other.get("/settings/providers/")).text
        assert made["id"] not in (await other.get("/models/")).text
    mine = await enter(owner, base_url=relay.url, key="sk-the-owners-own-1111")  # the same server
    relay.requests.clear()
    assert (await asked_with(owner, mine["id"]))["status"] == "completed"
    assert {request.headers["authorization"] for request in relay.requests} == {"Bearer sk-the-owners-own-1111"}


async def test_a_group_has_what_others_have_not(owner: Person, bob: Person, charlie: Person, owned: Site) -> None:
    email = owned.query("SELECT email FROM accounts_user WHERE email LIKE 'bob%'")[0][0]
    group = (await owner.post("/settings/groups/", name=f"Team {uuid.uuid4()}", members=[email])).json()["group"]
    made = await enter(owner, **{"for": "site"}, base_url="http://127.0.0.1:9/v1", groups=[group["id"]])
    assert made["id"] in (await bob.get("/settings/providers/")).text
    assert made["id"] not in (await charlie.get("/settings/providers/")).text
    refused = await charlie.post("/c/", client_id=str(uuid.uuid4()), text="Hi", provider=made["id"], model_id="any")
    assert refused.json()["error"]["code"] == "unknown_provider"
    await owner.post(f"/settings/groups/{group['id']}/delete/")  # what was for a group is not opened to everybody
    assert (await owner.get(f"/settings/providers/{made['id']}/")).json()["provider"]["enabled"] is False


async def test_what_a_person_enters_for_everybody_is_their_own(bob: Person) -> None:
    made = await enter(bob, **{"for": "site"}, base_url="https://relay.example.org/v1")
    assert made["shared"] is False


async def test_the_owner_can_forbid_peoples_own(owner: Person, bob: Person, relay: Upstream) -> None:
    await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    before = await enter(bob, base_url=relay.url)
    await owner.post("/settings/providers/rules/", own_providers=False)
    try:
        refused = await bob.post("/settings/providers/", name="Mine", base_url="https://relay.example.org/v1")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "no_own_providers")
        assert (await bob.get(f"/settings/providers/{before['id']}/")).status_code == 404
        asked = await bob.post("/c/", client_id=str(uuid.uuid4()), text="Hi", provider=before["id"], model_id="any")
        assert asked.json()["error"]["code"] == "unknown_provider"
        await enter(owner, base_url="https://relay.example.org/v1")  # not meant for who runs the site
    finally:
        await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    assert (await asked_with(bob, before["id"]))["status"] == "completed"


async def test_what_people_enter_reaches_no_private_address_unless_the_owner_allows_it(
    owner: Person, bob: Person, relay: Upstream
) -> None:
    made = await enter(bob, base_url=relay.url)
    await owner.post("/settings/providers/rules/", own_providers=True, private_addresses=False)
    try:
        answer = await asked_with(bob, made["id"])
        assert answer["status"] == "failed"
        assert not [request for request in relay.requests if request.path.endswith("/chat/completions")]
    finally:
        await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    assert (await asked_with(bob, made["id"]))["status"] == "completed"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("relay.example.org", "https://relay.example.org/v1"),
        ("https://relay.example.org/", "https://relay.example.org/v1"),
        ("https://relay.example.org/v1/v1/", "https://relay.example.org/v1"),
        ("https://relay.example.org/v1/chat/completions", "https://relay.example.org/v1"),
        ("https://relay.example.org/api/openai/v1", "https://relay.example.org/api/openai/v1"),
        ("localhost:11434", "http://localhost:11434/v1"),
    ],
)
async def test_an_address_is_completed(owner: Person, typed: str, stored: str) -> None:
    assert (await enter(owner, base_url=typed))["base_url"] == stored


BAD = [
    ({"base_url": "ftp://relay.example.org"}, "base_url"),
    ({"base_url": "https://"}, "base_url"),
    ({"base_url": "https://relay.example.org:99999/v1"}, "base_url"),
    ({"base_url": "https://me:secret@relay.example.org/v1"}, "base_url"),
    ({"base_url": "https://relay.example.org/v1\nHost: x"}, "base_url"),
    ({"base_url": "https://" + "x" * 10_000}, "base_url"),
    ({"base_url": ""}, "base_url"),
    ({"name": ""}, "name"),
    ({"name": "n" * 81}, "name"),
    ({"key": "two words"}, "key"),
    ({"key": "k" * 4_001}, "key"),
    ({"key": "schlüssel-ist-geheim"}, "key"),
    ({"headers": "no colon"}, "headers"),
    ({"headers": "Host: elsewhere"}, "headers"),
    ({"headers": "X-A: b\nTransfer-Encoding: chunked"}, "headers"),
    ({"proxy": "socks4://proxy:1080"}, "proxy"),
    ({"proxy_on": True}, "proxy"),
    ({"connect_seconds": 0}, "connect_seconds"),
    ({"total_seconds": "soon"}, "total_seconds"),
    ({"attempts": 11}, "attempts"),
    ({"token_limit_name": "max"}, "token_limit_name"),
    ({"default_model": "m" * 257}, "default_model"),
    ({"typed_models": ["m" * 10_000]}, "typed_models"),
    ({"typed_models": [f"m{n}" for n in range(501)]}, "typed_models"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD, ids=[f"{field}-{n}" for n, (_, field) in enumerate(BAD)])
async def test_bad_input_gets_a_sentence_at_its_field_and_nothing_is_stored(
    owner: Person, wrong: dict[str, Any], field: str
) -> None:
    name = uuid.uuid4().hex
    fields = {"name": name, "base_url": "https://relay.example.org/v1", **wrong}
    refused = await owner.post("/settings/providers/", **fields)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "invalid")
    assert list(refused.json()["error"]["data"]["fields"]) == [field]
    assert name not in (await owner.get("/settings/providers/")).text


async def test_a_form_without_scripts_does_the_same(owner: Person) -> None:
    form = words(await page(owner, "/settings/providers/new/?for=me&preset=deepseek"))
    assert "Where DeepSeek gives keys" in form
    fields = {
        "for": "me", "preset": "deepseek", "name": "By form", "base_url": "https://api.deepseek.com", "enabled": "on",
        "connect_seconds": "10", "first_byte_seconds": "600", "idle_seconds": "120", "total_seconds": "3600",
        "attempts": "3", "retry_seconds": "0.5", "position": "0", "think_tags": "on",
    }  # fmt: skip
    wrong = await post_form(owner, "/settings/providers/", **{**fields, "base_url": "nonsense ://"})
    assert wrong.status_code == 400
    assert "This is not an http or https address." in wrong.text
    async with owner.http(Accept="text/html") as browser:
        right = await browser.post("/settings/providers/", data=fields)
        assert right.status_code == 303
        shown = words((await browser.get(right.headers["location"])).text)
    assert "The address was completed: https://api.deepseek.com/v1" in shown
    assert "By form" in shown


@pytest.mark.parametrize(
    "preset",
    ["openai", "azure", "azure-classic", "openrouter", "deepseek", "ollama", "llamacpp", "vllm", "lmstudio", "other"],
)
async def test_every_preset_fills_its_form(owner: Person, preset: str) -> None:
    assert 'name="base_url"' in await page(owner, f"/settings/providers/new/?for=site&preset={preset}")


async def test_a_stranger_enters_nothing(owned: Site) -> None:
    refused = await owned.stranger().post("/settings/providers/", name="x", base_url="https://relay.example.org")
    assert refused.status_code == 401


async def test_a_command_without_the_token_is_refused(owner: Person) -> None:
    async with owner.http(**{"X-CSRFToken": "wrong"}) as http:
        refused = await http.post("/settings/providers/", json={"name": "x", "base_url": "https://relay.example.org"})
    assert refused.status_code == 403


@pytest.mark.parametrize("path", ["nearby/", "rules/"])
async def test_only_the_owner_looks_around_and_makes_rules(bob: Person, path: str) -> None:
    assert (await bob.post(f"/settings/providers/{path}", own_providers=False)).status_code == 404
