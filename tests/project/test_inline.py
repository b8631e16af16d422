"""Django's own middlewares are all there, and what would block still goes to a thread."""

import threading
from collections.abc import Callable
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils.deprecation import MiddlewareMixin
from django.utils.module_loading import import_string

from chatsite import inline

NAMES = [path.rpartition(".")[2] for path in settings.MIDDLEWARE if path.startswith("chatsite.inline.")]


@pytest.mark.parametrize("name", NAMES)
def test_each_is_djangos_own(name: str) -> None:
    ours = import_string(f"chatsite.inline.{name}")

    parents = [parent for parent in ours.__mro__ if parent.__module__.startswith("django.") and parent.__name__ == name]

    assert len(parents) == 1
    assert getattr(import_module(parents[0].__module__), name) is parents[0]


def test_the_ones_that_django_checks_by_name_are_in_the_chain() -> None:
    assert {"SecurityMiddleware", "CsrfViewMiddleware"} <= set(NAMES)


class Noting(inline._Inline):
    """Notes the thread of each half."""

    def process_request(self, request: HttpRequest) -> None:
        request.before = threading.get_ident()  # type: ignore[attr-defined]

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        request.after = threading.get_ident()  # type: ignore[attr-defined]
        return response


class Waiting(Noting):
    def waits(self, request: HttpRequest) -> bool:
        return True


async def answered(kind: Callable[..., MiddlewareMixin], request: HttpRequest) -> HttpResponse:
    async def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("done")

    return await kind(view)(request)  # type: ignore[misc]


async def test_halves_that_only_compute_stay_on_the_loop() -> None:
    request = RequestFactory().get("/")

    response = await answered(Noting, request)

    assert response.content == b"done"
    assert (request.before, request.after) == (threading.get_ident(),) * 2


async def test_a_half_that_waits_goes_to_a_thread() -> None:
    request = RequestFactory().get("/")

    await answered(Waiting, request)

    assert request.before == threading.get_ident() != request.after


def test_a_session_that_changed_waits() -> None:
    request = RequestFactory().get("/")
    request.session = SessionBase()
    middleware = inline.SessionMiddleware(HttpResponse)
    assert not middleware.waits(request)

    request.session["key"] = "value"

    assert middleware.waits(request)


def test_a_message_that_was_said_or_shown_waits() -> None:
    request = RequestFactory().get("/")
    middleware = inline.MessageMiddleware(HttpResponse)
    assert not middleware.waits(request)

    request._messages = CookieStorage(request)
    assert not middleware.waits(request)

    request._messages.add(20, "Saved.")

    assert middleware.waits(request)


async def test_csrf_reads_a_form_in_a_thread_and_json_on_the_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []
    monkeypatch.setattr(
        inline.csrf.CsrfViewMiddleware, "process_view", lambda self, request, *view: seen.append(threading.get_ident())
    )
    middleware = inline.CsrfViewMiddleware(HttpResponse)

    await middleware.process_view(RequestFactory().post("/", "{}", content_type="application/json"), None, (), {})
    await middleware.process_view(RequestFactory().post("/", {"name": "value"}), None, (), {})

    assert seen[0] == threading.get_ident() != seen[1]
