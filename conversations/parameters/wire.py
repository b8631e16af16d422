"""From what holds for a run to what its request says. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.crypto import salted_hmac

from conversations.parameters.table import FIXED, OURS

USER = "user"
_NO_FIELDS = FIXED | OURS
Messages = list[dict[str, Any]]


def fields(params: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the request's body that a run's parameters make. What is not set is not sent (B19)."""
    found = {name: value for name, value in params.items() if name not in _NO_FIELDS}
    ident = params.get("user_id")
    return {USER: ident, **found} if isinstance(ident, str) else found


def addressed(messages: Sequence[dict[str, Any]], params: Mapping[str, Any]) -> Messages:
    """The messages with the system prompt before them, and the author's name at those of the person."""
    system, name = params.get("system"), params.get("name")
    if not (system or name):
        return list(messages)
    first: Messages = [{"role": "system", "content": system}] if system else []
    named = {"name": name} if name else {}
    return first + [{**message, **named} if message["role"] == USER else message for message in messages]


def user_id(user: Any) -> str:
    """A stable id of 64 characters from which nobody but this site can tell who it is (B14)."""
    return salted_hmac("chatsite.upstream.user", str(user.pk), algorithm="sha256").hexdigest()
