"""A form with files as the body of a request: what lies on disk is read piece by piece, and never on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

import httpx

from openai_client._media import Upload


def multipart(form: Mapping[str, object], uploads: Sequence[tuple[str, Upload]]) -> dict[str, Any]:
    """What makes an httpx.Request of fields and files. A file object is read from its beginning, each time anew."""
    fields = {name: _form_value(value) for name, value in form.items() if value is not None}
    files = [(name, (file.filename, file.content, file.content_type)) for name, file in uploads]
    return {"data": fields, "files": files or None}


def read_in_threads(request: httpx.Request, uploads: Sequence[tuple[str, Upload]]) -> httpx.Request:
    """The same request; where files lie on disk, they are not read on the event loop."""
    if not all(isinstance(file.content, bytes) for _, file in uploads):
        request.stream = _FromDisk(request.stream)
    return request


class _FromDisk(httpx.AsyncByteStream):
    """Reads in threads: a slow disk holds nobody else up."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: Iterator[bytes] = iter(self._stream)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece


def _form_value(value: object) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, (list, tuple)) else str(value)
