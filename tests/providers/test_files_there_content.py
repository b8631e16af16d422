"""What is in a provider's file, downloaded, shown and kept; and whose business all of it is."""

import uuid

import httpx
import pytest

from tests.providers.entering import ALLOW_PRIVATE, enter, page, words
from tests.providers.filing import ROW, at
from tests.site import Person, Site
from tests.upstream import Close, Hang, Send, Upstream, head, json_answer


async def test_some_files_are_not_given_back(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    refusal = json_answer({"error": {"message": "Not allowed to download files of purpose: assistants"}}, 400)
    for door in ("content/?id=file-1", "keep/"):
        relay.script(json_answer(ROW), "/file-1")
        relay.script(refusal, "/content")
        response = await (owner.post(f"{where}{door}", id="file-1") if door == "keep/" else owner.get(f"{where}{door}"))
        assert (response.status_code, response.json()["error"]["code"]) == (502, "not_given")
    relay.script(json_answer(ROW), "/file-1")
    relay.script(refusal, "/content")
    shown = await page(owner, f"{where}one/?id=file-1")
    assert "Files of some purposes cannot be downloaded." in words(shown)
    assert "download>" not in shown


async def test_what_is_downloaded_is_no_page_whatever_its_server_says(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    relay.script(json_answer({**ROW, "filename": 'x"\r\nSet-Cookie: a=b\u202e<script>.html'}), "/file-1")
    relay.script([Send(head(content_type="text/html", set_cookie="a=b", content_length=8) + b"<script>")], "/content")
    response = await owner.get(f"{where}content/?id=file-1")
    assert (response.status_code, response.content) == (200, b"<script>")
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment; filename")
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert "set-cookie" not in response.headers
    relay.script(json_answer({**ROW, "filename": "<script>alert(1)</script>"}), "/file-1")
    relay.script([Send(head(content_length=9) + b"<script>\0")], "/content")
    shown = await page(owner, f"{where}one/?id=file-1")
    assert "<script>alert" not in shown
    assert "This is no text" in words(shown)


async def test_only_the_beginning_is_asked_for_to_be_shown(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    text = "é".encode() * 40_000
    relay.script(json_answer(ROW), "/file-1")
    relay.script([Send(head(content_length=10**9) + b"x" + text), Hang()], "/content")
    shown = words(await page(owner, f"{where}one/?id=file-1"))
    assert shown.count("é") == 16 * 1024 - 1
    assert "There is more" in shown
    assert relay.requests[-1].closed.wait(10)


async def test_a_download_that_breaks_off_does_not_look_whole(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    for length in ({"content_length": 10_000}, {"transfer_encoding": "chunked"}):
        body = b"half" if "content_length" in length else b"4\r\nhalf\r\n"
        relay.script(json_answer(ROW), "/file-1")
        relay.script([Send(head(**length) + body), Close()], "/content")
        with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
            await owner.get(f"{where}content/?id=file-1")
    relay.script(json_answer(ROW), "/file-1")
    relay.script([Send(head(content_length=10_000) + b"half"), Close()], "/content")
    response = await owner.post(f"{where}keep/", id="file-1")
    assert (response.status_code, response.json()["error"]["code"]) == (502, "upstream_broken_off")


async def test_what_is_too_large_to_keep_is_refused_before_it_is_fetched(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    relay.script(json_answer({**ROW, "bytes": 10**12}), "/file-1")
    response = await owner.post(f"{where}keep/", id="file-1")
    assert (response.status_code, response.json()["error"]["code"]) == (413, "file_too_large")
    assert len(relay.requests) == 1


async def test_the_files_at_shared_providers_are_the_owners_alone(
    owner: Person, bob: Person, charlie: Person, owned: Site, relay: Upstream
) -> None:
    await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    shared = await enter(owner, base_url=relay.url, key="sk-shared-0123456789", **{"for": "site"})
    mine = await at(bob, relay)
    names = {one["id"] for one in (await owner.get("/files/upstream/")).json()["providers"]}
    assert {"environment", "sandbox", shared["id"]} <= names
    assert mine.split("/")[3] not in names
    assert [one["url"] for one in (await bob.get("/files/upstream/")).json()["providers"]] == [mine]
    assert (await charlie.get("/files/upstream/")).json() == {"providers": []}
    assert "You have entered no provider of your own." in words(await page(charlie, "/files/upstream/"))
    for person, places in (
        (bob, ("environment", "sandbox", shared["id"], "nonsense", str(uuid.uuid4()))),
        (charlie, (mine.split("/")[3],)),
        (owner, (mine.split("/")[3],)),
    ):
        for place in places:
            where = f"/files/upstream/{place}/"
            for door in ("", "one/?id=file-1", "content/?id=file-1", "delete/?id=file-1"):
                assert (await person.get(f"{where}{door}")).status_code == 404
            for door in ("", "keep/", "delete/"):
                assert (await person.post(f"{where}{door}", id="file-1")).status_code == 404
    for door in ("/files/upstream/", mine, f"{mine}content/?id=file-1"):
        assert (await owned.stranger().get(door)).status_code == 401
    assert (await owned.stranger().post(f"{mine}delete/", id="file-1")).status_code == 401
    assert relay.requests == []
