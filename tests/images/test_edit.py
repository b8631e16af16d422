"""Pictures from pictures: sources and masks as each model takes them, sent as the API wants them; variations."""

import uuid
from typing import Any

import httpx
import pytest

from tests.images.drawing import EDITS, GENERATIONS, VARIATIONS, ask, b64, carried, ended, made, mask, png
from tests.openai_client.support import parts
from tests.site import Person
from tests.upstream import Upstream, json_answer


def sent(upstream: Upstream) -> tuple[str, dict[str, tuple[str, bytes]]]:
    record = next(request for request in upstream.requests if request.path in ("/v1" + EDITS, "/v1" + VARIATIONS))
    return record.path, parts(record.body, record.headers["content-type"])


async def form(person: Person, path: str, files: list[tuple[str, Any]], **data: str) -> httpx.Response:
    given = {"client_id": str(uuid.uuid4()), "prompt": "a hat", "provider": "environment", **data}
    async with person.http() as http:
        return await http.post(path, data=given, files=files)


async def file_ids(person: Person, upstream: Upstream, *contents: bytes) -> list[str]:
    """Pictures that a model has made: files of the person's."""
    upstream.script(carried(*contents), path=GENERATIONS)
    job = await made(person, n=len(contents))
    upstream.requests.clear()
    return [picture["file"] for picture in job["pictures"]]


async def test_several_pictures_and_a_mask_are_sent_and_changed(alice: Person, upstream: Upstream) -> None:
    first, second, hole = await file_ids(alice, upstream, png(), png(32, 32), mask())
    upstream.script(carried(png(64, 64, "green")), path=EDITS)
    job = await made(alice, "/images/edit/", sources=[first, second], mask=hole, quality="low", style="vivid")
    path, fields = sent(upstream)
    assert path == "/v1/images/edits"
    assert set(fields) == {"model", "prompt", "image[]", "mask", "quality"}
    assert (fields["mask"][1], fields["image[]"][1]) == (mask(), png(32, 32))
    assert upstream.requests[0].body.count(png()) == 1
    assert (job["status"], job["kind"], job["sources"], job["mask"]) == ("completed", "edit", [first, second], hole)
    used = (await alice.get(f"/files/{first}/")).json()
    assert job["url"] in str(used), "the file's page says who uses it"


async def test_a_form_brings_its_pictures_along(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png()), path=EDITS)
    files = [("image", ("a.png", png(), "image/png")), ("mask", ("m.png", mask(), "image/png"))]
    response = await form(alice, "/images/edit/", files, model_id="gpt-image-1")
    assert response.status_code == 201, response.text
    job = await ended(alice, response.json()["job"])
    assert (job["status"], len(job["sources"]), bool(job["mask"])) == ("completed", 1, True)
    assert sent(upstream)[1]["image"][1] == png()


async def test_variations_where_the_server_has_them(alice: Person, upstream: Upstream) -> None:
    [source] = await file_ids(alice, upstream, png())
    rows = [{"b64_json": b64(png())}, {"b64_json": b64(png(32, 32))}]
    upstream.script(json_answer({"data": rows}), path=VARIATIONS)
    job = await made(alice, "/images/vary/", model_id="dall-e-2", sources=[source], n=2, size="512x512")
    path, fields = sent(upstream)
    assert (path, set(fields)) == ("/v1/images/variations", {"model", "image", "n", "size", "response_format"})
    assert (job["status"], job["done"], job["prompt"]) == ("completed", 2, "")


async def test_where_variations_are_gone_the_page_says_so_and_offers_an_edit(alice: Person, upstream: Upstream) -> None:
    [source] = await file_ids(alice, upstream, png())
    response = await ask(alice, "/images/vary/", model_id="gpt-image-1", sources=[source])
    assert (response.status_code, response.json()["error"]["code"]) == (409, "verb_retired")
    assert "Edit the picture" in response.json()["error"]["message"]
    gone = {"error": {"message": "This endpoint is retired and no longer available. Use the image edits endpoint."}}
    upstream.script(json_answer(gone, 404), path=VARIATIONS)
    job = await made(alice, "/images/vary/", model_id="somebodys-model", sources=[source])
    assert job["status"] == "failed"
    assert "edit" in job["error"]["message"]


@pytest.mark.parametrize(
    ("model", "pictures", "hole", "code", "reason"),
    [
        ("gpt-image-1", [png()], mask(32, 32), "wrong_mask", "measures"),
        ("gpt-image-1", [png()], png(64, 64, "black"), "wrong_mask", "solid"),
        ("gpt-image-1", [png()], png(64, 64, "black", "JPEG"), "wrong_mask", "type"),
        ("dall-e-2", [png(64, 32)], None, "wrong_source", "square"),
        ("dall-e-2", [png(64, 64, "red", "JPEG")], None, "wrong_source", "type"),
        ("dall-e-2", [png(), png()], None, "too_many_sources", None),
        ("gpt-image-1", [], None, "nothing_to_change", None),
        ("dall-e-3", [png()], None, "verb_retired", None),
    ],
)
async def test_sources_that_a_model_does_not_take_are_refused_before_sending(
    alice: Person,
    upstream: Upstream,
    model: str,
    pictures: list[bytes],
    hole: bytes | None,
    code: str,
    reason: str | None,
) -> None:
    files = [("image", ("a.png", one, "image/png")) for one in pictures]
    files += [("mask", ("m.png", hole, "image/png"))] if hole else []
    response = await form(alice, "/images/edit/", files, model_id=model)
    refusal = response.json()["error"]
    assert (refusal["code"], refusal["data"].get("reason")) == (code, reason), refusal
    assert refusal["message"].endswith(".")
    assert not [request for request in upstream.requests if "images" in request.path]


async def test_what_is_no_picture_cannot_be_changed(alice: Person) -> None:
    response = await form(
        alice, "/images/edit/", [("image", ("a.txt", b"some words", "text/plain"))], model_id="gpt-image-1"
    )
    assert (response.status_code, response.json()["error"]["data"]["reason"]) == (400, "not_a_picture")
    response = await form(
        alice, "/images/edit/", [("image", ("a.png", b"<script>", "image/png"))], model_id="gpt-image-1"
    )
    assert response.json()["error"]["code"] in ("script_not_picture", "not_a_picture")
