"""A conversation whose model is gone says so on its page, and leads to another."""

from tests.providers.entering import asked_with, enter, page, words
from tests.site import Person
from tests.upstream import Upstream, json_answer


async def test_it_says_so_and_leads_to_what_can_take_its_place(owner: Person, relay: Upstream) -> None:
    relay.script(json_answer({"data": [{"id": "any-t2-r0"}]}), "/models")
    made = await enter(owner, base_url=relay.url)
    await owner.post("/models/refresh/", provider=made["id"])
    begun = await owner.begin("Hello", provider=made["id"], model_id="any-t2-r0")
    await owner.answer(begun["id"])
    assert "can take its place" not in await page(owner, begun["url"])

    relay.script(json_answer({"data": [{"id": "any-t3-r0", "created": 9}, {"id": "text-embedding-9"}]}), "/models")
    await owner.post("/models/refresh/", provider=made["id"])
    shown = await page(owner, begun["url"])
    assert "“any-t2-r0” is not listed by its provider any more. “any-t3-r0” can take its place." in words(shown)
    link = f"{begun['url']}?provider={made['id']}&amp;model_id=any-t3-r0"
    assert link in shown
    chosen = await page(owner, link.replace("&amp;", "&"))
    assert "can take its place" not in chosen
    assert f'value="any-t3-r0" data-model-choice data-provider="{made["id"]}"' in chosen


async def test_a_provider_that_was_removed_is_said_to_be_gone(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url)
    begun = await owner.begin("Hello", provider=made["id"], model_id="any-t2-r0")
    await owner.answer(begun["id"])
    await owner.post(f"/settings/providers/{made['id']}/delete/")
    shown = words(await page(owner, begun["url"]))
    assert "The provider of “any-t2-r0” is not here any more." in shown
    sent = await owner.send(begun["id"], "Go on")  # and the site's default answers
    assert sent["run"]["provider"] == "environment"
    await owner.answer(begun["id"])


async def test_what_another_process_changes_holds_for_the_next_message(owner: Person, relay: Upstream) -> None:
    made = await enter(owner, base_url=relay.url, key="sk-the-first-one-1111")
    assert (await asked_with(owner, made["id"]))["status"] == "completed"
    change = (
        "from providers.models import StoredProvider as P; p = P.objects.get(pk='%s'); "
        "p.key = 'sk-the-second-2222'; p.save()"
    )
    owner.site.manage("shell", "-v", "0", "-c", change % made["id"])
    assert (await asked_with(owner, made["id"]))["status"] == "completed"
    keys = [request.headers.get("authorization") for request in relay.requests if "chat" in request.path]
    assert keys == ["Bearer sk-the-first-one-1111", "Bearer sk-the-second-2222"]
