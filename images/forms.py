"""What may come in through an HTTP door: checked values, or the refusal that names what is wrong."""

import dataclasses
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from images.errors import PromptMissing, PromptTooLong, VerbRetired
from images.models import MOST_PICTURES, PROMPT_LENGTH, Kind
from images.takes import WORDS, Takes
from live.errors import ClientIdMissing, Invalid
from providers.errors import ModelIdTooLong
from providers.models import MODEL_ID_LENGTH, PROVIDER_ID_LENGTH

_LONGEST_WORD = 64
_MOST_SOURCES = 32
CUSTOM = "custom"  # the size of a form that gives width and height
_TRUE = (True, "true", "on", "1")
_SHARED = ("size", "quality", "background", "output_format", "output_compression", "response_format", "partial_images")
# Settings that each verb has at all (wire.md 4), as they are sent.
SETTINGS = {
    Kind.GENERATE: (*_SHARED, "style", "moderation"),
    Kind.EDIT: (*_SHARED, "input_fidelity"),
    Kind.VARY: ("size", "response_format"),
}


@dataclasses.dataclass(frozen=True)
class Command:
    """What a person asks for. `wishes` are settings as they came; what becomes of them depends on the model."""

    client_id: uuid.UUID
    kind: str
    prompt: str
    provider: str
    model_id: str
    asked: int
    wishes: Mapping[str, Any]
    sources: tuple[str, ...]
    mask: str
    confirmed: bool


def unpacked(given: Mapping[str, Any]) -> dict[str, Any]:
    """A form's fields as a command has them: `model` holds a provider and a model id, a free size is two numbers."""
    found = dict(given)
    provider, _space, model_id = str(found.pop("model", None) or "").partition(" ")
    found["provider"] = found.get("provider") or provider
    found["model_id"] = found.get("model_id") or model_id
    if found.get("size") == CUSTOM:
        found["size"] = f"{found.pop('width', '')}x{found.pop('height', '')}"
    return found


def command(fields: Mapping[str, Any], kind: str, sources: list[str] | None = None) -> Command:
    """Check a command's fields as far as the model does not matter. Unknown ones are left alone."""
    given = unpacked({**_params(fields.get("params")), **fields})
    prompt = given.get("prompt") or ""
    if not isinstance(prompt, str):
        raise Invalid(fields={"prompt": _("This must be text.")})
    prompt = _storable(prompt.replace("\r\n", "\n")).strip()
    if not prompt and kind != Kind.VARY:
        raise PromptMissing()
    return Command(
        client_id=client_id(given),
        kind=kind,
        prompt=prompt if kind != Kind.VARY else "",
        provider=_name(given.get("provider"), "provider", PROVIDER_ID_LENGTH),
        model_id=_model_id(given.get("model_id")),
        asked=number(given.get("n"), "n", 1, MOST_PICTURES) or 1,
        wishes={name: given[name] for name in SETTINGS[Kind(kind)] if given.get(name) not in (None, "")},
        sources=tuple(sources or _ids(given.get("sources"))),
        mask=_name(given.get("mask"), "mask", _LONGEST_WORD),
        confirmed=confirmed(given),
    )


def client_id(fields: Mapping[str, Any]) -> uuid.UUID:
    """The one thing that each command has."""
    try:
        return uuid.UUID(str(fields.get("client_id")))
    except ValueError as error:
        raise ClientIdMissing() from error


def confirmed(fields: Mapping[str, Any]) -> bool:
    """Whether the person has said that they want it whatever it costs."""
    return fields.get("confirmed") in _TRUE


def settled(command: Command, takes: Takes, model_id: str) -> tuple[dict[str, Any], list[str]]:
    """The settings to send to this model, and the names of those that it does not have, which are left out.

    Raises VerbRetired, PromptTooLong, Invalid.
    """
    if command.kind not in takes.kinds:
        raise VerbRetired(kind=command.kind, model=model_id)
    if len(command.prompt) > min(takes.prompt, PROMPT_LENGTH):
        raise PromptTooLong(limit=min(takes.prompt, PROMPT_LENGTH), model=model_id)
    if command.asked > takes.most:
        raise Invalid(
            fields={"n": _("%(model)s makes at most %(most)s at once.") % {"model": model_id, "most": takes.most}}
        )
    return settings_of(command.wishes, takes)


