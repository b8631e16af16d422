"""Messages in the words that a server takes: roles it knows, no empty turns, the content it wants beside calls."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

Content = Literal["keep", "null", "empty", "omit"]

_ROLE_REFUSED = re.compile(r"(?i)\brole\b|unknown variant|not one of|input should be")
INSTRUCTING = {"developer": "system", "system": "developer"}  # each with what takes its place
_CALLS = ("tool_calls", "function_call", "audio", "refusal")


def adapted(messages: object, roles: Mapping[str, str], beside_calls: Content) -> object:
    """The messages with roles renamed, empty assistant turns left out (quirk 8.8), and the empty content of tool
    call turns written as the server wants it (quirk 8.9). What is no list of objects is passed as it is."""
    if not isinstance(messages, list):
        return messages
    found: list[object] = []
    for message in messages:
        if not isinstance(message, dict):
            found.append(message)
            continue
        role = message.get("role")
        changed = {**message, "role": roles[role]} if isinstance(role, str) and role in roles else message
        if role == "assistant" and not changed.get("content"):
            if not any(changed.get(name) for name in _CALLS):
                continue
            changed = _beside_calls(changed, beside_calls)
        found.append(changed)
    return found


def refused_role(messages: object, text: str) -> str | None:
    """The role for instructions that an error's text refuses: only newer servers know "developer" (quirk 4.10), and a
    few models take nothing else (C1). The first that the text names is the one that it is about."""
    places = [(text.find(role), role) for role in INSTRUCTING if uses_role(messages, role) and role in text]
    return min(places)[1] if places and _ROLE_REFUSED.search(text) else None


def uses_role(messages: object, role: str) -> bool:
    """Whether any message has that role."""
    rows = messages if isinstance(messages, list) else []
    return any(isinstance(message, dict) and message.get("role") == role for message in rows)


def _beside_calls(message: dict[str, object], wanted: Content) -> dict[str, object]:
    rest = {name: value for name, value in message.items() if name != "content"}
    match wanted:
        case "null":
            return {**rest, "content": None}
        case "empty":
            return {**rest, "content": ""}
        case "omit":
            return rest
    return message
