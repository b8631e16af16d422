"""Files: list, upload, retrieve, content, delete; kept in the data folder, so that processes agree (wire.md 8)."""

import asyncio
import collections.abc
import contextlib
import json
import os
import pathlib
import re
import shutil
from typing import IO, Any

from sandbox import asgi, checks, errors, house, multipart

LIMIT = 512 * 1024 * 1024  # bytes of one file
ALL_LIMIT = 2 * 1024 * 1024 * 1024  # bytes of all of them: a sandbox must not fill the disk
PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
LINES_OF_JSON = ("batch", "fine-tune")  # purposes that take only JSON Lines (L2)
NO_DOWNLOAD = ("assistants",)  # purposes whose content is not given back (L5)
ID = re.compile(r"file-sandbox-[0-9a-f]{28}")
PIECE = 64 * 1024
LINE_LIMIT = 8 * 1024 * 1024  # bytes of one line of JSON: a whole one is in memory while it is looked at
FIELDS: dict[str, checks.Check] = {
    "purpose": checks.word(*PURPOSES),
    "expires_after[anchor]": checks.word("created_at"),
    "expires_after[seconds]": checks.integer(3600, 2_592_000),
}


def path_of(here: house.House, file_id: str, ending: str = "data") -> pathlib.Path:
    """Return where a file's bytes lie, or with ending "json" what is known about it."""
    return here.data_dir / "files" / f"{file_id}.{ending}"


def find(here: house.House, file_id: str, param: str = "id") -> dict[str, Any]:
    """Return a file's record; ApiError 404 for one that is not there, or has expired."""
    if ID.fullmatch(file_id):
        with contextlib.suppress(FileNotFoundError):
            record = json.loads(path_of(here, file_id, "json").read_bytes())
            if not _expired(here, record):
                return dict(record)
    raise errors.ApiError(404, f"No such File object: {errors.clip(file_id)}", param=param)


def _expired(here: house.House, record: dict[str, Any]) -> bool:
    expires = record.get("expires_at")
    return expires is not None and expires <= here.now()


def records(here: house.House) -> list[dict[str, Any]]:
    """Return all files that have not expired, oldest first; the expired ones are removed on the way."""
    found = []
    for path in (here.data_dir / "files").glob("*.json"):
        with contextlib.suppress(FileNotFoundError, ValueError):  # another process may be faster
            record = json.loads(path.read_bytes())
            if _expired(here, record):
                remove(here, record["id"])
            else:
                found.append(record)
    return sorted(found, key=lambda record: (record["created_at"], record["id"]))


def remove(here: house.House, file_id: str) -> None:
    """Remove a file: first what is known about it, so that nobody finds half of one."""
    path_of(here, file_id, "json").unlink(missing_ok=True)
    path_of(here, file_id).unlink(missing_ok=True)


def keep(here: house.House, content: IO[bytes], record: dict[str, Any]) -> None:
    """Store a file: bytes first, and its record last and at once, so that nobody sees half of one."""
    folder = here.data_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    if sum(one["bytes"] for one in records(here)) + record["bytes"] > ALL_LIMIT:
        raise errors.bad_request(f"The sandbox keeps at most {ALL_LIMIT} bytes of files. Delete some.", "file")
    try:
        with path_of(here, record["id"]).open("wb") as out:
            shutil.copyfileobj(content, out)
    except OSError:  # a full disk: not half of it stays
        remove(here, record["id"])
        raise
    draft = path_of(here, record["id"], "draft")
    draft.write_bytes(asgi.dump(record))
    os.replace(draft, path_of(here, record["id"], "json"))  # noqa: PTH105 - atomic on every system


async def upload(here: house.House, request: asgi.Request) -> asgi.Reply:
    """POST /v1/files: a form with file and purpose."""
    with contextlib.closing(await multipart.read(request, LIMIT + 1024 * 1024)) as form:
        raw: dict[str, Any] = {name: values[-1] for name, values in form.fields.items()}
        if raw.get("expires_after[seconds]", "").isdecimal():
            raw["expires_after[seconds]"] = int(raw["expires_after[seconds]"])
        if "purpose" not in raw:
            raise errors.missing("purpose")
        values = checks.fields(raw, FIELDS)
        given = form.files("file")
        if not given:
            raise errors.missing("file")
        record = await asyncio.to_thread(_take, here, given[0], values)
    return asgi.whole(record)


