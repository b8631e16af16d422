"""What every request gets: an id in the log, and on its answer compression and the Content-Security-Policy."""

import secrets
import uuid
from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.decorators import sync_and_async_middleware
from django.utils.text import compress_string

GetResponse = Callable[[HttpRequest], HttpResponse]
_PAGES_ONLY = "text/html"
_COMPRESSED = ("text/html", "application/json")
_WORTH_IT = 2_000  # bytes; less than this is one or two packets either way
_PADDING = 100  # bytes at random, so that the length tells nothing about what is in a page (BREACH)


def _two_colours(before: Callable[[HttpRequest], None], after: Callable[[HttpRequest, HttpResponse], None]) -> Callable:
    """A middleware from two plain functions, for sync and async chains alike."""

    @sync_and_async_middleware
    def middleware(get_response: Callable) -> Callable:
        if iscoroutinefunction(get_response):

            async def call(request: HttpRequest) -> HttpResponse:
                before(request)
                response: HttpResponse = await get_response(request)
                after(request, response)
                return response

            return call

        def call_sync(request: HttpRequest) -> HttpResponse:
            before(request)
            response: HttpResponse = get_response(request)
            after(request, response)
            return response

        return call_sync

    return middleware


def _name_request(request: HttpRequest) -> None:
    request.id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]


def _tell_request_id(request: HttpRequest, response: HttpResponse) -> None:
    response["X-Request-ID"] = request.id  # type: ignore[attr-defined]


def _make_nonce(request: HttpRequest) -> None:
    request.csp_nonce = secrets.token_urlsafe(16)  # type: ignore[attr-defined]


def _set_policy(request: HttpRequest, response: HttpResponse) -> None:
    if not response.get("Content-Type", "").startswith(_PAGES_ONLY) or response.has_header("Content-Security-Policy"):
        return
    nonce = f"'nonce-{request.csp_nonce}'"  # type: ignore[attr-defined]
    response["Content-Security-Policy"] = "; ".join(
        f"{name} {' '.join(nonce if value == 'nonce' else value for value in values)}"
        for name, values in settings.SECURE_CSP.items()
    )


def _leave(request: HttpRequest) -> None:
    """Nothing before the answer is there."""


def _compress(request: HttpRequest, response: HttpResponse) -> None:
    """Pages by gzip. Django's own middleware would cost every answer a hop to a thread; CSRF tokens are masked anew in
    each page, so that compression cannot be used to guess them."""
    kind = response.get("Content-Type", "").partition(";")[0]
    if kind not in _COMPRESSED or response.streaming or response.has_header("Content-Encoding"):
        return
    if len(response.content) < _WORTH_IT:
        return
    patch_vary_headers(response, ("Accept-Encoding",))
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return
    response.content = compress_string(response.content, max_random_bytes=_PADDING)
    response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "gzip"


request_context: Callable[[Callable[..., Awaitable]], Callable] = _two_colours(_name_request, _tell_request_id)
content_security_policy: Callable[[Callable[..., Awaitable]], Callable] = _two_colours(_make_nonce, _set_policy)
compression: Callable[[Callable[..., Awaitable]], Callable] = _two_colours(_leave, _compress)
