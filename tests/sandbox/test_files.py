"""Files: kept and given back, listed in pages, expiring, checked before they are taken (L1 to L5)."""

import asyncio
import pathlib
from typing import Any

import pytest

import sandbox
from sandbox import files
from tests.sandbox.calling import Answer, Door


async def upload(door: Door, data: bytes = b"hello", name: str = "a.txt", **fields: str) -> Answer:
    """Upload a file."""
    return await door.form("/v1/files", {"purpose": "user_data", **fields}, {"file": (name, data)})


async def test_a_file_is_kept_and_given_back_byte_by_byte(door: Door) -> None:
    data = bytes(range(256)) * 4000 + b"\r\n--b0undar\r\n"
    kept = (await upload(door, data, "données.bin")).json
    assert kept["id"].startswith("file-sandbox-")
    assert (kept["object"], kept["bytes"], kept["filename"]) == ("file", len(data), "données.bin")
    assert (kept["purpose"], kept["status"], kept["expires_at"]) == ("user_data", "processed", None)
    assert (await door.get(f"/v1/files/{kept['id']}")).json == kept
    content = await door.get(f"/v1/files/{kept['id']}/content")
    assert content.body == data
    assert content.headers["content-length"] == str(len(data))


async def test_a_deleted_file_is_gone(door: Door) -> None:
    kept = (await upload(door)).json
    assert (await door.delete(f"/v1/files/{kept['id']}")).json == {"id": kept["id"], "object": "file", "deleted": True}
    for answer in (
        await door.get(f"/v1/files/{kept['id']}"),
        await door.get(f"/v1/files/{kept['id']}/content"),
        await door.delete(f"/v1/files/{kept['id']}"),
    ):
        assert (answer.status, answer.error["message"]) == (404, f"No such File object: {kept['id']}")


async def test_another_process_sees_the_same_files(tmp_path: pathlib.Path) -> None:
    doors = [Door(sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0)) for _ in range(2)]
    kept = (await upload(doors[0])).json
    assert (await doors[1].get("/v1/files")).json["data"] == [kept]


async def test_files_are_listed_in_pages_newest_first(tmp_path: pathlib.Path) -> None:
    now = [1000.0]
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0, clock=lambda: now[0]))
    ids = []
    for number in range(5):
        now[0] += 1
        purpose = "vision" if number == 2 else "user_data"
        ids.append((await upload(door, name=f"{number}.txt", purpose=purpose)).json["id"])
    ids.reverse()
    first = (await door.get("/v1/files?limit=2")).json
    assert [one["id"] for one in first["data"]] == ids[:2]
    assert (first["has_more"], first["first_id"], first["last_id"]) == (True, ids[0], ids[1])
    second = (await door.get(f"/v1/files?limit=3&after={first['last_id']}")).json
    assert [one["id"] for one in second["data"]] == ids[2:]
    assert second["has_more"] is False
    assert [one["id"] for one in (await door.get("/v1/files?order=asc")).json["data"]] == ids[::-1]
    assert [one["id"] for one in (await door.get("/v1/files?purpose=vision")).json["data"]] == [ids[2]]
    empty = (await door.get("/v1/files?after=file-none")).json
    assert (empty["data"], empty["first_id"], empty["has_more"]) == ([], None, False)


@pytest.mark.parametrize("query", ["limit=0", "limit=10001", "limit=x", "order=up"])
async def test_a_page_beyond_the_limits_is_refused(door: Door, query: str) -> None:
    answer = await door.get(f"/v1/files?{query}")
    assert (answer.status, answer.error["param"]) == (400, query.split("=")[0])


