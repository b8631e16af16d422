"""What the readable exports share: the messages of the shown branch, with the words for what each is."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from conversations.models import LIVE, SAID, Role, RunStatus

Json = dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Said:
    """A message: what it is called, what it says, its thoughts, what is attached, and what has to be said about it."""

    role: str
    name: str
    text: str
    thoughts: str
    files: list[str]
    note: str


def branch(whole: Json) -> list[Said]:
    """The shown branch, in reading order."""
    messages = {message["id"]: message for message in whole["messages"]}
    return [_said(messages[one]) for one in whole["branch"] if one in messages]


def title(whole: Json) -> str:
    """The conversation's, or that it has none."""
    return str(whole["conversation"]["title"]) or _("New conversation")


def unfinished(whole: Json) -> bool:
    """Whether an answer was still being written."""
    return any(message["status"] in LIVE for message in whole["messages"])


def about(whole: Json, now: datetime) -> str:
    """When this was made, and whether more was to come."""
    made = _("Exported on %(moment)s UTC.") % {"moment": f"{now.astimezone(UTC):%Y-%m-%d %H:%M}"}
    if not unfinished(whole):
        return made
    cut = _("An answer was still being written: this holds what there was of it.")
    return f"{made} {cut}"


def _said(message: Json) -> Said:
    def joined(*kinds: str) -> str:
        return "".join(part["text"] for part in message["parts"] if part["type"] in kinds)

    files = [part["name"] for part in message["parts"] if part.get("name")]
    return Said(message["role"], _name(message), joined(*SAID), joined("reasoning"), files, _note(message))


def _name(message: Json) -> str:
    if message["role"] == Role.USER:
        return _("Question")
    if message["role"] == Role.SYSTEM:
        return pgettext("role of a message", "System")
    answer = _("Answer")
    return f"{answer} · {message['model_id']}" if message["model_id"] else answer


def _note(message: Json) -> str:
    """What somebody who reads it later could not know."""
    status = message["status"]
    if status in LIVE:
        return _("This answer was still being written.")
    if status in (RunStatus.FAILED, RunStatus.INTERRUPTED):
        return _("This answer broke off.")
    if status == RunStatus.CANCELLED:
        return _("This answer was stopped.")
    return _("This answer did not come to its end.") if status == RunStatus.INCOMPLETE else ""
