"""Who opens a socket: the person behind the session cookie, found in one visit to the database.

Not by Channels' own stack: it looks each up before the handshake is answered, with a connection of its own, and passes
every frame that is sent through itself.
"""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import parse_cookie

from live.database import read

_sessions = import_module(settings.SESSION_ENGINE)


def session_of(scope: Any) -> SessionBase:
    """The session that the cookie names, not looked up yet; without a key when it names none."""
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin1"))
    session: SessionBase = _sessions.SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    return session


async def person_of(session: SessionBase) -> AbstractBaseUser | AnonymousUser:
    """Who is signed in there, if anybody."""
    return await read(_person, session) if session.session_key else AnonymousUser()


def _person(session: SessionBase) -> AbstractBaseUser | AnonymousUser:
    return get_user(SimpleNamespace(session=session))  # type: ignore[arg-type]
