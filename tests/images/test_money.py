"""What pictures cost: said before, held, confirmed when dear, charged by piece or tokens, and never for nothing."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.billing.site import carry_out, left, rule
from tests.images.drawing import GENERATIONS, ask, begin, carried, ended, made, png
from tests.site import Person, Site
from tests.upstream import Hang, Upstream, json_answer

PIECES, TOKENS, UNPRICED = "dall-e-3", "gpt-image-1", "gpt-image-2"
USAGE = {"input_tokens": 10, "output_tokens": 100, "total_tokens": 110}
CENT = 10_000


@pytest.fixture(scope="module")
def site(shared_upstream: Upstream) -> Iterator[Site]:
    with Site(OPENAI_BASE_URL=shared_upstream.url, OPENAI_API_KEY="sk-test", IMAGES_CONFIRM_ABOVE="0.30") as found:
        price: list[tuple[str, str, str, int]] = [
            (PIECES, "image", "", 40_000_000),  # micro-units for 1,000: four cents each
            (PIECES, "image", "1024x1024 hd", 80_000_000),
            (TOKENS, "prompt", "", 5_000_000),
            (TOKENS, "completion", "", 40_000_000),
        ]
        named = ("model_id", "unit", "variant", "amount")
        rows: list[dict[str, Any]] = [dict(zip(named, row, strict=True)) for row in price]
        grant = ("grant", {"email": "alice1@example.org", "amount": 10_000_000})
        carry_out(found, grant, *(("set_price", {"provider": "environment", **row}) for row in rows))
        rule(found, "prepaid")
        yield found


def entries(site: Site, job: dict[str, Any]) -> list[tuple[int, str, str]]:
    return site.query("SELECT amount, label, source_kind FROM billing_entry WHERE source_id = ?", job["id"])


async def test_pictures_sold_by_the_piece(alice: Person, site: Site, upstream: Upstream) -> None:
    before = left(site, "alice")[0]
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice, model_id=PIECES, prompt="a  small\nhouse")
    assert (job["estimate"], job["cost"], job["cost_marks"]) == (4 * CENT, 4 * CENT, [])
    assert entries(site, job) == [(-4 * CENT, "a small house", "image")]
    assert left(site, "alice") == (before - 4 * CENT, 0)
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice, model_id=PIECES, size="1024x1024", quality="hd")
    assert job["cost"] == 8 * CENT
    async with alice.http(Accept="text/html") as http:
        page = (await http.get("/balance/")).text
    assert "a small house" in page
    assert job["url"] in page


async def test_pictures_sold_by_tokens(alice: Person, site: Site, upstream: Upstream) -> None:
    upstream.script(carried(png(), usage=USAGE), path=GENERATIONS)
    job = await made(alice, model_id=TOKENS, size="1024x1024", quality="low", prompt="four")
    assert job["estimate"] == 272 * 40 + 1 * 5
    assert (job["cost"], job["cost_marks"]) == (10 * 5 + 100 * 40, [])
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice, model_id=TOKENS, size="1024x1024", quality="low", prompt="four")
    assert (job["cost"], job["cost_marks"]) == (272 * 40 + 5, ["estimate"])


async def test_what_is_dear_is_asked_about_once_more(alice: Person, upstream: Upstream) -> None:
    options = await alice.get(f"/images/options/?provider=environment&model_id={TOKENS}&n=3&quality=high")
    assert options.json()["confirm"] is True
    name = str(uuid.uuid4())
    response = await ask(alice, client_id=name, model_id=TOKENS, n=3, quality="high", size="1024x1024")
    refusal = response.json()["error"]
    assert (response.status_code, refusal["code"]) == (409, "confirmation_needed")
    assert refusal["data"]["estimate"] == 3 * 4_160 * 40 + 3 * 5
    upstream.script(carried(png(), png(), png(), usage=USAGE), path=GENERATIONS)
    response = await ask(alice, client_id=name, model_id=TOKENS, n=3, quality="high", size="1024x1024", confirmed=True)
    assert response.status_code == 201
    assert (await ended(alice, response.json()["job"]))["status"] == "completed"


async def test_an_unknown_price_stays_unknown(alice: Person, site: Site, upstream: Upstream) -> None:
    before = left(site, "alice")
    upstream.script(carried(png(), usage=USAGE), path=GENERATIONS)
    job = await made(alice, model_id=UNPRICED)
    assert (job["estimate"], job["cost"], job["cost_marks"]) == (None, None, ["unknown"])
    assert left(site, "alice") == before
    many = await ask(alice, model_id=UNPRICED, n=5)
    assert (many.status_code, many.json()["error"]["data"]["estimate"]) == (409, None)


async def test_who_has_nothing_begins_nothing(site: Site, upstream: Upstream) -> None:
    bob = site.person("bob")
    response = await ask(bob, model_id=PIECES)
    assert (response.status_code, response.json()["error"]["code"]) == (402, "insufficient_funds")
    assert response.json()["error"]["data"]["needed"] == 4 * CENT
    assert not [request for request in upstream.requests if "images" in request.path]
    assert site.query("SELECT count(*) FROM images_job JOIN accounts_user u ON u.id = owner_id WHERE u.email = ?",
                      "bob1@example.org") == [(0,)]  # fmt: skip


async def test_what_brought_nothing_costs_nothing(alice: Person, site: Site, upstream: Upstream) -> None:
    before = left(site, "alice")
    upstream.script(json_answer({"error": {"message": "no", "code": "moderation_blocked"}}, 400), path=GENERATIONS)
    job = await made(alice, model_id=PIECES)
    assert (job["status"], job["cost"], entries(site, job)) == ("failed", None, [])
    upstream.script([Hang()], path=GENERATIONS)
    job = await begin(alice, model_id=PIECES)
    assert left(site, "alice") == (before[0], before[1] + 4 * CENT), "it is held while it is asked for"
    await alice.post(f"{job['url']}stop/")
    assert (await ended(alice, job))["cost"] in (0, None)
    assert left(site, "alice") == before


async def test_a_picture_that_came_is_paid_though_it_could_not_be_kept(
    alice: Person, site: Site, upstream: Upstream
) -> None:
    upstream.script(carried(b"not a picture", usage=USAGE), path=GENERATIONS)
    job = await made(alice, model_id=TOKENS, quality="low")
    assert (job["status"], job["cost"]) == ("failed", 10 * 5 + 100 * 40)
    upstream.script(carried(png(), b"not a picture"), path=GENERATIONS)
    job = await made(alice, model_id=TOKENS, n=2, quality="low", size="1024x1024")
    assert (job["done"], job["cost_marks"]) == (1, ["estimate"])
    assert "The ledger is true." in site.manage("verify_ledger")
