"""The test button of a form that is not saved: what is typed is tried, and nothing of it is stored or shown."""

import html
import re
from typing import Any

from tests.providers.entering import enter, page, post_form, words
from tests.site import Person, Site
from tests.upstream import Upstream, json_answer

KEY = "sk-typed-not-saved-0123456789"
REFUSED = {"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}
LISTED = {"data": [{"id": "any-t2-r0"}]}
TRY = "/settings/providers/try/"


def as_typed(relay: Upstream, **fields: Any) -> dict[str, Any]:
    """A new provider's form as a browser sends it: every field that the form has."""
    numbers = {"connect_seconds": 10, "first_byte_seconds": 600, "idle_seconds": 120, "total_seconds": 3600}
    numbers |= {"attempts": 3, "retry_seconds": 0.5, "position": 0}
    return {
        "for": "me",
        "preset": "other",
        "name": "Typed",
        "base_url": relay.url,
        "enabled": "on",
        **numbers,
        **fields,
    }


def count(site: Site) -> int:
    return int(site.query("SELECT count(*) FROM providers_storedprovider")[0][0])


async def test_what_is_typed_is_tried_and_not_stored(owner: Person, owned: Site, relay: Upstream) -> None:
    before = count(owned)
    relay.script(json_answer(REFUSED, 401), "/models")
    relay.script(json_answer(LISTED), "/models")
    response = await owner.post(TRY, base_url=relay.url, key=KEY, name="Typed")
    assert response.status_code == 200, response.text
    found = response.json()
    assert (found["works"], [step["state"] for step in found["steps"]]) == (True, ["passed"] * 4)
    assert {request.headers.get("authorization") for request in relay.requests[1:]} == {f"Bearer {KEY}"}
    assert count(owned) == before


async def test_a_page_shows_the_result_and_keeps_the_key_until_it_is_saved(
    owner: Person, owned: Site, relay: Upstream
) -> None:
    shown = (await post_form(owner, TRY, **as_typed(relay, key=KEY, headers="X-Secret: hush-hush-hush"))).text
    assert "Address reached." in words(shown)
    assert "Nothing is saved yet." in words(shown)
    assert KEY not in shown and "hush-hush" not in shown
    carried = html.unescape(re.findall(r'name="carried" value="([^"]+)"', shown)[0])
    saved = await post_form(owner, "/settings/providers/", **as_typed(relay, carried=carried, name="Carried"))
    assert saved.status_code == 303, words(saved.text)
    listed = (await owner.get("/settings/providers/")).json()["own"]
    mine = next(row for row in listed if row["name"] == "Carried")
    assert (mine["key"]["ends_in"], mine["headers"]) == (KEY[-4:], ["X-Secret"])
    assert KEY not in await page(owner, f"/settings/providers/{mine['id']}/")


async def test_what_one_person_typed_is_of_no_use_to_another(owner: Person, bob: Person, relay: Upstream) -> None:
    await owner.post("/settings/providers/rules/", own_providers=True, private_addresses=True)
    shown = (await post_form(owner, TRY, **as_typed(relay, key=KEY))).text
    carried = html.unescape(re.findall(r'name="carried" value="([^"]+)"', shown)[0])
    for held in (carried, "nonsense", "x" * 5_000):
        relay.requests.clear()
        assert (await bob.post(TRY, base_url=relay.url, carried=held)).status_code == 200
        assert not [request for request in relay.requests if "authorization" in request.headers]


async def test_a_mistake_elsewhere_loses_no_key(owner: Person, relay: Upstream) -> None:
    again = await post_form(owner, "/settings/providers/", **as_typed(relay, key=KEY, attempts="many"))
    assert again.status_code == 400
    assert "The key that you typed is kept until you save." in words(again.text)
    assert KEY not in again.text


async def test_a_stored_one_is_tried_with_its_stored_key_and_stays_as_it_is(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key=KEY, default_model="any-t2-r0")
    relay.requests.clear()
    found = (await owner.post(TRY, id=made["id"], default_model="any-e404")).json()
    assert [step["state"] for step in found["steps"]][2:] == ["passed", "failed"]
    assert f"Bearer {KEY}" in {request.headers.get("authorization") for request in relay.requests}
    kept = (await owner.get(f"/settings/providers/{made['id']}/")).json()["provider"]
    assert kept["default_model"] == "any-t2-r0"


async def test_what_cannot_be_used_is_said_at_its_field(owner: Person, bob: Person, relay: Upstream) -> None:
    response = await owner.post(TRY, base_url="not an address")
    assert (response.status_code, list(response.json()["error"]["data"]["fields"])) == (400, ["base_url"])
    assert (await post_form(owner, TRY, **as_typed(relay, base_url="ftp://x"))).status_code == 400
    made = await enter(owner, base_url=relay.url)
    assert (await bob.post(TRY, id=made["id"])).status_code == 404
    assert (await owner.post(TRY, id="nonsense")).status_code == 404


async def test_what_others_type_reaches_no_private_address(owner: Person, bob: Person, relay: Upstream) -> None:
    await owner.post("/settings/providers/rules/", own_providers=True, private_addresses=False)
    relay.requests.clear()
    found = (await bob.post(TRY, base_url=relay.url)).json()
    assert (found["works"], found["steps"][0]["state"]) == (False, "failed")
    assert "own network" in found["steps"][0]["message"]
    assert not relay.requests
