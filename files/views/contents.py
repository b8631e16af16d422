"""The doors to stored bytes: to their owner alone, by the type that the content has, and never as a page of ours."""

import uuid
from collections.abc import AsyncIterator, Callable
from typing import BinaryIO, ParamSpec, TypeVar

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, parse_etags, quote_etag

from accounts.access import signed_in
from files import access, pictures, ranges, sent, storage, thumbnails
from files.models import File, Kind
from live.database import read
from live.errors import NotFound

# What a browser may show by itself. Text goes out as plain text, whatever it is; everything else is a download.
_INLINE = pictures.MIMES | {"audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/aac", "audio/mp4"}
_TEXTS = {Kind.TEXT, Kind.CODE, Kind.CSV, Kind.HTML}
# Should a browser take it for a page all the same, nothing in it runs, loads or knows the site.
POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; sandbox; frame-ancestors 'none'; base-uri 'none'"
_CHECKED_EACH_TIME = "private, no-cache"
_KEPT_LONG = "private, max-age=31536000, immutable"

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A", bound=HttpResponseBase)


async def content(request: HttpRequest, id: uuid.UUID) -> HttpResponseBase:  # noqa: A002 - the address says id
    """A file's bytes, or a range of them; `?download` as an attachment. A slow reader costs one piece of memory."""
    file = await read(_file, request, id)
    etag = quote_etag(file.sha256[:32])
    if _has_it(request, etag):
        return _guarded(HttpResponseNotModified(headers={"ETag": etag}), _CHECKED_EACH_TIME)
    try:
        part = ranges.asked(_range_header(request, etag), file.size)
    except ranges.Unsatisfiable:
        headers = {"Content-Range": f"bytes */{file.size}"}
        return _guarded(HttpResponse(status=416, headers=headers), _CHECKED_EACH_TIME)
    start, length = part or (0, file.size)
    headers = {**_headers(request, file, length), "ETag": etag, "Accept-Ranges": "bytes"}
    if part:
        headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{file.size}"
    status = 206 if part else 200
    if request.method == "HEAD":
        return _guarded(HttpResponse(status=status, headers=headers), _CHECKED_EACH_TIME)
    stream = await _in_thread(storage.open_file, file)
    answer = StreamingHttpResponse(_pieces(stream, start, length), status=status, headers=headers)
    return _guarded(answer, _CHECKED_EACH_TIME)


async def thumb(request: HttpRequest, id: uuid.UUID, size: int) -> HttpResponse:  # noqa: A002
    """A picture's thumbnail: a square of at most `size` pixels, drawn anew, without metadata."""
    file = await read(_file, request, id)
    if not file.is_picture or size not in pictures.SIZES:
        raise NotFound()
    etag = quote_etag(f"{file.sha256[:32]}-{size}")
    if _has_it(request, etag):
        return _guarded(HttpResponseNotModified(headers={"ETag": etag}), _KEPT_LONG)
    data = await _in_thread(thumbnails.of, file, size)
    return _guarded(HttpResponse(data, content_type="image/webp", headers={"ETag": etag}), _KEPT_LONG)


async def sent_copy(request: HttpRequest, token: str) -> HttpResponse:
    """The copy of a picture that a model sees, for a server that was given its address."""
    named = sent.meant(token)
    file = await read(access.of_an_address, named[0]) if named else None
    if named is None or file is None:
        raise NotFound()
    copy = await _in_thread(sent.copy_of, file, named[1])
    return _guarded(HttpResponse(copy.data, content_type=copy.mime), "private, no-store")


def _file(request: HttpRequest, id: uuid.UUID) -> File:  # noqa: A002
    return access.file_of(signed_in(request), id)


def _headers(request: HttpRequest, file: File, length: int) -> dict[str, str]:
    is_text = file.kind in _TEXTS
    inline = "download" not in request.GET and (is_text or file.mime in _INLINE)
    return {
        "Content-Type": file.mime if not is_text else f"text/plain; charset={file.charset or 'utf-8'}",
        "Content-Length": str(length),
        "Content-Disposition": content_disposition_header(not inline, file.name) or "inline",
    }


def _guarded(answer: A, cache: str) -> A:
    answer["Content-Security-Policy"] = POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Cache-Control"] = cache
    answer["Vary"] = "Cookie"  # somebody else at the same browser asks anew
    return answer


def _has_it(request: HttpRequest, etag: str) -> bool:
    known = parse_etags(request.headers.get("If-None-Match", ""))
    return "*" in known or any(one.removeprefix("W/") == etag for one in known)


def _range_header(request: HttpRequest, etag: str) -> str:
    """The range that is asked for, unless it is meant for other bytes."""
    meant = request.headers.get("If-Range", etag)
    return request.headers.get("Range", "") if meant == etag else ""


async def _pieces(stream: BinaryIO, start: int, length: int) -> AsyncIterator[bytes]:
    try:
        await _in_thread(stream.seek, start)
        while length > 0 and (piece := await _in_thread(stream.read, min(storage.PIECE, length))):
            length -= len(piece)
            yield piece
    finally:
        stream.close()


async def _in_thread(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Disks are slow, and the loop is everybody's."""
    return await sync_to_async(function, thread_sensitive=False)(*args, **kwargs)
