"""multipart/form-data read as it arrives: fields in memory, files in temporary files (RFC 7578)."""

import collections.abc
import contextlib
import dataclasses
import re
import tempfile
import urllib.parse
from typing import IO

from sandbox import asgi, errors

FIELD_LIMIT = 1024 * 1024  # bytes of a field that is not a file
HEAD_LIMIT = 16 * 1024
PARTS_LIMIT = 200
IN_MEMORY = 1024 * 1024  # bytes of a file that are kept in memory before it goes to disk
NAME = re.compile(r';\s*name="((?:[^"\\]|\\.)*)"|;\s*name=([^\s;"]+)')
FILENAME = re.compile(r';\s*filename="((?:[^"\\]|\\.)*)"|;\s*filename=([^\s;"]+)')
FILENAME_CODED = re.compile(r";\s*filename\*=utf-8''([^\s;]+)", re.IGNORECASE)


@dataclasses.dataclass
class Upload:
    """A file of a form: its bytes lie in content, which is at its beginning; size is in bytes."""

    field: str
    filename: str
    content_type: str
    content: IO[bytes]
    size: int = 0

    def read(self) -> bytes:
        """Return all of the bytes."""
        self.content.seek(0)
        return self.content.read()


@dataclasses.dataclass
class Form:
    """A form: text fields by name, "[]" at its end cut off, each with all its values, and files in their order."""

    fields: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    uploads: list[Upload] = dataclasses.field(default_factory=list)

    def close(self) -> None:
        """Remove the temporary files."""
        for upload in self.uploads:
            upload.content.close()

    def files(self, field: str) -> list[Upload]:
        """Return the files of one field."""
        return [upload for upload in self.uploads if upload.field == field]


class _Bytes:
    """The body as a buffer that grows as it is asked for more."""

    def __init__(self, chunks: collections.abc.AsyncGenerator[bytes, None]) -> None:
        self._chunks = chunks
        self.buffer = bytearray(b"\r\n")  # so that the first boundary looks like the others

    async def more(self) -> None:
        try:
            self.buffer += await anext(self._chunks)
        except StopAsyncIteration:
            raise errors.bad_request("The form of your request ends in the middle.") from None

    async def until(self, mark: bytes) -> collections.abc.AsyncIterator[bytes]:
        """Yield what stands before a mark, in pieces, and step over the mark."""
        while (place := self.buffer.find(mark)) < 0:
            safe = len(self.buffer) - len(mark) + 1
            if safe > 0:
                yield bytes(self.buffer[:safe])
                del self.buffer[:safe]
            await self.more()
        yield bytes(self.buffer[:place])
        del self.buffer[: place + len(mark)]

    async def at_most(self, mark: bytes, limit: int, what: str) -> bytes:
        """Return what stands before a mark; ApiError 400 beyond limit bytes."""
        found = bytearray()
        async for piece in self.until(mark):
            found += piece
            if len(found) > limit:
                raise errors.bad_request(f"{what} of the form is longer than {limit} bytes.")
        return bytes(found)


async def read(request: asgi.Request, limit: int) -> Form:
    """Return the form of a request of at most limit bytes; close it after use. ApiError 400 or 413 for bad ones."""
    kind = request.headers.get("content-type", "")
    match = re.search(r'boundary=(?:"([^"]+)"|([^\s;]+))', kind)
    if not kind.lower().startswith("multipart/form-data") or not match:
        raise errors.bad_request("This endpoint expects a form: Content-Type multipart/form-data with a boundary.")
    mark = b"\r\n--" + (match[1] or match[2]).encode("latin-1", "replace")
    form = Form()
    with contextlib.ExitStack() as on_error:
        on_error.callback(form.close)
        async with contextlib.aclosing(request.chunks(limit)) as chunks:
            body = _Bytes(chunks)
            await body.at_most(mark, HEAD_LIMIT, "What stands before the first part")
            while await _goes_on(body):
                await _part(body, mark, form)
            async for _ in chunks:  # what follows the last part is nothing
                pass
        on_error.pop_all()
    return form


async def _goes_on(body: _Bytes) -> bool:
    """Tell whether a part follows the boundary that was just read."""
    while len(body.buffer) < 2:
        await body.more()
    return not body.buffer.startswith(b"--")


async def _part(body: _Bytes, mark: bytes, form: Form) -> None:
    head = (await body.at_most(b"\r\n\r\n", HEAD_LIMIT, "A header")).decode("utf-8", "replace")
    lines = dict(line.partition(":")[::2] for line in head.split("\r\n"))
    headers = {name.strip().lower(): value.strip() for name, value in lines.items()}
    disposition = headers.get("content-disposition", "")
    name = NAME.search(disposition)
    if not name:
        raise errors.bad_request("A part of the form has no name.")
    if len(form.uploads) + sum(map(len, form.fields.values())) >= PARTS_LIMIT:
        raise errors.bad_request(f"The form has more than {PARTS_LIMIT} parts.")
    field = (name[1] or name[2] or "").removesuffix("[]")
    coded, plain = FILENAME_CODED.search(disposition), FILENAME.search(disposition)
    if not coded and not plain:
        text = await body.at_most(mark, FIELD_LIMIT, f"The field '{field}'")
        form.fields.setdefault(field, []).append(text.decode("utf-8", "replace"))
        return
    filename = urllib.parse.unquote(coded[1] if coded else (plain and (plain[1] or plain[2])) or "")
    content = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the form
    upload = Upload(field, filename.replace('\\"', '"'), headers.get("content-type", ""), content)
    form.uploads.append(upload)
    async for piece in body.until(mark):
        content.write(piece)
        upload.size += len(piece)
    content.seek(0)
