"""What every request passes: refusals become answers, and a stopping server takes no new work."""

from collections.abc import Awaitable, Callable

import structlog
from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from live import drain, replies
from live.errors import Draining, Refused, Unavailable
from live.servers import RedisError

log = structlog.get_logger(__name__)
# What the database and Redis say when they cannot be reached; a statement that is wrong says something else.
AWAY = (OperationalError, InterfaceError, RedisError)
_SAFE = ("GET", "HEAD", "OPTIONS")
_EVERY_BYTE = bytes(range(256))


def _refusing(refusal: Callable[[HttpRequest], HttpResponse | None]) -> Callable[[Callable], Callable]:
    """A middleware that answers with `refusal(request)` where that gives an answer, in sync and async chains alike."""

    @sync_and_async_middleware
    def make(get_response: Callable[[HttpRequest], Awaitable[HttpResponse]]) -> Callable:
        if iscoroutinefunction(get_response):

            async def middleware(request: HttpRequest) -> HttpResponse:
                return refusal(request) or await get_response(request)
        else:

            def middleware(request: HttpRequest) -> HttpResponse:  # type: ignore[misc]
                return refusal(request) or get_response(request)  # type: ignore[return-value]

        return middleware

    return make


def _draining(request: HttpRequest) -> HttpResponse | None:
    if not drain.draining() or request.method in _SAFE:
        return None
    return replies.refuse(request, Draining())


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """Django takes every codec of Python's for a charset: `hex` and its like would break whoever reads a field."""
    try:
        _EVERY_BYTE.decode(request.encoding or "utf-8", "replace")
    except (LookupError, ValueError):
        request.encoding = "utf-8"  # who writes the answer reads the address, perhaps
        return replies.refuse(request, Refused())
    return None


# 503 with Retry-After to whatever would start something: Daphne's port still accepts while draining.
refuse_while_draining = _refusing(_draining)
# 400 to a charset that is no text encoding.
refuse_unreadable = _refusing(_unreadable)


class answer_refusals:  # noqa: N801 - a middleware reads like a function in the settings
    """A Refused that a view raises is answered in the one error shape; so is a database that is away."""

    sync_capable = async_capable = True

    def __init__(self, get_response: Callable) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, AWAY):
            log.warning("unavailable", error=type(exception).__name__)
            return replies.refuse(request, Unavailable())
        return replies.refuse(request, exception) if isinstance(exception, Refused) else None
