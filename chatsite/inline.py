"""Django's own middlewares, called where the request is: on the loop.

In an asynchronous chain Django sends each half of each of them to a thread and back, sixteen times for a request, but
they only compute: that was half of what a small request cost. Halves that may touch the database, or read a form, still
go to the request's thread.
"""

from collections.abc import Callable
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest, HttpResponse
from django.middleware import common, csrf, locale, security
from django.utils.deprecation import MiddlewareMixin


class _Inline(MiddlewareMixin):
    async def __acall__(self, request: HttpRequest) -> HttpResponse:
        before: Callable[..., HttpResponse | None] | None = getattr(self, "process_request", None)
        after: Callable[..., HttpResponse] | None = getattr(self, "process_response", None)
        response = before(request) if before else None
        response = response or await self.get_response(request)  # type: ignore[misc]
        if after is None:
            return response
        return await sync_to_async(after)(request, response) if self.waits(request) else after(request, response)

    def waits(self, request: Any) -> bool:
        """Whether `process_response` would wait for something."""
        return False


class SecurityMiddleware(_Inline, security.SecurityMiddleware):
    """Redirects to https, headers."""


class SessionMiddleware(_Inline, sessions.SessionMiddleware):
    """Stores a session that has changed, in the thread."""

    def waits(self, request: Any) -> bool:
        return bool(request.session.modified or settings.SESSION_SAVE_EVERY_REQUEST)


class LocaleMiddleware(_Inline, locale.LocaleMiddleware):
    """The language that the browser prefers."""


class CommonMiddleware(_Inline, common.CommonMiddleware):
    """Redirects to addresses with their slash."""


class CsrfViewMiddleware(_Inline, csrf.CsrfViewMiddleware):
    """Looks for the token in the form before the header: reading a form is work for the thread."""

    async def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:  # type: ignore[override]
        check: Callable[..., HttpResponse | None] = super().process_view
        has_form = request.method == "POST" and request.content_type != "application/json"
        return await sync_to_async(check)(request, *view) if has_form else check(request, *view)


class AuthenticationMiddleware(_Inline, auth.AuthenticationMiddleware):
    """Who it is will be looked up when somebody asks."""


class MessageMiddleware(_Inline, messages.MessageMiddleware):
    """Stores what was said or shown, perhaps in the session, in the thread."""

    def waits(self, request: Any) -> bool:
        storage = getattr(request, "_messages", None)
        return storage is not None and bool(storage.used or storage.added_new)
