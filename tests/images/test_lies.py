"""Upstreams that lie, break or have nothing: a sentence, nothing half stored, and the money as it was."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.images.drawing import GENERATIONS, b64, carried, ended, event, made, picture_file, png, streamed
from tests.site import Person, Site
from tests.upstream import Close, Hang, Send, Step, Upstream, head, json_answer

SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


def files_of(site: Site) -> list[Any]:
    return site.query("SELECT id FROM files_file WHERE deleted_at IS NULL AND source = ?", "image")


@pytest.mark.parametrize(
    ("steps", "code", "reason"),
    [
        (carried(b"no picture at all"), "picture_not_kept", "not_a_picture"),
        (carried(SCRIPT), "picture_not_kept", None),
        (carried(b"<html><script>alert(1)</script>" + b" " * 4000), "picture_not_kept", "script_not_picture"),
        (carried(png(300, 300)[:200]), "picture_not_kept", "picture_broken"),
        (json_answer({"data": [{"b64_json": "this is not base64!"}]}), "no_picture", None),
        (json_answer({"data": [{"b64_json": "A" * 5_000 + "?"}]}), "no_picture", None),
        (json_answer({"data": []}), "no_picture", None),
        (json_answer({"created": 1}), "no_picture", None),
        (json_answer({"data": [{"url": "file:///etc/passwd"}]}), "no_picture", None),
        (json_answer({"data": [{"url": "http://127.0.0.1:1/x.png"}]}), "picture_not_fetched", "forbidden_address"),
        (json_answer({"data": [{"url": "http://[::1]/x.png"}]}), "picture_not_fetched", "forbidden_address"),
        (json_answer({"data": [{"url": "http://169.254.169.254/latest"}]}), "picture_not_fetched", "forbidden_address"),
        (json_answer({"data": [{"content_filter_results": {"violence": {"filtered": True}}}]}), "content_filter", None),
        (json_answer({"error": {"message": "no", "code": "moderation_blocked"}}, 400), "content_filter", "filtered"),
        (json_answer({"error": {"message": "no", "code": "invalid_api_key"}}, 401), "invalid_key", "key"),
        (json_answer({"error": {"message": "Invalid size", "param": "size"}}, 400), "upstream_refused", None),
        ([Send(head(200, content_length=20) + b"<html>Gone</html>   ")], "upstream_refused", None),
        (streamed(event("partial_image", png(), partial_image_index=0)), "upstream_broken_off", None),
    ],
)
async def test_what_is_no_picture_is_said_and_not_kept(
    alice: Person, site: Site, upstream: Upstream, steps: list[Step], code: str, reason: str | None
) -> None:
    before = files_of(site)
    upstream.script(steps, path=GENERATIONS)
    job = await made(alice)
    assert (job["status"], job["error"]["code"], job["pictures"], job["cost"] or 0) == ("failed", code, [], 0)
    assert reason is None or job["error"]["data"]["reason"] == reason
    assert job["error"]["message"].endswith(".")
    assert files_of(site) == before


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another server on this machine: inside the network, and not the one that was asked."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/secret.png"
    server.shutdown()
    assert seen == [], "what lies inside the network was asked for"


async def test_nobody_is_sent_inside_the_network_not_even_by_a_redirect(
    alice: Person, upstream: Upstream, elsewhere: str
) -> None:
    upstream.script(json_answer({"data": [{"url": elsewhere}]}), path=GENERATIONS)
    job = await made(alice, model_id="dall-e-3")
    assert job["error"]["data"]["reason"] == "forbidden_address"
    upstream.script(json_answer({"data": [{"url": f"{upstream.url}/moved.png"}]}), path=GENERATIONS)
    upstream.script([Send(head(302, location=elsewhere, content_length=0))], path="/moved.png")
    job = await made(alice, model_id="dall-e-3")
    assert (job["status"], job["error"]["code"]) == ("failed", "picture_not_fetched")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (picture_file(b"<Error>AuthenticationFailed</Error>", "application/xml", 403), "refused"),
        (picture_file(b"", "text/html", 404), "refused"),
        (picture_file(b"<html></html>", "text/html"), "wrong_type"),
        ([Send(head(200, content_type="image/png", content_length=70_000_000)), Hang()], "too_large"),
        ([Close()], "unreachable"),
    ],
    ids=["expired", "gone", "page", "large", "closed"],
)
async def test_an_address_that_leads_to_no_picture_is_said(
    alice: Person, upstream: Upstream, answer: list[Step], reason: str
) -> None:
    upstream.script(json_answer({"data": [{"url": f"{upstream.url}/signed.png?st=1&se=2"}]}), path=GENERATIONS)
    upstream.script(answer, path="/signed.png")
    job = await made(alice, model_id="dall-e-3")
    assert (job["status"], job["error"]["code"]) == ("failed", "picture_not_fetched")
    assert job["error"]["data"]["reason"] == reason
    if reason == "refused":
        assert "expired" in job["error"]["message"]


async def test_some_good_pictures_stay_beside_a_bad_one(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png(), b"not a picture", png(32, 32)), path=GENERATIONS)
    job = await made(alice, n=3)
    assert (job["status"], job["done"], job["error"]["code"]) == ("incomplete", 2, "picture_not_kept")
    assert [picture["index"] for picture in job["pictures"]] == [0, 2]


async def test_fewer_than_were_asked_for_is_said_and_more_are_not_kept(alice: Person, upstream: Upstream) -> None:
    upstream.script(carried(png()), path=GENERATIONS)
    job = await made(alice, n=3)
    assert (job["status"], job["error"]["code"]) == ("completed", "fewer_pictures")
    assert job["error"]["data"] == {"given": 1, "asked": 3, "retryable": True}
    upstream.script(carried(png(), png(32, 32), png(16, 16)), path=GENERATIONS)
    job = await made(alice, n=1)
    assert (job["status"], job["error"], len(job["pictures"])) == ("completed", None, 1)


async def test_what_came_before_a_break_stays(alice: Person, upstream: Upstream) -> None:
    upstream.script(streamed(event("completed", png(), usage={"total_tokens": 9})), path=GENERATIONS)
    job = await made(alice, n=2, partial_images=1)
    assert (job["status"], job["done"]) == ("completed", 1)
    whole = json.dumps({"data": [{"b64_json": b64(png(700, 700, "blue"))}, {"b64_json": b64(png())}]}).encode()
    cut = [Send(head(200, content_type="application/json", content_length=len(whole)) + whole[:-5]), Close()]
    for _ in range(3):
        upstream.script(cut, path=GENERATIONS)
    job = await made(alice, n=2)
    assert (job["status"], job["error"]["code"], job["attempt"]) == ("failed", "upstream_broken_off", 3)
    upstream.script(carried(png(), png()), path=GENERATIONS)
    again = await alice.post(f"{job['url']}retry/", client_id="0d9b5f0e-2c76-4b05-9c75-2a3a2b9a7d10")
    assert (again.status_code, again.json()["job"]["asked"]) == (201, 2)
    assert (await ended(alice, again.json()["job"]))["status"] == "completed"