def settings_of(wishes: Mapping[str, Any], takes: Takes) -> tuple[dict[str, Any], list[str]]:
    """What of these settings this model has, and the names of the others. Raises Invalid."""
    wrong: dict[str, str] = {}
    found, left_out = {}, []
    for name, value in wishes.items():
        try:
            kept = _setting(takes, name, value)
        except ValueError as error:
            wrong[name] = str(error)
            continue
        if kept is None:
            left_out.append(name)
        else:
            found[name] = kept
    wrong |= _together(found)
    if wrong:
        raise Invalid(fields=wrong)
    if "b64_json" in takes.response_format:
        found.setdefault("response_format", "b64_json")  # an address would have to be fetched, and expires
    return found, left_out


def _setting(takes: Takes, name: str, value: Any) -> Any:
    """The value to send; None: this model has no such setting. Raises ValueError with a sentence."""
    if name == "size":
        return _size(takes, value)
    if name in WORDS:
        return _word(takes, name, value)
    try:
        if name == "output_compression":
            return number(value, name, 0, 100) if takes.output_compression else None
        return number(value, name, 0, takes.partial) if takes.partial else None
    except Invalid as error:
        raise ValueError(error.data["fields"][name]) from error


def _size(takes: Takes, value: Any) -> str | None:
    if not takes.sizes and not takes.free:
        return None
    if not isinstance(value, str) or not takes.takes_size(value):
        choices = ", ".join(takes.sizes)
        if takes.free is None:
            raise ValueError(_("The size is one of %(sizes)s.") % {"sizes": choices})
        limits = {"sizes": choices, **dataclasses.asdict(takes.free)}
        raise ValueError(
            _(
                "The size is one of %(sizes)s, or any width and height in steps of %(step)s, up to "
                "%(widest)s × %(highest)s and at most %(ratio)s times as long as wide."
            )
            % limits
        )
    return value


def _word(takes: Takes, name: str, value: Any) -> str | None:
    words = takes.words(name)
    if not isinstance(value, str) or len(value) > _LONGEST_WORD or not value.isprintable():
        raise ValueError(_("This must be a short text."))
    if not words:
        return None if takes.known else value  # who types an unknown model's setting may know more than we do
    if value not in words:
        raise ValueError(_("This is one of %(words)s.") % {"words": ", ".join(words)})
    return value


def _together(found: dict[str, Any]) -> dict[str, str]:
    """What does not go together; compression without a format that has one means nothing, and goes."""
    if found.get("output_format", "png") == "png":
        found.pop("output_compression", None)
    if found.get("output_format") == "jpeg" and found.get("background") == "transparent":
        return {"background": _("JPEG has no transparency: choose PNG or WebP, or another background.")}
    return {}


def number(value: Any, name: str, low: int, high: int | None) -> int | None:
    """A whole number within bounds, None where none was given. Raises Invalid."""
    if value in (None, ""):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= (high or low):
        limits = {"low": low, "high": high}
        raise Invalid(fields={name: _("This is a whole number from %(low)s to %(high)s.") % limits})
    return value


def _name(value: Any, field: str, longest: int) -> str:
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or len(value) > longest or not value.isprintable():
        raise Invalid(fields={field: _("This must be a short text.")})
    return value


def _model_id(value: Any) -> str:
    if value in (None, ""):
        return ""
    if not isinstance(value, str) or not 0 < len(value.strip()) <= MODEL_ID_LENGTH:
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    return _storable(value)


def _storable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of surrogate pairs."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _params(value: Any) -> dict[str, Any]:
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            raise Invalid(fields={"params": _("This must be a JSON object.")}) from error
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise Invalid(fields={"params": _("This must be a JSON object.")})
    return value


def _ids(value: Any) -> list[str]:
    """File ids: a list, or in a form a text with spaces or commas between them."""
    if isinstance(value, str):
        value = value.replace(",", " ").split()
    if value in (None, ""):
        return []
    if not isinstance(value, list) or len(value) > _MOST_SOURCES or not all(isinstance(one, str) for one in value):
        raise Invalid(fields={"sources": _("This must be a list of files.")})
    return value
