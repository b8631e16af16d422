"""What may come in through an HTTP door: checked values, or the refusal that names what is wrong."""

import dataclasses
import json
import uuid
from collections.abc import Mapping
from typing import Any

from conversations.errors import ClientIdMissing, TextMissing, TextTooLong, UnknownParent
from conversations.models import TEXT_LENGTH
from live.errors import Invalid
from providers.choosing import MODEL_ID_LENGTH
from providers.errors import ModelIdTooLong

MAX_PARAMS = 256 * 1024  # bytes of JSON; a large schema fits


@dataclasses.dataclass(frozen=True)
class Command:
    """The fields that send, edit, regenerate and continue share; each takes those it needs."""

    client_id: uuid.UUID
    text: str
    parent_id: uuid.UUID | None
    provider: str | None
    model_id: str | None
    params: dict[str, Any]


def command(fields: Mapping[str, Any], *, with_text: bool) -> Command:
    """Check a command's fields. Unknown ones are left alone."""
    return Command(
        client_id=_client_id(fields.get("client_id")),
        text=_text(fields.get("text")) if with_text else "",
        parent_id=_parent(fields.get("parent")),
        provider=_name(fields.get("provider"), "provider"),
        model_id=_model_id(fields.get("model_id")),
        params=_params(fields.get("params")),
    )


def has_text(fields: Mapping[str, Any]) -> bool:
    """Whether a new conversation comes with its first message."""
    return bool(fields.get("text"))


def title(fields: Mapping[str, Any]) -> str:
    """A conversation's new title."""
    value = fields.get("title")
    if not isinstance(value, str):
        raise Invalid(fields={"title": "?"})
    return value.replace("\x00", "")


def _client_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ClientIdMissing() from error


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TextMissing()
    if len(value) > TEXT_LENGTH:
        raise TextTooLong(limit=TEXT_LENGTH)
    return value.replace("\x00", "").replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")


def _parent(value: Any) -> uuid.UUID | None:
    if not value:
        return None
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise UnknownParent() from error


def _name(value: Any, field: str) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str):
        raise Invalid(fields={field: str(type(value).__name__)})
    return value


def _model_id(value: Any) -> str | None:
    """None means: the default. A form's `provider|model_id` choice arrives already split."""
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MODEL_ID_LENGTH or (value and not value.strip()):
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    return value.replace("\x00", "") or None


def _params(value: Any) -> dict[str, Any]:
    if value in (None, ""):
        return {}
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise Invalid(fields={"params": str(error)}) from error
    if not isinstance(value, dict) or len(json.dumps(value)) > MAX_PARAMS:
        raise Invalid(fields={"params": f"0–{MAX_PARAMS}"})
    return value
