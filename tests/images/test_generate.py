"""Pictures from words: kept before their job counts as done, told while they come, and nobody else's."""

import uuid
from typing import Any

import pytest

from tests.images.drawing import (
    GENERATIONS,
    ask,
    begin,
    carried,
    content,
    ended,
    event,
    made,
    picture_file,
    png,
    streamed,
    told,
)
from tests.site import Person, Site
from tests.upstream import Upstream, json_answer

USAGE = {"input_tokens": 5, "output_tokens": 70, "total_tokens": 75}


def asked(upstream: Upstream) -> list[Any]:
    return [request for request in upstream.requests if "images" in request.path]


async def test_pictures_are_files_before_their_job_counts_as_done(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png(), png(64, 32), usage=USAGE), path=GENERATIONS)
    job = await made(alice, n=2, size="1024x1024", quality="low", background="")
    assert asked(upstream)[0].json == {
        "model": "gpt-image-1",
        "prompt": "a red house",
        "n": 2,
        "size": "1024x1024",
        "quality": "low",
    }
    assert (job["status"], job["error"], job["done"], job["asked"], job["request_id"]) == (
        "completed",
        None,
        2,
        2,
        "r-1",
    )
    assert job["params"] == {"size": "1024x1024", "quality": "low"}
    assert (job["usage"]["prompt_tokens"], job["usage"]["completion_tokens"]) == (5, 70)
    first, second = job["pictures"]
    assert (second["width"], second["height"], second["mime"], second["index"]) == (64, 32, "image/png", 1)
    assert await content(alice, first["content"]) == png()
    assert await content(alice, first["thumb"])
    shown = (await alice.get(first["url"])).json()
    assert (shown["picture"]["id"], shown["job"]["prompt"]) == (first["id"], "a red house")


async def test_an_address_is_fetched_at_once(alice: Person, upstream: Upstream) -> None:
    address = f"{upstream.url}/made/1.png"
    upstream.script(json_answer({"data": [{"url": address, "revised_prompt": "a very red house"}]}), path=GENERATIONS)
    upstream.script(picture_file(png(32, 32), "application/octet-stream"), path="/made/1.png")
    job = await made(alice, model_id="dall-e-3", response_format="url", style="vivid", output_format="webp")
    assert asked(upstream)[0].json["response_format"] == "url"
    assert job["left_out"] == ["output_format"], "dall-e-3 has no formats, so none is sent"
    assert (job["status"], job["pictures"][0]["revised_prompt"]) == ("completed", "a very red house")
    assert await content(alice, job["pictures"][0]["content"]) == png(32, 32)
    fetched = next(request for request in upstream.requests if request.path == "/v1/made/1.png")
    assert "authorization" not in fetched.headers


async def test_whoever_watches_is_told_of_every_step(alice: Person, upstream: Upstream) -> None:
    parts = [event("partial_image", png(1024, 512, colour), partial_image_index=0) for colour in ("blue", "green")]
    upstream.script(streamed(*parts, event("completed", png(), usage=USAGE)), path=GENERATIONS)
    async with alice.watch("/ws/me/") as one, alice.watch("/ws/me/") as other:
        await one.receive()
        await other.receive()
        job = await begin(alice, partial_images=2)
        assert (await told(one, "job.created", job))["job"]["status"] == "queued"
        assert (await told(one, "job.updated", job))["job"]["status"] == "in_progress"
        partial = (await told(one, "picture.partial", job))["partial"]
        later = (await told(one, "picture.partial", job))["partial"]
        assert (partial["index"], partial["seq"], later["seq"]) == (0, 1, 2)
        created = await told(one, "picture.created", job)
        progress = await told(one, "job.progress", job)
        assert (progress["done"], progress["total"], progress["kind"]) == (1, 1, "images")
        finished = await told(one, "job.finished", job)
        assert finished["job"]["pictures"] == [created["picture"]]
        assert (await told(other, "job.finished", job)) == finished
        assert not any(len(str(frame)) > 20_000 for frame in one.frames if frame["type"] != "me.snapshot")
    assert asked(upstream)[0].json["stream"] is True
    assert (await alice.get(later["url"])).status_code == 404, "it has ended: there is nothing unfinished any more"


