"""A provider whose model list is slow, broken or missing holds nobody up."""

import asyncio
import threading

from tests.providers.entering import enter
from tests.site import Person
from tests.upstream import Hang, Upstream, WaitFor, json_answer

PATH = "/models"
LIMIT = 0.3  # seconds that a provider of these tests is given to begin an answer


def times_asked(upstream: Upstream) -> int:
    return sum(request.path.endswith(PATH) for request in upstream.requests)


async def say(person: Person) -> None:
    made = await person.begin("Hello", model_id="any-t1-r0")
    assert made["run"]["provider"] == "environment"
    assert (await person.answer(made["id"]))["status"] == "completed"


async def test_a_list_that_never_comes_is_waited_for_once(owner: Person, relay: Upstream) -> None:
    for _ in range(9):
        relay.script([Hang()], PATH)
    await enter(owner, base_url=relay.url, first_byte_seconds=LIMIT)
    for _ in range(3):
        await say(owner)
    assert times_asked(relay) == 1


async def test_a_provider_that_never_answers_holds_the_page_up_once(owner: Person, relay: Upstream) -> None:
    for _ in range(3):
        relay.script([Hang()], PATH)
    made = await enter(owner, base_url=relay.url, first_byte_seconds=LIMIT)
    for _ in range(2):
        offered = (await owner.get("/models/")).json()["models"]
        assert made["id"] not in {model["provider"] for model in offered}
        assert "sandbox" in {model["provider"] for model in offered}
    assert times_asked(relay) == 1


async def test_a_provider_without_a_list_is_not_asked_again_for_each_message(owner: Person, relay: Upstream) -> None:
    for _ in range(9):
        relay.script(json_answer({"error": {"message": "Not Found"}}, 404), PATH)
    await enter(owner, base_url=relay.url)
    await asyncio.gather(*(say(owner) for _ in range(5)))
    await say(owner)
    assert times_asked(relay) == 1


async def test_many_who_come_before_the_first_list_share_it(owner: Person, relay: Upstream) -> None:
    go_on = threading.Event()
    rows = [{"id": name, "object": "model"} for name in ("any-t1-r0", "other")]
    relay.script([WaitFor(go_on), *json_answer({"object": "list", "data": rows})], PATH)
    made = await enter(owner, base_url=relay.url)
    sending = [asyncio.create_task(owner.begin("Hello", provider=made["id"])) for _ in range(5)]
    while not times_asked(relay):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # for the others to come as well
    go_on.set()
    assert {made["run"]["model_id"] for made in await asyncio.gather(*sending)} == {"any-t1-r0"}
    assert times_asked(relay) == 1


async def test_a_provider_that_lists_nothing_yet_is_asked_for_whoever_needs_its_default(
    owner: Person, relay: Upstream
) -> None:
    relay.script(json_answer({"object": "list", "data": []}), PATH)
    made = await enter(owner, base_url=relay.url)
    assert (await owner.post("/models/refresh/", provider=made["id"])).json()["models"] == 0
    begun = await owner.begin("Hello", provider=made["id"])  # the upstream lists its models now
    assert begun["run"]["model_id"] == "any"
    await owner.post(f"/runs/{begun['run']['id']}/stop/")
