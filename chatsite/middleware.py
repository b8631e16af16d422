"""What every request gets: an id in the log, and the Content-Security-Policy on its answer."""

import secrets
import uuid
from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

GetResponse = Callable[[HttpRequest], HttpResponse]
_PAGES_ONLY = "text/html"


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


request_context: Callable[[Callable[..., Awaitable]], Callable] = _two_colours(_name_request, _tell_request_id)
content_security_policy: Callable[[Callable[..., Awaitable]], Callable] = _two_colours(_make_nonce, _set_policy)
