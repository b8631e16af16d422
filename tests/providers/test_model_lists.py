"""A provider whose model list is slow, broken or missing holds nobody up."""

import asyncio
import threading

from tests.site import Person, Site
from tests.upstream import Hang, Upstream, WaitFor, json_answer

PATH = "/models"


def times_asked(upstream: Upstream) -> int:
    return sum(request.path.endswith(PATH) for request in upstream.requests)


async def say(person: Person) -> None:
    made = await person.begin("Hello", model_id="any-t1-r0")
    assert made["run"]["provider"] == "environment"
    assert (await person.answer(made["id"]))["status"] == "completed"


async def test_a_list_that_never_comes_is_waited_for_once(upstream: Upstream) -> None:
    for _ in range(9):
        upstream.script([Hang()], PATH)
    with Site(OPENAI_BASE_URL=upstream.url) as site:
        alice = site.person("alice")
        for _ in range(5):
            await say(alice)
        assert times_asked(upstream) == 1
    upstream.clear()


async def test_a_provider_without_a_list_is_not_asked_again_for_each_message(upstream: Upstream) -> None:
    for _ in range(9):
        upstream.script(json_answer({"error": {"message": "Not Found"}}, 404), PATH)
    with Site(OPENAI_BASE_URL=upstream.url) as site:
        alice = site.person("alice")
        await asyncio.gather(*(say(alice) for _ in range(5)))
        await say(alice)
        assert times_asked(upstream) == 1
    upstream.clear()


async def test_many_who_come_before_the_first_list_share_it(upstream: Upstream) -> None:
    go_on = threading.Event()
    rows = [{"id": name, "object": "model"} for name in ("any-t1-r0", "other")]
    upstream.script([WaitFor(go_on), *json_answer({"object": "list", "data": rows})], PATH)
    with Site(OPENAI_BASE_URL=upstream.url) as site:
        alice = site.person("alice")
        sending = [asyncio.create_task(alice.begin("Hello")) for _ in range(5)]
        await asyncio.sleep(0.3)
        go_on.set()
        assert {made["run"]["model_id"] for made in await asyncio.gather(*sending)} == {"any-t1-r0"}
        assert times_asked(upstream) == 1


async def test_a_provider_that_lists_nothing_yet_is_asked_for_whoever_needs_its_default(upstream: Upstream) -> None:
    upstream.script(json_answer({"object": "list", "data": []}), PATH)
    with Site(OPENAI_BASE_URL=upstream.url) as site:
        alice = site.person("alice")
        await say(alice)
        made = await alice.begin("Hello")  # the upstream lists its models now
        assert made["run"]["model_id"] == "any"
        await alice.post(f"/runs/{made['run']['id']}/stop/")
