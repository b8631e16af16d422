"""Money around real answers: what each of them cost, through the door, in both modes."""

import asyncio
import uuid
from collections.abc import Iterator

import pytest

from tests.billing.site import PRICED, give, left, prices, rule
from tests.site import Person, Site
from tests.upstream import Reset, Send, Upstream, chunk, head, text_chunk


@pytest.fixture(scope="module")
def site(shared_upstream: Upstream) -> Iterator[Site]:
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL=PRICED) as found:
        prices(found)
        give(found, "alice", 1_000)
        yield found


@pytest.fixture
def metered(site: Site) -> None:
    rule(site, "metered")


@pytest.fixture
def prepaid(site: Site) -> None:
    rule(site, "prepaid")


async def test_an_answer_says_what_it_cost(alice: Person, metered: None) -> None:
    async with alice.watch("/ws/me/") as me:
        assert (await me.receive())["balance"]["mode"] == "metered"
        made = await alice.begin("One two three")
        answer = await alice.answer(made["id"])
        await me.until("balance.updated")
    assert (answer["cost"], answer["cost_marks"]) == (3 * 100 + 20 * 500, ["unbilled"])
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        assert (await socket.receive())["conversation"]["cost"] == 10_300


async def test_an_unknown_price_is_shown_as_unknown(alice: Person, metered: None) -> None:
    made = await alice.begin("One", model_id="any-t3-r0")
    answer = await alice.answer(made["id"])
    assert (answer["cost"], answer["cost_marks"]) == (None, ["unbilled", "unknown"])


async def test_the_sandbox_is_free_and_in_the_ledger(alice: Person, site: Site, metered: None) -> None:
    made = await alice.begin("Hello", provider="sandbox", model_id="sandbox-echo")
    answer = await alice.answer(made["id"])
    assert answer["cost"] == 0
    assert site.query("SELECT amount, priced FROM billing_entry WHERE provider = 'sandbox'") in ([(0, 1)], [(0, True)])


async def test_continuing_adds_to_what_a_message_cost(alice: Person, metered: None) -> None:
    made = await alice.begin("One", model_id=f"{PRICED}-l")
    first = await alice.answer(made["id"])
    response = await alice.post(f"/messages/{first['id']}/continue/", client_id=str(uuid.uuid4()))
    assert response.status_code == 201
    second = await alice.answer(made["id"])
    assert second["cost"] > first["cost"] == 100 + 10_000


async def test_an_upstream_that_refuses_costs_nothing(alice: Person, site: Site, prepaid: None) -> None:
    before = left(site, "alice")
    made = await alice.begin("One", model_id=f"{PRICED}-e401")
    answer = await alice.answer(made["id"])
    assert answer["status"] == "failed" and answer["cost"] is None
    assert left(site, "alice") == before and before[1] == 0


async def test_one_that_breaks_off_is_charged_for_what_came_by_our_estimate(
    alice: Person, site: Site, upstream: Upstream, prepaid: None
) -> None:
    balance, _ = left(site, "alice")
    stream = [Send(head(200, content_type="text/event-stream", transfer_encoding="chunked"))]
    upstream.script([*stream, Send(chunk(text_chunk("12345678"))), Reset()])
    made = await alice.begin("1234", model_id=PRICED)
    answer = await alice.answer(made["id"])
    assert answer["status"] == "failed"
    assert (answer["cost"], answer["cost_marks"]) == (5 * 100 + 2 * 500, ["estimate"])
    assert left(site, "alice") == (balance - 1_500, 0)


async def test_a_stopped_answer_is_charged_and_its_hold_closed(alice: Person, site: Site, prepaid: None) -> None:
    made = await alice.begin("Slow", model_id="any-t200-r40")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(12)
        await alice.post(f"/runs/{made['run']['id']}/stop/")
        end = await socket.until("run.finished")
    assert end["status"] == "cancelled" and end["cost"] > 0 and end["cost_marks"] == ["estimate"]
    assert left(site, "alice")[1] == 0


async def test_a_prepaid_request_has_a_visible_ceiling(
    alice: Person, site: Site, upstream: Upstream, prepaid: None
) -> None:
    made = await alice.begin("One")
    await alice.answer(made["id"])
    own = await alice.begin("Two", params={"max_completion_tokens": 50, "temperature": 0.5})
    await alice.answer(own["id"])
    first, second = (request.json for request in upstream.requests if "chat" in request.path)
    assert made["run"]["ceiling"] == first["max_tokens"] == 4_096
    assert own["run"]["ceiling"] == second["max_completion_tokens"] == 50 and "max_tokens" not in second


async def test_a_metered_request_carries_only_what_the_person_set(
    alice: Person, upstream: Upstream, metered: None
) -> None:
    made = await alice.begin("One")
    await alice.answer(made["id"])
    request = next(request.json for request in upstream.requests if "chat" in request.path)
    assert made["run"]["ceiling"] is None and "max_tokens" not in request


@pytest.mark.parametrize("ceiling", ["lots", -1, 0, 1.5, True, 10**20])
async def test_a_ceiling_that_is_none_is_refused(
    alice: Person, upstream: Upstream, prepaid: None, ceiling: object
) -> None:
    fields = {"client_id": str(uuid.uuid4()), "text": "One"}
    response = await alice.post("/c/", **fields, params={"max_tokens": ceiling})
    assert (response.status_code, list(response.json()["error"]["data"]["fields"])) == (400, ["max_tokens"])
    assert not [request for request in upstream.requests if "chat" in request.path]


async def test_a_system_prompt_that_stays_is_paid_for_too(
    alice: Person, site: Site, upstream: Upstream, prepaid: None
) -> None:
    """What is held, and what is estimated where the upstream does not count, is for all that is sent."""
    costs = []
    for own in ({}, {"system": "Answer in one word. " * 20}):
        upstream.script([Send(head(200, content_type="text/event-stream")), Send(text_chunk("12345678")), Reset()])
        made = await alice.begin("1234", model_id=PRICED, parameters=own)
        costs.append((await alice.answer(made["id"]))["cost"])
    assert costs[1] > 2 * costs[0] > 0


async def test_without_money_nothing_is_made_and_the_refusal_says_all(
    site: Site, upstream: Upstream, prepaid: None
) -> None:
    charlie = site.person("charlie")
    response = await charlie.post("/c/", client_id=str(uuid.uuid4()), text="Anything")
    assert response.status_code == 402
    error = response.json()["error"]
    assert error["code"] == "insufficient_funds"
    assert error["data"]["needed"] > 0 == error["data"]["available"]
    assert "is left" in error["message"]
    assert (await charlie.get("/")).status_code == 200
    assert site.query("SELECT count(*) FROM conversations_conversation WHERE title = 'Anything'") == [(0,)]
    assert not [request for request in upstream.requests if "chat" in request.path]


async def test_a_form_that_cannot_be_paid_for_comes_back_with_its_text(site: Site, prepaid: None) -> None:
    async with site.person("charlie").http(Accept="text/html") as http:
        response = await http.post("/c/", data={"client_id": str(uuid.uuid4()), "text": "My long question"})
    assert response.status_code == 402 and "My long question" in response.text


async def test_a_repeated_command_is_held_for_once(alice: Person, site: Site, prepaid: None) -> None:
    fields = {"client_id": str(uuid.uuid4()), "text": "Twins"}
    answers = await asyncio.gather(*(alice.post("/c/", **fields) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    await alice.answer(answers[0].json()["id"])
    run = answers[0].json()["run"]["id"]
    assert site.query("SELECT count(*) FROM billing_hold WHERE source_id = ?", run) == [(1,)]
    assert left(site, "alice")[1] == 0
