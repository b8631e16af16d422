"""The ledger in a storm: many at once on little money, and calls that end in every way there is.

STORM_CALLS=1000 makes the second one as large as it should be once before a release; the gate's is smaller. One site
for all of them, and each ends with verify_ledger: it is checked after whatever came before as well.
"""

import asyncio
import os
import random
import uuid
from collections.abc import Iterator

import httpx
import pytest

from tests.billing.site import carry_out, left, rule
from tests.site import Person, Site
from tests.upstream import Step, Upstream, done, stream_answer, text_chunk

CALLS = int(os.environ.get("STORM_CALLS", "60"))
AT_ONCE = 20
CENT = 10_000
MODELS = ("any-t20-r0", "any-t20-r0-u0", "any-t30-r0-x5", "any-t5-r0-e400", "any-t40-r40", "any-t20-r0-k9", "any-t3-h2")
ABSURD = (
    {"prompt_tokens": -5, "completion_tokens": 10**30},
    {"prompt_tokens": "many", "completion_tokens": []},
    "none",
)
PATIENCE = 90.0
DOLLAR = 1_000_000
GRANTS = {"alice": 1_000 * DOLLAR, "bob": 1_000 * DOLLAR, "charlie": 10 * CENT}
PRICES = {
    **{model: {"prompt": 100 * DOLLAR, "completion": 500 * DOLLAR} for model in (*MODELS, "any-t2000-r20")},
    "any-t1-r0": {"prompt": 0, "completion": 0, "request": 1_000 * CENT},
}


@pytest.fixture(scope="module")
def site(shared_upstream: Upstream) -> Iterator[Site]:
    """A prepaid site with prices; Charlie has ten cents, the others have plenty."""
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk-test", OPENAI_MODEL=MODELS[0]) as found:
        rule(found, "prepaid")
        priced = [
            {"provider": "environment", "model_id": model, "unit": unit, "amount": amount}
            for model, units in PRICES.items()
            for unit, amount in units.items()
        ]
        given = [{"email": f"{name}1@example.org", "amount": amount} for name, amount in GRANTS.items()]
        carry_out(found, *(("set_price", facts) for facts in priced), *(("grant", facts) for facts in given))
        yield found


def ledger_is_true(site: Site) -> str:
    said = site.manage("verify_ledger")
    assert "Balances less entries: US$0.000000" in said and "The ledger is true." in said
    return said


async def post(http: httpx.AsyncClient, **fields: str) -> httpx.Response:
    return await http.post("/c/", json={"client_id": str(uuid.uuid4()), "text": "One", **fields})


async def nothing_runs(site: Site) -> None:
    """Wait until every run has ended and every hold is closed."""
    async with asyncio.timeout(PATIENCE):
        while site.query(
            "SELECT 1 FROM conversations_run WHERE status IN ('queued', 'in_progress') "
            "UNION ALL SELECT 1 FROM billing_hold WHERE status = 'open'"
        ):
            await asyncio.sleep(0.3)


async def test_of_200_at_once_on_a_balance_for_ten_exactly_ten_run(site: Site, upstream: Upstream) -> None:
    async with site.person("charlie").http() as http:
        charlie = {"base_url": site.url, "cookies": http.cookies, "headers": http.headers}
    many = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(**charlie, limits=many, timeout=PATIENCE, trust_env=False) as http:
        answers = await asyncio.gather(*(post(http, model_id="any-t1-r0") for _ in range(200)))
    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(201), statuses.count(402)) == (10, 190)
    refused = next(answer.json()["error"] for answer in answers if answer.status_code == 402)
    assert refused["code"] == "insufficient_funds" and refused["data"]["needed"] == CENT
    await nothing_runs(site)
    assert left(site, "charlie") == (0, 0)
    assert len([request for request in upstream.requests if "chat" in request.path]) == 10
    ledger_is_true(site)


def odd_usage(usage: object) -> list[Step]:
    return stream_answer(text_chunk("Hello", finish="stop", usage=usage), done())


async def begin(person: Person, chance: random.Random) -> None:
    """One call, stopped half of the time; a site that is being killed meanwhile may not answer."""
    model = chance.choice(MODELS)
    try:
        async with person.http() as http:
            response = await post(http, model_id=model)
            assert response.status_code in (201, 402)
            if response.status_code == 201 and (chance.random() < 0.5 or model.endswith("h2")):
                await asyncio.sleep(chance.random())
                await http.post(f"/runs/{response.json()['run']['id']}/stop/")
    except httpx.TransportError:
        pass


@pytest.mark.timeout(60 + 3 * CALLS)
async def test_calls_that_end_in_every_way_leave_a_ledger_that_is_true(site: Site, upstream: Upstream) -> None:
    chance = random.Random(20_261_121)
    for start in range(0, CALLS, AT_ONCE):
        upstream.script(odd_usage(chance.choice(ABSURD)))
        people = [site.person(chance.choice(("alice", "bob"))) for _ in range(min(AT_ONCE, CALLS - start))]
        calls = asyncio.gather(*(begin(person, chance) for person in people))
        if start // AT_ONCE % 3 == 1:
            await asyncio.sleep(chance.random())
            await asyncio.to_thread(site.kill)
            await asyncio.to_thread(site.start)
        await calls
    await nothing_runs(site)
    said = ledger_is_true(site)
    charged = site.query("SELECT sum(amount) FROM billing_entry WHERE kind = 'charge'")[0][0]
    assert site.query("SELECT sum(balance), sum(held) FROM billing_account") == [(sum(GRANTS.values()) + charged, 0)]
    assert site.query("SELECT count(*) FROM billing_entry WHERE estimated")[0][0] > 0, said


async def complaint(site: Site) -> str:
    """What verify_ledger finds wrong, once it does: with others about, a heart must not have beaten for a while."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                site.manage("verify_ledger")
            except RuntimeError as error:
                return str(error)
            await asyncio.sleep(1)


@pytest.mark.usefixtures("upstream")  # nothing of what others scripted
async def test_the_hold_of_a_process_that_died_is_settled_when_the_next_one_starts(site: Site) -> None:
    alice = site.person("alice")
    before, _ = left(site, "alice")
    made = await alice.begin("One two", model_id="any-t2000-r20")
    async with alice.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.until_text(150)  # more than a second: a checkpoint, so that something is known
    assert left(site, "alice")[1] > 0
    site.kill()
    assert "its process is dead" in await complaint(site)
    site.start()
    await nothing_runs(site)
    answer = await site.person("alice").answer(made["id"])
    assert answer["status"] == "interrupted" and answer["cost"] > 0 and answer["cost_marks"] == ["estimate"]
    assert left(site, "alice") == (before - answer["cost"], 0)
    ledger_is_true(site)


def test_a_broken_ledger_is_found_from_outside(site: Site) -> None:
    site.execute("UPDATE billing_account SET balance = balance + 1")
    with pytest.raises(RuntimeError, match="has no entry"):
        site.manage("verify_ledger")
    site.execute("UPDATE billing_account SET balance = balance - 1")
