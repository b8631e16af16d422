"""What a server refused is known after a restart, shown with the model, and forgotten when that is asked for."""

import asyncio

from tests.providers.entering import asked_of, asked_with, enter, page, words
from tests.site import Person, Site
from tests.upstream import Upstream, json_answer

MODEL = "any-t2-r0"
BAD_NAME = {"error": {"message": "Unsupported parameter: 'stream_options'", "param": "stream_options"}}


def asked_for_usage(relay: Upstream) -> bool:
    return "stream_options" in asked_of(relay).json


async def test_it_is_learned_shown_and_forgotten(owner: Person, bob: Person, owned: Site, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, **{"for": "site"})
    relay.script(json_answer(BAD_NAME, 400))
    assert (await asked_with(owner, made["id"], model_id=MODEL))["status"] == "completed"
    assert not asked_for_usage(relay)
    address = f"/models/one/?provider={made['id']}&id={MODEL}"
    learned = [{"model_id": MODEL, "setting": "stream_options", "sent_as": None}]
    assert (await owner.get(address)).json()["learned"] == learned
    assert "stream_options is left out" in words(await page(owner, address))
    assert "1 setting learned from its refusals" in words(await page(owner, "/settings/providers/"))
    assert "Forget it" not in await page(bob, address)

    assert (await bob.post("/models/forget/", provider=made["id"], id=MODEL)).status_code == 404
    assert (await owner.post("/models/forget/", provider=made["id"], id=MODEL)).status_code == 200
    assert (await owner.get(address)).json()["learned"] == []
    await asked_with(owner, made["id"], model_id=MODEL)
    assert asked_for_usage(relay)
    await owner.post(f"/settings/providers/{made['id']}/delete/")


async def test_another_address_is_another_server(owner: Person, owned: Site, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url)
    relay.script(json_answer(BAD_NAME, 400))
    await asked_with(owner, made["id"], model_id=MODEL)
    assert (await owner.post(f"/settings/providers/{made['id']}/", base_url=f"{relay.url}/v2")).status_code == 200
    rows = owned.query("SELECT count(*) FROM providers_learnedsetting WHERE provider = ?", made["id"])
    assert rows == [(0,)]


async def stored(site: Site) -> None:
    """Nothing waits for that it is stored."""
    while site.query("SELECT count(*) FROM providers_learnedsetting") != [(1,)]:
        await asyncio.sleep(0.05)


async def test_a_restart_knows_it(relay: Upstream) -> None:
    """The site begins with what is stored: nothing has to be refused again."""
    with Site(OPENAI_BASE_URL=relay.url, OPENAI_API_KEY="sk-test") as site:
        alice = site.person("alice")
        relay.script(json_answer(BAD_NAME, 400))
        await asked_with(alice, "environment", model_id=MODEL)
        await stored(site)
        site.kill()
        site.start()
        relay.requests.clear()
        await asked_with(alice, "environment", model_id=MODEL)
        asked = [request.json for request in relay.requests if request.path.endswith("/chat/completions")]
        assert [("stream_options" in body) for body in asked] == [False]
