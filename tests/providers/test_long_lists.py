"""Model lists that are long, odd or endless: bounded, and nobody waits for them."""

from typing import Any

from tests.providers.entering import enter
from tests.site import Person, Site
from tests.upstream import Send, Upstream, json_answer
from tests.upstream.steps import chunk, head


async def listed(person: Person, relay: Upstream, *steps: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a refresh answered, and the provider."""
    made = await enter(person, base_url=relay.url)
    relay.clear()
    relay.script(steps, "/models")
    found = await person.post("/models/refresh/", provider=made["id"])
    assert found.status_code == 200, found.text
    return found.json(), made


async def offered(person: Person, made: dict[str, Any]) -> list[str]:
    models = (await person.get("/models/")).json()["models"]
    return [model["id"] for model in models if model["provider"] == made["id"]]


async def test_of_many_thousands_five_thousand_are_kept(owner: Person, relay: Upstream) -> None:
    rows = [{"id": f"m-{number}"} for number in range(6_000)]
    found, made = await listed(owner, relay, *json_answer({"data": rows}))
    assert found == {"models": 5_000, "failure": "", "left_out": 1_000}
    made_run = await owner.begin("Hello", provider=made["id"], model_id="m-5999")  # what is not kept can be named
    assert made_run["run"]["model_id"] == "m-5999"
    assert (await owner.answer(made_run["id"]))["status"] == "completed"
    page = await owner.get(f"/models/?provider={made['id']}", Accept="text/html")
    assert page.text.count("model-line") == 100
    await owner.post(f"/settings/providers/{made['id']}/delete/")


async def test_of_a_million_none_is_taken_and_the_list_before_stays(owner: Person, relay: Upstream) -> None:
    found, made = await listed(owner, relay, *json_answer({"data": [{"id": "first"}]}))
    assert found["models"] == 1
    row = b'{"id":"' + b"m" * 20 + b'-%d"},'
    block = b"".join(row % number for number in range(10_000))
    fields: dict[str, Any] = {"content_type": "application/json", "transfer_encoding": "chunked"}
    steps = [Send(head(200, **fields)), Send(chunk(b'{"data":['))] + [Send(chunk(block)) for _ in range(100)]
    relay.script(steps, "/models")
    found = (await owner.post("/models/refresh/", provider=made["id"])).json()
    assert (found["models"], found["failure"]) == (1, "answer_too_large")
    assert await offered(owner, made) == ["first"]


async def test_odd_ids_are_kept_as_they_are_and_impossible_ones_left_out(owner: Person, relay: Upstream) -> None:
    rows = [
        {"id": "org/a b:c"},
        {"id": "x" * 10_240},
        {"id": "<script>"},
        {"id": ""},
        {"id": None},
        7,
        "plain",
        {"id": "plain"},
    ]
    found, made = await listed(owner, relay, *json_answer({"object": "list", "data": rows}))
    assert found == {"models": 3, "failure": "", "left_out": 1}
    assert await offered(owner, made) == ["org/a b:c", "<script>", "plain"]
    page = await owner.get(f"/models/?provider={made['id']}", Accept="text/html")
    assert "<script>" not in page.text.split("<main")[1].split("</main")[0]


async def test_a_server_without_a_list_has_the_ids_that_were_typed_in(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, typed_models=["deployment-1", "deployment-2", "deployment-1"])
    relay.clear()
    relay.script(json_answer({"detail": "Not Found"}, 404), "/models")
    found = (await owner.post("/models/refresh/", provider=made["id"])).json()
    assert (found["models"], found["failure"]) == (2, "not_found")
    assert await offered(owner, made) == ["deployment-1", "deployment-2"]
    asked = await owner.begin("Hello", model_id="deployment-2")
    assert asked["run"]["provider"] == made["id"]
    await owner.answer(asked["id"])


async def test_another_address_is_another_list(owner: Person, relay: Upstream) -> None:
    _found, made = await listed(owner, relay, *json_answer({"data": [{"id": "of-the-old-one"}]}))
    await owner.post(f"/settings/providers/{made['id']}/", base_url="http://127.0.0.1:9/v1")
    assert await offered(owner, made) == []


async def test_a_restart_knows_the_list_without_asking(owner: Person, owned: Site, relay: Upstream) -> None:
    _found, made = await listed(owner, relay, *json_answer({"data": [{"id": "kept-over-night"}]}))
    stored = owned.query("SELECT rows FROM providers_modellist WHERE provider = ?", made["id"])
    assert "kept-over-night" in str(stored)