async def test_a_file_expires_when_it_was_told_to(tmp_path: pathlib.Path) -> None:
    now = [1000.0]
    door = Door(sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0, clock=lambda: now[0]))
    expiry: dict[str, Any] = {"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}
    kept = (await upload(door, **expiry)).json
    assert kept["expires_at"] == 4600
    now[0] = 4599.0
    assert (await door.get(f"/v1/files/{kept['id']}")).status == 200
    now[0] = 4600.0
    assert (await door.get(f"/v1/files/{kept['id']}")).status == 404
    assert (await door.get("/v1/files")).json["data"] == []
    assert not list((tmp_path / "files").iterdir())


@pytest.mark.parametrize(
    ("fields", "name", "data", "param"),
    [
        ({"purpose": "fun"}, "a.txt", b"x", "purpose"),
        ({"expires_after[seconds]": "60"}, "a.txt", b"x", "expires_after[seconds]"),
        ({"other": "1"}, "a.txt", b"x", "other"),
        ({}, "a.txt", b"", "file"),
        ({"purpose": "fine-tune"}, "a.txt", b"{}", "file"),
        ({"purpose": "batch"}, "a.jsonl", b'{"a": 1}\n[2]\n', "file"),
    ],
)
async def test_a_file_that_does_not_fit_is_refused(
    door: Door, fields: dict[str, str], name: str, data: bytes, param: str
) -> None:
    answer = await upload(door, data, name, **fields)
    assert (answer.status, answer.error["param"]) == (400, param)
    assert (await door.get("/v1/files")).json["data"] == []


async def test_a_faulty_line_is_named_and_good_lines_are_taken(door: Door) -> None:
    bad = await upload(door, b'{"a": 1}\n\n{"a": \n', "x.jsonl", purpose="fine-tune")
    assert "Line 3" in bad.error["message"]
    good = b'{"prompt": "a", "completion": "b"}\n{"prompt": "c", "completion": "d"}'
    kept = (await upload(door, good, "x.JSONL", purpose="fine-tune")).json
    assert (await door.get(f"/v1/files/{kept['id']}/content")).body == good


async def test_an_endless_line_is_refused_before_it_is_in_memory(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LINE_LIMIT", 20)
    answer = await upload(door, b'{"a": 1}\n{"a": "' + b"x" * 100 + b'"}\n', "x.jsonl", purpose="batch")
    assert (answer.status, answer.error["message"]) == (400, "Line 2 is longer than 20 bytes.")


async def test_a_full_disk_leaves_no_half_of_a_file(
    door: Door, tmp_path: pathlib.Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(source: Any, out: Any) -> None:
        out.write(source.read(3))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space"):
        await upload(door)
    assert (await door.get("/v1/files")).json["data"] == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_file_and_purpose_are_needed(door: Door) -> None:
    assert (await door.form("/v1/files", {"purpose": "vision"}, {})).error["param"] == "file"
    assert (await door.form("/v1/files", {}, {"file": ("a", b"x")})).error["param"] == "purpose"


async def test_files_for_assistants_are_not_given_back(door: Door) -> None:
    kept = (await upload(door, purpose="assistants")).json
    answer = await door.get(f"/v1/files/{kept['id']}/content")
    assert (answer.status, "purpose: assistants" in answer.error["message"]) == (400, True)


async def test_all_files_together_have_a_limit(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ALL_LIMIT", 8)
    assert (await upload(door, b"12345")).status == 200
    assert (await upload(door, b"12345")).status == 400


async def test_a_file_name_is_only_a_name(door: Door) -> None:
    assert (await upload(door, name="../../etc/passwd")).json["filename"] == "passwd"
    assert (await upload(door, name="C:\\Temp\\x.txt")).json["filename"] == "x.txt"
    for file_id in ("../x", "file-sandbox-..", "..%2Fx"):
        assert (await door.get(f"/v1/files/{file_id}")).status == 404


async def test_a_form_too_large_is_refused_while_it_comes(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT", 100)
    answer = await upload(door, bytes(2 * 1024 * 1024))
    assert answer.status == 413


async def test_hanging_up_during_an_upload_leaves_nothing(tmp_path: pathlib.Path) -> None:
    app = sandbox.create_app(data_dir=tmp_path, documents=dict, pace=0)
    messages: list[dict[str, Any]] = [
        {"type": "http.request", "body": b"--b\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\nhalf"},
        {"type": "http.disconnect"},
    ]
    messages[0]["more_body"] = True
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-type", b"multipart/form-data; boundary=b")]
    scope = {"type": "http", "method": "POST", "path": "/v1/files", "query_string": b"", "headers": headers}
    await asyncio.wait_for(app(scope, receive, send), 10)
    assert sent == []
    assert not (tmp_path / "files").exists()
