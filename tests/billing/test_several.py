"""Money around several answers at once: one hold and one charge for a request, whatever becomes of it."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from tests.billing.site import PRICED, give, left, prices, rule
from tests.conversations.several import USAGE, mixed, pieces, side_by_side
from tests.site import Person, Site
from tests.site.person import Json, Socket
from tests.upstream import Upstream, WaitFor, stream_answer

PROMPT, COMPLETION = 100, 500  # micro-units a token
TOLD = 10 * PROMPT + 8 * COMPLETION  # what USAGE costs
OTHER = f"{PRICED}-l"
THREE: Json = {"params": {"n": 3}, "model_id": PRICED}


@pytest.fixture(scope="module")
def site(shared_upstream: Upstream) -> Iterator[Site]:
    urls = {"OPENAI_BASE_URL": shared_upstream.url, "OPENAI_API_KEY": "sk-test", "OPENAI_MODEL": PRICED}
    with Site(**urls, DRAIN_SECONDS="0") as found:
        prices(found)
        give(found, "alice", 1_000)
        rule(found, "prepaid")
        yield found


def charges(site: Site, run: str) -> list[int]:
    """What the ledger says of a call."""
    return [amount for (amount,) in site.query("SELECT amount FROM billing_entry WHERE source_id = ?", run)]


def holds(site: Site, run: str) -> list[tuple[int, int, str]]:
    return site.query("SELECT amount, ceiling, status FROM billing_hold WHERE source_id = ?", run)


async def half_written(person: Person, upstream: Upstream) -> tuple[Json, Socket]:
    """Three answers of which some has come; what they are watched with has seen it."""
    events = pieces(["12345678"] * 2, ["1234"], finish=None)
    upstream.script([*stream_answer(*events, ended=False), WaitFor(threading.Event())])
    made = await person.begin("1234", **THREE)
    async with person.watch(f"/ws/c/{made['id']}/") as socket:
        await socket.receive()
        shown = [*socket.messages[1:], *socket.beside]
        while sum(len(part["text"]) for message in shown for part in message["parts"]) < 20:
            await socket.receive()
    return made, socket


async def test_one_charge_whose_parts_are_what_each_answer_costs(alice: Person, site: Site, upstream: Upstream) -> None:
    before = left(site, "alice")[0]
    upstream.script(mixed(["a "] * 6, ["b"], ["c"]))
    made = await alice.begin("One two three", **THREE)
    conversation, answers = await side_by_side(alice, made["id"])
    assert sum(answer["cost"] for answer in answers) == conversation["cost"] == TOLD
    assert answers[0]["cost"] > answers[1]["cost"] >= answers[2]["cost"] > 0
    assert charges(site, made["run"]["id"]) == [-TOLD]
    assert [charges(site, run["id"]) for run in made["runs"][1:]] == [[], []]
    assert left(site, "alice") == (before - TOLD, 0)


async def test_the_hold_covers_all_of_them(alice: Person, site: Site, upstream: Upstream) -> None:
    made, _ = await half_written(alice, upstream)
    [(amount, ceiling, status)] = holds(site, made["run"]["id"])
    assert (ceiling, status) == (4_096, "open")
    assert 3 * ceiling * COMPLETION < amount < 3 * ceiling * COMPLETION + 20 * PROMPT
    assert {run["ceiling"] for run in made["runs"]} == {ceiling}
    assert (await alice.post(f"/runs/{made['runs'][1]['id']}/stop/")).status_code == 202
    _, answers = await side_by_side(alice, made["id"])
    assert [answer["status"] for answer in answers] == ["cancelled"] * 2  # the third had not begun
    [charged] = charges(site, made["run"]["id"])
    assert -charged == sum(answer["cost"] for answer in answers) > 5 * COMPLETION
    assert {"estimate"} == {mark for answer in answers for mark in answer["cost_marks"]}
    assert left(site, "alice")[1] == 0


async def test_a_small_balance_is_never_overdrawn(site: Site, upstream: Upstream) -> None:
    bob = site.person("bob")
    give(site, "bob", micro=30_000)
    upstream.script(mixed(["a"], ["b"], ["c"], usage={"prompt_tokens": 1, "completion_tokens": 36}))
    made = await bob.begin("Poor", **THREE)
    await side_by_side(bob, made["id"])
    [body] = [one.json for one in upstream.requests if "chat" in one.path and one.json.get("n") == 3]
    assert body["n"] == 3 and 0 < 3 * body["max_tokens"] * COMPLETION < 30_000
    assert left(site, "bob") == (30_000 - PROMPT - 36 * COMPLETION, 0)
    response = await bob.post("/c/", client_id="b3a0cbb0-0d64-4b2e-8f3b-000000000001", text="Poorer", **THREE)
    assert (response.status_code, response.json()["error"]["code"]) == (402, "insufficient_funds")


async def test_those_that_did_not_come_are_not_paid_for(alice: Person, site: Site, upstream: Upstream) -> None:
    upstream.script(mixed(["only"]))
    made = await alice.begin("Few", **THREE)
    _, [answer] = await side_by_side(alice, made["id"])
    assert answer["cost"] == TOLD and charges(site, made["run"]["id"]) == [-TOLD]
    assert answer["usage"] == {**USAGE, "cached_tokens": 0, "reasoning_tokens": 0}


async def test_two_models_are_two_charges(alice: Person, site: Site, upstream: Upstream) -> None:
    made = await alice.begin("Both", model_id=PRICED, also=[{"model_id": OTHER}])
    conversation, answers = await side_by_side(alice, made["id"])
    each = PROMPT + 20 * COMPLETION
    assert [answer["cost"] for answer in answers] == [each, each] and conversation["cost"] == 2 * each
    assert [charges(site, run["id"]) for run in made["runs"]] == [[-each], [-each]]


@pytest.mark.parametrize("end", ["kill", "stop"])
async def test_a_process_that_ends_settles_once_and_marks_each(
    alice: Person, site: Site, upstream: Upstream, end: str
) -> None:
    made, _ = await half_written(alice, upstream)
    stored = "SELECT count(*) FROM conversations_run WHERE status = 'in_progress' AND seq > 0"
    while site.query(stored) != [(2,)]:  # a crash loses what is younger than a checkpoint
        await asyncio.sleep(0.05)
    await asyncio.to_thread(getattr(site, end))
    await asyncio.to_thread(site.start)
    _, answers = await side_by_side(alice, made["id"])
    assert [answer["status"] for answer in answers] == ["interrupted"] * 3
    [charged] = charges(site, made["run"]["id"])
    assert -charged == sum(answer["cost"] or 0 for answer in answers)
    assert [status for *_, status in holds(site, made["run"]["id"])] == ["settled"]
    assert left(site, "alice")[1] == 0
