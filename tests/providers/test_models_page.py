"""The models page: finding, hiding, defaults, one model's facts, deleting a fine-tuned one, engines, the table."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.providers.entering import ALLOW_PRIVATE, enter, page, post_form, words
from tests.site import Person
from tests.upstream import Upstream, json_answer

LIST = [
    {"id": "gpt-4o", "created": 1_715_000_000, "context_length": 99_000},
    {"id": "maker/Odd Model:v1", "created": 1_700_000_000},
    {"id": "text-embedding-3-small"},
    {"id": "ft:gpt-4o:acme::x1", "created": 1_720_000_000},
]
Json = dict[str, Any]


@pytest.fixture
async def shop(owner: Person, relay: Upstream) -> AsyncIterator[Json]:
    """A shared provider that has listed LIST."""
    relay.script(json_answer({"object": "list", "data": LIST}), "/models")
    made = await enter(owner, **{"for": "site"}, base_url=relay.url)
    listed = await owner.post("/models/refresh/", provider=made["id"])
    assert listed.json() == {"models": 4, "failure": "", "left_out": 0}
    relay.clear()
    yield made
    await owner.post(f"/settings/providers/{made['id']}/delete/")


async def offered(person: Person, provider: Json) -> dict[str, Json]:
    found = (await person.get("/models/")).json()["models"]
    return {model["id"]: model for model in found if model["provider"] == provider["id"]}


async def test_the_list_is_searched_sorted_and_grouped(owner: Person, shop: Json) -> None:
    at = f"/models/?provider={shop['id']}"
    shown = words(await page(owner, at))
    assert "4 models" in shown
    assert shown.index("GPT-4o") < shown.index("99K context")
    shown = words(await page(owner, f"{at}&q=odd"))
    assert "1 model " in shown
    assert "maker/Odd Model:v1" in shown
    newest = words(await page(owner, f"{at}&sort=newest"))
    assert newest.index("ft:gpt-4o:acme::x1") < newest.index("99K context") < newest.index("maker/Odd Model:v1")
    assert "1 model " in words(await page(owner, f"{at}&can=embeddings"))
    assert "No model fits." in words(await page(owner, f"{at}&q=nothing+like+it&page=99&sort=wild"))


async def test_a_person_hides_a_model_from_themselves(owner: Person, bob: Person, shop: Json) -> None:
    named = {"provider": shop["id"], "id": "maker/Odd Model:v1"}
    hidden = await bob.post("/models/hide/", **named)
    assert hidden.json()["model"]["hidden"] is True
    assert (await bob.post("/models/hide/", **named)).status_code == 200
    assert (await offered(bob, shop))["maker/Odd Model:v1"]["hidden"] is True
    assert (await offered(owner, shop))["maker/Odd Model:v1"]["hidden"] is False
    at = f"/models/?provider={shop['id']}"
    assert "3 models · 1 more is hidden" in words(await page(bob, at))
    assert "4 models" in words(await page(bob, f"{at}&hidden=1"))
    assert "Odd Model" not in await page(bob, "/")
    await bob.post("/models/show/", **named)
    assert (await offered(bob, shop))["maker/Odd Model:v1"]["hidden"] is False


async def test_the_owner_hides_a_model_from_everybody(owner: Person, bob: Person, shop: Json) -> None:
    named = {"provider": shop["id"], "id": "gpt-4o", "for": "everybody"}
    assert (await bob.post("/models/hide/", **named)).status_code == 404
    await owner.post("/models/hide/", **named)
    assert (await offered(bob, shop))["gpt-4o"]["hidden"] is True
    made = await bob.begin("Hello", provider=shop["id"], model_id="gpt-4o")  # still works where it is named
    assert made["run"]["model_id"] == "gpt-4o"
    await bob.answer(made["id"])


async def test_a_hidden_model_is_nobodys_default_unasked(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url)
    await owner.post("/models/refresh/", provider=made["id"])
    for hidden, asked in (("nothing", "any"), ("any", "echo")):
        await owner.post("/models/hide/", provider=made["id"], id=hidden)
        begun = await owner.begin("Hello", provider=made["id"])
        await owner.post(f"/runs/{begun['run']['id']}/stop/")
        assert begun["run"]["model_id"] == asked


async def test_a_default_is_a_persons_then_the_sites(owner: Person, bob: Person, charlie: Person, shop: Json) -> None:
    async def default(person: Person) -> tuple[str, str]:
        made = await person.begin("Hello")
        await person.post(f"/runs/{made['run']['id']}/stop/")
        found = (await person.get("/models/")).json()["default"]
        assert found == {"provider": made["run"]["provider"], "model_id": made["run"]["model_id"]}
        return found["provider"], found["model_id"]

    await owner.post("/models/default/", provider=shop["id"], id="gpt-4o", **{"for": "everybody"})
    await bob.post("/models/default/", provider="sandbox", id="sandbox-echo")
    assert await default(charlie) == (shop["id"], "gpt-4o")
    assert await default(bob) == ("sandbox", "sandbox-echo")
    assert (await bob.post("/models/default/", provider=shop["id"], id="m", **{"for": "site"})).status_code == 404
    assert "Forget my default" in await page(bob, "/models/")
    assert (await bob.post("/models/default/clear/", **{"for": "everybody"})).status_code == 404
    await bob.post("/models/default/clear/")
    assert await default(bob) == (shop["id"], "gpt-4o")
    await bob.post("/models/default/", provider=shop["id"], id="gpt-4o")
    await owner.post(f"/settings/providers/{shop['id']}/delete/")
    assert await default(bob) == await default(charlie) == ("environment", "any-t3-r0")


async def test_one_model_shows_its_facts_and_whose_word_they_are(owner: Person, shop: Json, relay: Upstream) -> None:
    relay.script(json_answer({"id": "maker/Odd Model:v1", "object": "model", "owned_by": "maker", "tier": 3}), "v1")
    found = (await owner.get(f"/models/one/?provider={shop['id']}&id=maker/Odd+Model:v1")).json()
    assert relay.requests[-1].path.endswith("/models/maker%2FOdd%20Model%3Av1")
    assert found["server"]["fields"] == {"id": "maker/Odd Model:v1", "owned_by": "maker", "tier": 3}
    shown = words(await page(owner, f"/models/one/?provider={shop['id']}&id=gpt-4o"))
    assert "Context, in tokens 99000 its server" in shown
    assert "Longest answer, in tokens 16384 table" in shown
    assert "What its server says now" in shown


async def test_a_fine_tuned_model_is_deleted_after_a_question(
    owner: Person, bob: Person, shop: Json, relay: Upstream
) -> None:
    named = f"provider={shop['id']}&id=ft:gpt-4o:acme::x1"
    assert "It cannot be brought back." in words(await page(owner, f"/models/delete/?{named}"))
    fields = {"provider": shop["id"], "id": "ft:gpt-4o:acme::x1"}
    assert (await bob.post("/models/delete/", **fields)).status_code == 404
    assert not relay.requests
    relay.script(json_answer({"error": {"message": "You are not an owner", "code": "no"}}, 403), "x1")
    assert (await owner.post("/models/delete/", **fields)).status_code == 502
    relay.script(json_answer({"id": "ft:gpt-4o:acme::x1", "deleted": True}), "x1")
    relay.script(json_answer({"data": LIST[:3]}), "/models")
    assert (await owner.post("/models/delete/", **fields)).json() == {"deleted": "ft:gpt-4o:acme::x1"}
    assert [request.method for request in relay.requests] == ["DELETE", "DELETE", "GET"]
    assert "ft:gpt-4o:acme::x1" not in await offered(owner, shop)


async def test_no_other_model_is_deleted(owner: Person, shop: Json, relay: Upstream) -> None:
    refused = await owner.post("/models/delete/", provider=shop["id"], id="gpt-4o")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_deletable")
    assert not [request for request in relay.requests if request.method == "DELETE"]


async def test_engines_are_shown_where_there_are_any_and_explained_where_not(
    owner: Person, shop: Json, relay: Upstream
) -> None:
    at = f"/models/engines/?provider={shop['id']}"
    relay.script(
        json_answer({"object": "list", "data": [{"id": "davinci", "owner": "openai", "ready": True}]}), "/engines"
    )
    assert (await owner.get(at)).json()["engines"] == [{"id": "davinci", "owner": "openai", "ready": True}]
    relay.script(json_answer({"error": {"message": "Invalid URL (GET /v1/engines)"}}, 404), "/engines")
    assert "has no list of engines" in words(await page(owner, at))
    relay.script(json_answer({"error": {"message": "Invalid URL (GET /v1/engines)"}}, 404), "/engines")
    assert (await owner.get(at)).json()["engines"] is None


async def test_the_owners_table_overrules_the_sites_own(owner: Person, bob: Person, shop: Json) -> None:
    row = {
        "pattern": "text-embedding-3-*",
        "context_length": 7_777,
        "price_url": "https://prices.example.org/",
        "chat": "no",
    }
    made = await owner.post("/models/table/", **row)
    assert made.status_code == 201, made.text
    known = (await offered(bob, shop))["text-embedding-3-small"]
    assert (known["context_length"], known["sources"]["context_length"]) == (7_777, "table")
    assert known["price_url"] == "https://prices.example.org/"
    assert (await owner.post("/models/table/", **row)).status_code == 400  # another row for the same ids
    changed = await owner.post(f"/models/table/{made.json()['row']['id']}/", context_length=8_888)
    assert changed.json()["row"]["price_url"] == "https://prices.example.org/"
    assert (await offered(bob, shop))["text-embedding-3-small"]["context_length"] == 8_888
    assert "text-embedding-3-*" in words(await page(owner, "/models/table/"))
    for path in ("/models/table/", f"/models/table/{made.json()['row']['id']}/"):
        assert (await bob.post(path, **row)).status_code == 404
    assert (await bob.get("/models/table/")).status_code == 404
    await owner.post(f"/models/table/{made.json()['row']['id']}/delete/")
    assert (await offered(bob, shop))["text-embedding-3-small"]["context_length"] == 8_191


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"pattern": ""}, "pattern"),
        ({"pattern": "p" * 257}, "pattern"),
        ({"context_length": -1}, "context_length"),
        ({"shutdown_date": "soon"}, "shutdown_date"),
        ({"price_url": "javascript:alert(1)"}, "price_url"),
        ({"host": "https://x/y"}, "host"),
        ({"vision": "perhaps"}, "vision"),
    ],
)
async def test_a_bad_row_gets_a_sentence_at_its_field(owner: Person, fields: Json, wrong: str) -> None:
    refused = await owner.post("/models/table/", **{"pattern": "never-stored", **fields})
    assert (refused.status_code, list(refused.json()["error"]["data"]["fields"])) == (400, [wrong])
    assert "never-stored" not in (await owner.get("/models/table/")).text


async def test_a_form_without_scripts_does_the_same(owner: Person, shop: Json) -> None:
    done = await post_form(owner, "/models/hide/", provider=shop["id"], id="gpt-4o", **{"for": "me"})
    assert done.status_code == 303
    assert "Hidden from you." in words(await page(owner, done.headers["location"]))
    refused = await post_form(owner, "/models/table/", pattern="x", context_length="-3")
    assert refused.status_code == 400
    assert "greater than or equal to 1" in words(refused.text)


@pytest.mark.parametrize("path", ["hide/", "show/", "default/", "delete/", "refresh/"])
async def test_what_is_not_mine_looks_as_if_it_were_not_there(
    owner: Person, bob: Person, charlie: Person, relay: Upstream, path: str
) -> None:
    await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    own = await enter(bob, base_url=relay.url)
    for fields in ({"provider": own["id"], "id": "m"}, {"provider": "nonsense", "id": "m"}):
        assert (await charlie.post(f"/models/{path}", **fields)).status_code == 404
    assert (await charlie.get(f"/models/one/?provider={own['id']}&id=m")).status_code == 404
    assert (await charlie.get(f"/models/engines/?provider={own['id']}")).status_code == 404


@pytest.mark.parametrize("model_id", ["", " ", "m" * 257, "m" * 10_000, None, 7])
async def test_an_id_that_is_none_is_refused(owner: Person, model_id: Any) -> None:
    refused = await owner.post("/models/default/", provider="sandbox", id=model_id)
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "model_id_too_long")
    assert json.dumps(refused.json())
