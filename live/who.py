"""Who opens a socket: the person behind the session cookie, found in one visit to the database."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.http import parse_cookie

from live.database import read

App = Callable[[Any, Any, Any], Awaitable[None]]
_sessions = import_module(settings.SESSION_ENGINE)


def with_person(inner: App) -> App:
    """Give `scope` its "session" and its "user".

    Channels' own stack looks each up with a connection of its own, and passes every frame that is sent through itself.
    """

    async def app(scope: Any, receive: Any, send: Any) -> None:
        cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin1"))
        session = _sessions.SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
        user = await read(_person, session) if session.session_key else AnonymousUser()
        await inner({**scope, "session": session, "user": user}, receive, send)

    return app


def _person(session: Any) -> AbstractBaseUser | AnonymousUser:
    return get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