async def test_a_page_that_comes_later_finds_what_runs_and_what_there_is_of_it(
    alice: Person, upstream: Upstream
) -> None:
    upstream.script(
        streamed(event("partial_image", png(900, 300), partial_image_index=0), ended=False), path=GENERATIONS
    )
    async with alice.watch("/ws/me/") as first:
        await first.receive()
        job = await begin(alice, partial_images=1)
        partial = (await told(first, "picture.partial", job))["partial"]
    async with alice.watch("/ws/me/") as socket:
        shown = next(one for one in (await socket.receive())["jobs"] if one["id"] == job["id"])
    assert (shown["status"], shown["partials"]) == ("in_progress", [partial])
    response = await alice.get(partial["url"])
    assert response.headers["content-type"] == "image/webp"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert len(response.content) < 20_000
    await alice.post(f"/images/jobs/{job['id']}/stop/")


async def test_the_same_command_twice_is_one_job(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png()), path=GENERATIONS)
    name = str(uuid.uuid4())
    first = await ask(alice, client_id=name, model_id="gpt-image-1")
    second = await ask(alice, client_id=name, model_id="gpt-image-1")
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["job"]["id"] == second.json()["job"]["id"]
    await ended(alice, first.json()["job"])
    assert len(asked(upstream)) == 1


async def test_a_form_goes_to_the_page_of_pictures(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png()), path=GENERATIONS)
    async with alice.http(Accept="text/html") as http:
        data = {
            "client_id": str(uuid.uuid4()),
            "prompt": "a form",
            "provider": "environment",
            "model_id": "gpt-image-1",
        }
        response = await http.post("/images/", data={**data, "n": "1", "size": "auto"})
        assert (response.status_code, response.headers["location"].partition("?")[0]) == (303, "/images/")
        page = await http.get("/images/")
    assert "a form" in page.text


async def test_what_a_server_refuses_is_left_out_and_not_offered_again(alice: Person, upstream: Upstream) -> None:
    refusal = {"error": {"message": "Unknown parameter: 'moderation'.", "param": "moderation"}}
    upstream.script(json_answer(refusal, 400), path=GENERATIONS)
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice, model_id="gpt-image-1.5", moderation="low", quality="high")
    assert (job["status"], job["left_out"]) == ("completed", ["moderation"])
    options = await alice.get("/images/options/?provider=environment&model_id=gpt-image-1.5")
    assert options.json()["takes"]["moderation"] == []
    assert options.json()["takes"]["quality"] != []


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"prompt": " "}, 400, "prompt_missing"),
        ({"prompt": "x" * 32_001}, 400, "prompt_too_long"),
        ({"prompt": 7}, 400, "invalid"),
        ({"client_id": "7"}, 400, "client_id_missing"),
        ({"n": 11}, 400, "invalid"),
        ({"n": 2, "model_id": "dall-e-3"}, 400, "invalid"),
        ({"size": "1000x1000"}, 400, "invalid"),
        ({"size": "4000x4000", "model_id": "gpt-image-2"}, 400, "invalid"),
        ({"quality": "enormous"}, 400, "invalid"),
        ({"output_compression": 101}, 400, "invalid"),
        ({"partial_images": 4}, 400, "invalid"),
        ({"output_format": "jpeg", "background": "transparent"}, 400, "invalid"),
        ({"provider": "nobody"}, 400, "unknown_provider"),
        ({"model_id": "x" * 300}, 400, "model_id_too_long"),
        ({"params": "7"}, 400, "invalid"),
    ],
)
async def test_what_cannot_be_is_refused_before_anything_is_sent(
    alice: Person, upstream: Upstream, fields: dict[str, Any], status: int, code: str
) -> None:
    response = await ask(alice, **{"model_id": "gpt-image-1", **fields})
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert asked(upstream) == []


async def test_nobody_else_sees_a_job_or_its_pictures(
    alice: Person, charlie: Person, site: Site, upstream: Upstream
) -> None:
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice)
    [picture] = job["pictures"]
    for address in (job["url"], picture["url"], picture["content"], picture["thumb"]):
        assert (await charlie.get(address)).status_code == 404, address
    for verb in ("stop", "retry"):
        response = await charlie.post(f"{job['url']}{verb}/", client_id=str(uuid.uuid4()))
        assert response.status_code == 404
    stolen = await ask(charlie, "/images/edit/", model_id="gpt-image-1", sources=[picture["file"]])
    assert (stolen.status_code, stolen.json()["error"]["code"]) == (404, "not_found")
    async with charlie.watch("/ws/me/") as socket:
        assert job["id"] not in str(await socket.receive())
    assert (await site.stranger().get(job["url"])).status_code == 401
