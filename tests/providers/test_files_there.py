"""Files that a provider keeps: listed, sent, shown, deleted; what goes wrong there is told in a sentence."""

import uuid
from typing import Any

import pytest

from tests.providers.entering import ALLOW_PRIVATE, enter, page, words
from tests.providers.filing import EXAMPLE, ROW, SANDBOX, at, form, send
from tests.site import Person
from tests.upstream import Close, Send, Upstream, head, json_answer


async def test_a_file_lives_at_the_sandbox_from_sending_to_deleting(owner: Person) -> None:
    content = f"{EXAMPLE}\n".encode() * 12
    response = await send(owner, SANDBOX, content, "learn.jsonl", purpose="fine-tune", expires_after="3600")
    assert response.status_code == 201, response.text
    file = response.json()["file"]
    assert (file["filename"], file["bytes"], file["purpose"]) == ("learn.jsonl", len(content), "fine-tune")
    assert file["expires_at"] == file["created_at"] + 3600
    listed = (await owner.get(f"{SANDBOX}?purpose=fine-tune")).json()
    assert file in listed["files"]
    assert file not in (await owner.get(f"{SANDBOX}?purpose=batch")).json()["files"]
    query = f"?id={file['id']}"
    assert (await owner.get(f"{SANDBOX}one/{query}")).json() == {"file": file}
    shown = words(await page(owner, f"{SANDBOX}one/{query}"))
    assert "learn.jsonl" in shown
    assert "How it begins" in shown
    fetched = await owner.get(f"{SANDBOX}content/{query}")
    assert fetched.content == content
    assert fetched.headers["content-disposition"] == 'attachment; filename="learn.jsonl"'
    kept = await owner.post(f"{SANDBOX}keep/", id=file["id"])
    assert kept.status_code == 201, kept.text
    mine = kept.json()["file"]
    assert (mine["name"], mine["source"], mine["size"]) == ("learn.jsonl", "upstream", len(content))
    assert (await owner.get(mine["content"])).content == content
    asked = words(await page(owner, f"{SANDBOX}delete/{query}"))
    assert "Delete “learn.jsonl” at Sandbox?" in asked
    assert (await owner.post(f"{SANDBOX}delete/", id=file["id"])).json() == {"deleted": file["id"]}
    again = await owner.post(f"{SANDBOX}delete/", id=file["id"])
    assert (again.status_code, again.json()["error"]["code"]) == (404, "not_found")


async def test_one_of_my_own_files_is_sent(owner: Person) -> None:
    first = (await send(owner, SANDBOX, b"words", "words.txt")).json()["file"]
    mine = (await owner.post(f"{SANDBOX}keep/", id=first["id"])).json()["file"]
    assert f'value="{mine["id"]}" selected' in await page(owner, f"{SANDBOX}?file={mine['id']}")
    response = await owner.post(SANDBOX, own=mine["id"], purpose="user_data")
    assert response.status_code == 201, response.text
    sent = response.json()["file"]
    assert (sent["filename"], sent["bytes"]) == ("words.txt", 5)
    assert sent["id"] != first["id"]
    assert (await owner.post(SANDBOX, own=str(uuid.uuid4()), purpose="user_data")).status_code == 404


async def test_somebody_elses_file_is_not_sent(owner: Person, bob: Person, relay: Upstream) -> None:
    await owner.post("/settings/providers/rules/", **ALLOW_PRIVATE)
    first = (await send(owner, SANDBOX, b"secret", "secret.txt")).json()["file"]
    hers = (await owner.post(f"{SANDBOX}keep/", id=first["id"])).json()["file"]
    where = await at(bob, relay)
    assert (await bob.post(where, own=hers["id"], purpose="user_data")).status_code == 404
    relay.script(json_answer({"data": []}), "/files")
    assert "secret.txt" not in await page(bob, f"{where}?file={hers['id']}")
    assert [request.method for request in relay.requests] == ["GET"]


