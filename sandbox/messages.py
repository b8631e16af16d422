"""The messages of a chat request: checked as wire.md section 1.1 has them, and read into plain values."""

import dataclasses
from typing import Any

from sandbox import checks, errors

ROLES = ("system", "developer", "user", "assistant", "tool", "function")
PARTS = {
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
}
KEYS = (
    "role",
    "content",
    "name",
    "refusal",
    "tool_calls",
    "tool_call_id",
    "function_call",
    "audio",
    "annotations",
    "parsed",  # the official package adds it to what it sends back
    "reasoning_content",
    "reasoning",
)


@dataclasses.dataclass(frozen=True)
class Part:
    """A piece of a user's message that is not text: kind image_url, input_audio or file, and what it holds."""

    kind: str
    value: dict[str, Any]
    param: str


@dataclasses.dataclass(frozen=True)
class Message:
    """One message; calls are (id, name, arguments) of the tools that an assistant asked for."""

    role: str
    text: str = ""
    parts: tuple[Part, ...] = ()
    calls: tuple[tuple[str, str, str], ...] = ()
    answers: str = ""  # the tool_call_id, or the function's name, that a result belongs to


def read(raw: list[Any]) -> list[Message]:
    """Return the messages; ApiError 400 with the place of the first fault, unanswered tool calls included."""
    if not raw:
        raise errors.bad_request(
            "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
            "messages",
            "empty_array",
        )
    messages = [_message(one, f"messages[{position}]") for position, one in enumerate(raw)]
    _check_calls_are_answered(messages)
    return messages


def _message(raw: Any, param: str) -> Message:
    body = checks.mapping(raw, param)
    if "role" not in body:
        raise errors.missing(f"{param}.role")
    role = checks.word(*ROLES)(body["role"], f"{param}.role")
    for name in body:
        if name not in KEYS:
            shown = errors.clip(f"{param}.{name}")
            raise errors.bad_request(f"Unknown parameter: '{shown}'.", shown, "unknown_parameter")
    if body.get("name") is not None:
        checks.text(64, 1)(body["name"], f"{param}.name")
    calls = _calls(body, param) if role == "assistant" else ()
    text, parts = _content(
        body.get("content"), role, f"{param}.content", optional=bool(calls) or bool(body.get("refusal"))
    )
    answers = ""
    if role == "tool":
        if not body.get("tool_call_id"):
            raise errors.missing(f"{param}.tool_call_id")
        answers = checks.text()(body["tool_call_id"], f"{param}.tool_call_id")
    elif role == "function":
        if not body.get("name"):
            raise errors.missing(f"{param}.name")
        answers = body["name"]
    return Message(role, text, parts, calls, answers)


def _content(content: Any, role: str, param: str, *, optional: bool) -> tuple[str, tuple[Part, ...]]:
    if content is None:
        if optional:
            return "", ()
        message = f"Invalid value for '{param}': expected a string, got null."
        raise errors.bad_request(message, param)
    if isinstance(content, str):
        return content, ()
    if not isinstance(content, list):
        raise checks.wrong_type(param, "one of a string or array of objects", content)
    texts: list[str] = []
    parts: list[Part] = []
    for position, raw in enumerate(content):
        _part(raw, role, f"{param}[{position}]", texts, parts)
    return "\n".join(texts), tuple(parts)


def _part(raw: Any, role: str, param: str, texts: list[str], parts: list[Part]) -> None:
    body = checks.mapping(raw, param)
    if "type" not in body:
        raise errors.missing(f"{param}.type")
    kind = checks.word(*PARTS.get(role, ("text",)))(body["type"], f"{param}.type")
    if kind in ("text", "refusal"):
        if kind not in body:
            raise errors.missing(f"{param}.{kind}")
        texts.append(checks.text()(body[kind], f"{param}.{kind}"))
        return
    if kind not in body:
        raise errors.missing(f"{param}.{kind}")
    value = checks.mapping(body[kind], f"{param}.{kind}")
    for needed in {"image_url": ("url",), "input_audio": ("data", "format"), "file": ()}[kind]:
        if needed not in value:
            raise errors.missing(f"{param}.{kind}.{needed}")
        checks.text()(value[needed], f"{param}.{kind}.{needed}")
    if kind == "image_url" and value.get("detail") is not None:
        checks.word("auto", "low", "high")(value["detail"], f"{param}.image_url.detail")
    if kind == "input_audio":
        checks.word("wav", "mp3")(value["format"], f"{param}.input_audio.format")
    parts.append(Part(kind, value, f"{param}.{kind}"))


def _calls(body: dict[str, Any], param: str) -> tuple[tuple[str, str, str], ...]:
    calls = []
    for position, raw in enumerate(checks.array(checks.mapping)(body.get("tool_calls") or [], f"{param}.tool_calls")):
        place = f"{param}.tool_calls[{position}]"
        kind = checks.word("function", "custom")(raw.get("type", "function"), f"{place}.type")
        inner = checks.mapping(raw.get(kind), f"{place}.{kind}")
        text = inner.get("arguments" if kind == "function" else "input", "")
        if not raw.get("id"):
            raise errors.missing(f"{place}.id")
        calls.append((raw["id"], checks.text()(inner.get("name"), f"{place}.{kind}.name"), checks.text()(text, place)))
    if body.get("function_call"):
        inner = checks.mapping(body["function_call"], f"{param}.function_call")
        calls.append(("", str(inner.get("name", "")), str(inner.get("arguments", ""))))
    return tuple(calls)


def _check_calls_are_answered(messages: list[Message]) -> None:
    """Every tool call needs a tool message before the next turn (D6); a result needs a call before it."""
    waiting: list[str] = []
    for position, message in enumerate(messages):
        if message.role == "tool":
            if message.answers not in waiting:
                told = "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
                raise errors.bad_request(f"Invalid parameter: {told}", f"messages.[{position}].role")
            waiting.remove(message.answers)
            continue
        _refuse_waiting(waiting, position)
        waiting = [call_id for call_id, _, _ in message.calls if call_id]
    _refuse_waiting(waiting, len(messages))


def _refuse_waiting(waiting: list[str], position: int) -> None:
    if waiting:
        named = errors.clip(", ".join(waiting))
        message = (
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {named}"
        )
        raise errors.bad_request(message, f"messages.[{position}].role")
