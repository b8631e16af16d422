"""/ws/me/: everything of mine, in sections that the apps register."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from live.database import read
from live.errors import Refused
from live.events import ErrorEvent, Event, MeSnapshot, Pong
from live.outbox import Outbox
from live.sockets import Socket

MAX_EVENTS = 256

_sections: dict[str, Callable[[Any], Any]] = {}


class UnknownFrame(Refused):
    code = "unknown_frame"


def section(name: str) -> Callable[[Callable[[Any], Any]], Callable[[Any], Any]]:
    """Register `function(user)`, whose JSON value stands under `name` in `me.snapshot`. For `hooks.py`."""

    def register(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
        _sections[name] = function
        return function

    return register


def me(user_id: int) -> str:
    """The topic of one person."""
    return f"me.{user_id}"


def _sections_of(user: AbstractBaseUser) -> dict[str, Any]:
    return {name: function(user) for name, function in _sections.items()}


class MeSocket(Socket):
    """Titles, new and deleted conversations, jobs, balance."""

    def make_outbox(self) -> Outbox:
        return Outbox(max_events=MAX_EVENTS)

    async def topics(self) -> list[str]:
        return [me(self.user.pk)]

    async def snapshot(self) -> Event:
        return MeSnapshot(await read(_sections_of, self.user))

    async def hear(self, frame: dict[str, Any]) -> None:
        if frame["type"] == "resync":
            self.outbox.ask_for_snapshot()
        elif frame["type"] == "seen":
            self.tell(Pong())
        else:
            self.tell(ErrorEvent(UnknownFrame().as_dict()))