async def test_a_plain_form_sends_shows_and_deletes(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    relay.script(json_answer(ROW), "/files")
    response = await form(owner, where, b"x", "n\u202eot.txt", purpose="vision", expires_after="86400")
    assert (response.status_code, response.headers["location"]) == (303, f"{where}one/?id=file-1")
    sent = relay.requests[0].body
    assert b'name="file"; filename="not.txt"' in sent
    for field, value in (
        ("purpose", b"vision"),
        ("expires_after[anchor]", b"created_at"),
        ("expires_after[seconds]", b"86400"),
    ):
        assert f'name="{field}"'.encode() + b"\r\n\r\n" + value in sent
    relay.script(json_answer(ROW), "/file-1")
    relay.script([Send(head(content_length=5) + b"hello")], "/content")
    shown = words(await page(owner, f"{where}one/?id=file-1"))
    for part in ("a b.jsonl", "hello", "2.0 KB", "2025-10-09 08:53", "odd kept"):
        assert part in shown
    relay.script(json_answer({"id": "file-1", "deleted": True}), "/file-1")
    async with owner.http(Accept="text/html") as http:
        response = await http.post(f"{where}delete/", data={"id": "file-1", "name": "a b.jsonl"})
    assert (response.status_code, response.headers["location"]) == (303, where)
    assert relay.requests[-1].method == "DELETE"


async def test_lists_go_on_page_by_page(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    rows = [{**ROW, "id": f"file-{number}"} for number in range(3)]
    relay.script(json_answer({"object": "list", "data": rows, "has_more": True, "last_id": "file-2"}), "/files")
    found = (await owner.get(f"{where}?purpose=fine-tune&order=asc&after=file-z")).json()
    assert ([file["id"] for file in found["files"]], found["after"]) == (["file-0", "file-1", "file-2"], "file-2")
    assert relay.requests[0].query == "purpose=fine-tune&limit=50&order=asc&after=file-z"
    relay.script(json_answer({"data": rows, "has_more": True}), "/files")
    shown = await page(owner, where)
    assert "?purpose=&amp;order=desc&amp;after=file-2" in shown


async def test_a_server_of_2023_sends_everything_and_is_paged_here(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    rows = [{"id": f"f{number}", "purpose": "batch" if number % 2 else "fine-tune"} for number in range(130)]
    seen, after = [], ""
    for _ in range(9):
        relay.script(json_answer({"object": "list", "data": rows}), "/files")
        found = (await owner.get(f"{where}?purpose=batch&after={after}")).json()
        seen += [file["id"] for file in found["files"]]
        if (after := found["after"]) is None:
            break
    assert seen == [row["id"] for row in rows if row["purpose"] == "batch"]


async def test_a_list_that_does_not_get_on_ends(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    relay.script(json_answer({"data": [ROW], "has_more": True, "last_id": "file-1"}), "/files")
    assert (await owner.get(f"{where}?after=file-1")).json() == {"files": [], "after": None}


@pytest.mark.parametrize(
    "answer",
    [
        json_answer({"error": {"message": "Invalid URL (GET /v1/files)"}}, 404),
        json_answer(b"404 page not found", 404),
        json_answer(b"<!doctype html><title>Sign in</title>"),
        json_answer({"detail": "Method Not Allowed"}, 405),
        json_answer({"error": {"message": "no"}}, 501),
    ],
    ids=["404", "plain 404", "a page", "405", "501"],
)
async def test_a_server_without_files_says_so(owner: Person, relay: Upstream, answer: Any) -> None:
    where = await at(owner, relay)
    relay.script(answer, "/files")
    response = await owner.get(where)
    assert (response.status_code, response.json()["error"]["code"]) == (502, "no_files")
    relay.script(answer, "/files")
    shown = await page(owner, where)
    assert "its server does not have this function" in words(shown)
    assert "data-upstream-send" not in shown


async def test_an_upstream_that_is_down_or_strange_is_told_in_a_sentence(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    for answer, code in (
        ([Close()], "upstream_broken_off"),
        (
            json_answer({"error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}}, 401),
            "invalid_key",
        ),
        (json_answer({"error": {"message": "slow down"}}, 429), "rate_limited"),
        (json_answer({"data": [{"id": str(number)} for number in range(60_000)]}), "upstream_broken_off"),
    ):
        relay.script(answer, "/files")
        response = await owner.get(where)
        assert (response.status_code, response.json()["error"]["code"]) == (502, code)
        relay.script(answer, "/files")
        assert "The text so far" not in await page(owner, where)
    for number in range(2):
        relay.script(json_answer({"error": {"message": "No such File object: x"}}, 404), "/files/x")
        door = ("one/?id=x", "content/?id=x")[number]
        response = await owner.get(f"{where}{door}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")
    relay.script(json_answer({"id": "other"}), "/files/x")
    assert (await owner.get(f"{where}one/?id=x")).status_code == 502
    dead = await enter(owner, base_url="http://127.0.0.1:9/v1", key="sk-0123456789")
    response = await owner.get(f"/files/upstream/{dead['id']}/")
    assert (response.status_code, response.json()["error"]["code"]) == (502, "upstream_unreachable")


async def test_a_refused_upload_says_why_and_is_not_sent_twice(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    for answer, code, part in (
        (
            json_answer({"error": {"message": "Invalid file format.", "param": "file"}}, 400),
            "upstream_refused",
            "refuse",
        ),
        (json_answer({"error": {"message": "too big"}}, 413), "upstream_refused", "larger than"),
        (json_answer({"error": {"message": "m"}}, 500), "upstream_refused", "fault"),
        (json_answer({"object": "file"}), "upstream_refused", "not an answer"),
    ):
        relay.clear()
        relay.script(answer, "/files")
        response = await send(owner, where, b"x", "a.txt")
        error = response.json()["error"]
        assert (response.status_code, error["code"], part in error["message"]) == (502, code, True), error
        assert len(relay.requests) == 1
    relay.script(json_answer({"error": {"message": "Their own words"}}, 400), "/files")
    refused = await form(owner, where, b"x", "a.txt")
    assert (refused.status_code, "Their own words" in refused.text) == (502, True)


async def test_lines_with_faults_are_named_and_nothing_is_sent(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    lines = f'{EXAMPLE}\n{{"messages": []}}\nno json\n'.encode()
    response = await send(owner, where, lines, purpose="fine-tune")
    error = response.json()["error"]
    assert (response.status_code, error["code"]) == (400, "bad_lines")
    assert [(fault["line"], fault["code"]) for fault in error["data"]["faults"]] == [
        (2, "no_messages"),
        (3, "not_json"),
    ]
    relay.script(json_answer({"data": []}), "/files")
    shown = await form(owner, where, lines, purpose="fine-tune")
    assert shown.status_code == 400
    assert "Line 2 Its “messages” is not a list of messages." in words(shown.text)
    assert [request.method for request in relay.requests] == ["GET"]
    relay.script(json_answer(ROW), "/files")
    assert (await send(owner, where, lines, purpose="fine-tune", unchecked="on")).status_code == 201
    assert lines in relay.requests[-1].body


async def test_what_is_missing_or_wrong_in_the_form_is_named(owner: Person, relay: Upstream) -> None:
    where = await at(owner, relay)
    for fields, wrong in (
        ({"purpose": "user_data"}, {"file"}),
        ({"purpose": "a b", "own": str(uuid.uuid4())}, {"purpose"}),
        ({"own": "x", "purpose": "batch"}, {"own"}),
        ({"purpose": "batch", "expires_after": 5, "own": str(uuid.uuid4())}, {"expires_after"}),
    ):
        response = await owner.post(where, **fields)
        assert (response.status_code, set(response.json()["error"]["data"]["fields"])) == (400, wrong)
    relay.script(json_answer({"error": {"message": "File is empty."}}, 400), "/files")
    assert (await send(owner, where, b"", "empty.txt")).status_code == 502
    async with owner.http() as http:
        headers = {"content-type": "multipart/form-data; boundary=b"}
        response = await http.post(where, content=b"--b\r\nContent-Disposition: form-", headers=headers)
        assert response.status_code == 400
    for door in ("one/", "content/", "delete/", "one/?id=..", "one/?id=", f"one/?id={'x' * 201}", "one/?id=%00"):
        assert (await owner.get(f"{where}{door}")).status_code == 404
    assert (await owner.post(f"{where}delete/")).status_code == 404
    assert (await owner.post(f"{where}keep/", id=7)).status_code == 404
    assert {request.method for request in relay.requests} <= {"GET", "POST"}