def _take(here: house.House, given: multipart.Upload, values: dict[str, Any]) -> dict[str, Any]:
    """Check and store an upload, and return its record."""
    if given.size > LIMIT:
        raise errors.ApiError(413, f"File is too large. Maximum size is {LIMIT} bytes.", param="file")
    if not given.size:
        raise errors.bad_request("File is empty.", "file")
    if values["purpose"] in LINES_OF_JSON:
        check_lines(given, values["purpose"])
    created = here.now()
    record = {
        "id": asgi.new_id("file-sandbox-"),
        "object": "file",
        "bytes": given.size,
        "created_at": created,
        "expires_at": created + values["expires_after[seconds]"] if "expires_after[seconds]" in values else None,
        "filename": pathlib.PurePosixPath(given.filename.replace("\\", "/")).name or "file",
        "purpose": values["purpose"],
        "status": "processed",
        "status_details": None,
    }
    keep(here, given.content, record)
    return record


def check_lines(given: multipart.Upload, purpose: str) -> None:
    """Refuse a file that is not JSON Lines, naming the line (L2); the file is read line by line."""
    if not given.filename.lower().endswith(".jsonl"):
        raise errors.bad_request(f"Invalid file format for purpose '{purpose}'. Must be a .jsonl file.", "file")
    for number, line in enumerate(iter(lambda: given.content.readline(LINE_LIMIT + 1), b""), 1):
        if len(line) > LINE_LIMIT:
            raise errors.bad_request(f"Line {number} is longer than {LINE_LIMIT} bytes.", "file")
        if not line.strip():
            continue
        try:
            good = isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            good = False
        if not good:
            raise errors.bad_request(f"Invalid file format. Line {number} is not a JSON object.", "file")
    given.content.seek(0)


async def listing(here: house.House, request: asgi.Request) -> asgi.Reply:
    """GET /v1/files?purpose&limit&order&after, newest first unless order=asc."""
    query = request.query
    limit = query.get("limit", "10000")
    most = checks.integer(1, 10_000)(int(limit) if limit.isdecimal() else limit, "limit")
    order = checks.word("asc", "desc")(query.get("order", "desc"), "order")
    found = await asyncio.to_thread(records, here)
    if order == "desc":
        found.reverse()
    if purpose := query.get("purpose"):
        found = [record for record in found if record["purpose"] == purpose]
    if after := query.get("after"):
        places = [place for place, record in enumerate(found) if record["id"] == after]
        found = found[places[0] + 1 :] if places else []
    page = found[:most]
    ends = {"first_id": page[0]["id"] if page else None, "last_id": page[-1]["id"] if page else None}
    return asgi.whole({"object": "list", "data": page, **ends, "has_more": len(found) > most})


async def retrieve(here: house.House, request: asgi.Request, file_id: str) -> asgi.Reply:
    """GET /v1/files/{id}."""
    return asgi.whole(await asyncio.to_thread(find, here, file_id))


async def delete(here: house.House, request: asgi.Request, file_id: str) -> asgi.Reply:
    """DELETE /v1/files/{id}."""
    await asyncio.to_thread(find, here, file_id)
    await asyncio.to_thread(remove, here, file_id)
    return asgi.whole({"id": file_id, "object": "file", "deleted": True})


async def content(here: house.House, request: asgi.Request, file_id: str) -> asgi.Reply:
    """GET /v1/files/{id}/content: the raw bytes, read piece by piece."""
    record = await asyncio.to_thread(find, here, file_id)
    if record["purpose"] in NO_DOWNLOAD:
        raise errors.bad_request(f"Not allowed to download files of purpose: {record['purpose']}")
    headers = {"content-length": str(record["bytes"]), "content-disposition": "attachment"}
    kind = "application/octet-stream"
    return asgi.Reply(content_type=kind, headers=headers, pieces=pieces(path_of(here, file_id)))


async def pieces(path: pathlib.Path) -> collections.abc.AsyncGenerator[bytes, None]:
    """Yield a file's bytes; reading waits until the piece before was sent."""
    with path.open("rb") as source:
        while piece := await asyncio.to_thread(source.read, PIECE):
            yield piece
