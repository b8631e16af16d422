"""What may come in through an HTTP door: checked values, or the refusal that names what is wrong."""

import dataclasses
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations import parameters
from conversations.accumulator import storable
from conversations.attached.parts import DETAILS, MOST_FILES, WAYS, Wanted
from conversations.errors import TextMissing, TextTooLong, TooManyAnswers, TooManyFiles, UnknownParent
from conversations.models import PRESET_NAME_LENGTH, TEXT_LENGTH, TITLE_LENGTH, Role
from conversations.parameters import MOST_ANSWERS
from live.errors import ClientIdMissing, Invalid
from providers.errors import ModelIdTooLong
from providers.models import MODEL_ID_LENGTH

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
    also: tuple[tuple[str | None, str], ...]  # (provider, model id) of others who answer the same
    beside: bool
    files: tuple[Wanted, ...] | None  # None: not said


@dataclasses.dataclass(frozen=True)
class Turn:
    """A message that is written by hand, and where it is to stand; the end without a place."""

    client_id: uuid.UUID
    role: str
    text: str
    before: uuid.UUID | None
    after: uuid.UUID | None


def command(fields: Mapping[str, Any], *, with_text: bool, may_be_empty: bool = False) -> Command:
    """Check a command's fields. Unknown ones are left alone. With files, or if it `may_be_empty`, it needs no text."""
    files = _files(fields["files"]) if "files" in fields else None
    return Command(
        client_id=_client_id(fields.get("client_id")),
        text=_text(fields.get("text"), may_be_empty=bool(files) or may_be_empty) if with_text else "",
        parent_id=_parent(fields.get("parent")),
        provider=_name(fields.get("provider"), "provider"),
        model_id=_model_id(fields.get("model_id")),
        params=_params(fields.get("params")),
        also=_also(fields.get("also")),
        beside=beside(fields),
        files=files,
    )


def turn(fields: Mapping[str, Any]) -> Turn:
    """Check a message that is written by hand. Without `role` it is a question."""
    role = fields.get("role") or Role.USER.value
    if role not in Role.values:
        raise Invalid(fields={"role": _("A role is one of %(roles)s.") % {"roles": ", ".join(Role.values)}})
    before, after = _parent(fields.get("before")), _parent(fields.get("after"))
    if before and after:
        raise Invalid(fields={"after": _("Name the message before it or the one after it, not both.")})
    return Turn(client_id(fields), role, _text(fields.get("text")), before, after)


def keeps(fields: Mapping[str, Any]) -> bool:
    """Whether what follows an edited answer is to follow its new text as well."""
    return fields.get("keep") in (True, "true", "on", "1")


def client_id(fields: Mapping[str, Any]) -> uuid.UUID:
    """The one thing that each command has."""
    return _client_id(fields.get("client_id"))


def beside(fields: Mapping[str, Any]) -> bool:
    """Whether an answer is to stand side by side with its companions."""
    return fields.get("beside") in (True, "true", "1")


def has_text(fields: Mapping[str, Any]) -> bool:
    """Whether a new conversation comes with its first message."""
    return fields.get("text") not in (None, "") or bool(fields.get("files"))


def title(fields: Mapping[str, Any]) -> str:
    """A conversation's new title, in one line."""
    value = fields.get("title")
    found = " ".join(storable(value).split()) if isinstance(value, str) else ""
    if not 0 < len(found) <= TITLE_LENGTH:
        raise Invalid(fields={"title": _("A title has 1 to %(limit)s characters.") % {"limit": TITLE_LENGTH}})
    return found


def _client_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise ClientIdMissing() from error


def _text(value: Any, *, may_be_empty: bool = False) -> str:
    found = storable(value.replace("\r\n", "\n")) if isinstance(value, str) else ""
    if not found.strip():
        if may_be_empty:
            return ""
        raise TextMissing()
    if len(found) > TEXT_LENGTH:
        raise TextTooLong(limit=TEXT_LENGTH)
    return found


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
        raise Invalid(fields={field: _("Name it by its id, which is a text.")})
    return value


def _model_id(value: Any) -> str | None:
    """None means: the default. A form's `provider|model_id` choice arrives already split."""
    if value in (None, ""):
        return None
    found = storable(value) if isinstance(value, str) else ""
    if not found.strip() or len(found) > MODEL_ID_LENGTH:
        raise ModelIdTooLong(limit=MODEL_ID_LENGTH)
    return found


def _also(value: Any) -> tuple[tuple[str | None, str], ...]:
    """`[{"provider", "model_id"}]`; in a form a JSON text."""
    if value in (None, ""):
        return ()
    try:
        found = json.loads(value) if isinstance(value, str) else value
        named = [(_name(one.get("provider"), "also"), _model_id(one.get("model_id"))) for one in found]
    except (ValueError, TypeError, AttributeError, RecursionError):
        named = [(None, None)]
    also = tuple((provider, model_id) for provider, model_id in named if model_id)
    if len(also) < len(named):
        raise Invalid(fields={"also": _("Name each further model by its model_id, in a list.")})
    if len(also) >= MOST_ANSWERS:
        raise TooManyAnswers(limit=MOST_ANSWERS)
    return also


def _files(value: Any) -> tuple[Wanted, ...]:
    """`[id or {"id", "as", "pages", "detail"}]`; in a form a JSON text, or ids with commas or spaces between them."""
    try:
        if isinstance(value, str):
            value = json.loads(value) if value.lstrip().startswith("[") else value.replace(",", " ").split()
        found = tuple(_wanted({"id": one} if isinstance(one, str) else one) for one in value or ())
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
        raise Invalid(fields={"files": _("Name each file by its id, in a list.")}) from error
    if len(found) > MOST_FILES:
        raise TooManyFiles(limit=MOST_FILES)
    return tuple({one.id: one for one in found}.values())


def _wanted(one: Mapping[str, Any]) -> Wanted:
    way, pages, detail = one.get("as") or None, one.get("pages") or None, one.get("detail") or ""
    if way not in (None, *WAYS) or detail not in DETAILS or not isinstance(pages, str | None):
        raise ValueError
    return Wanted(uuid.UUID(one["id"]), way, storable(pages) if pages else None, detail)


@dataclasses.dataclass(frozen=True)
class Setting:
    """Parameters that are to stay: those that are set (None: not to be sent), and those that are not any more."""

    values: dict[str, Any]
    reset: frozenset[str]


def setting(fields: Mapping[str, Any], *, is_json: bool) -> Setting:
    """What a command sets. JSON: `values` and `reset`, or `texts` as a form has them; a form: `only` some, or all."""
    texts = fields.get("texts") if is_json else fields
    return _form_setting(texts, fields.get("only")) if isinstance(texts, Mapping) else _json_setting(fields)


def _json_setting(fields: Mapping[str, Any]) -> Setting:
    reset = fields.get("reset") or []
    if not isinstance(reset, list) or not all(isinstance(name, str) for name in reset):
        raise Invalid(fields={"reset": _("Name the parameters to reset in a list.")})
    if not reset and "values" not in fields:
        raise Invalid(fields={"values": _("Say what to set in “values”, or what to forget in “reset”.")})
    return Setting(stored_parameters(fields.get("values")), frozenset(reset))


def _form_setting(fields: Mapping[str, Any], only: Any = None) -> Setting:
    given = parameters.from_form(_storable_json(dict(fields)), only.split() if isinstance(only, str) else ())
    return Setting(_storable_json(_without_wrong(given.values, given.wrong)), given.reset)


def beginning(fields: Mapping[str, Any], *, is_json: bool) -> dict[str, Any]:
    """The parameters that a new conversation brings along."""
    return stored_parameters(fields.get("parameters")) if is_json else _form_setting(fields).values


def stored_parameters(value: Any) -> dict[str, Any]:
    """Parameters that are to stay, by the names of the table."""
    return _without_wrong(*parameters.of_layer(_json_object(value, "parameters")))


def preset_name(fields: Mapping[str, Any], *, is_json: bool) -> str:
    """A preset's name, in one line. In a form, `name` is the author's."""
    name = "name" if is_json else "preset_name"
    value = fields.get(name)
    found = " ".join(storable(value).split()) if isinstance(value, str) else ""
    if not 0 < len(found) <= PRESET_NAME_LENGTH:
        raise Invalid(fields={name: _("A name has 1 to %(limit)s characters.") % {"limit": PRESET_NAME_LENGTH}})
    return found


def settled(layers: parameters.Layers, params: Mapping[str, Any], user: Any) -> dict[str, Any]:
    """What holds for one run of this person's; `params` are its own."""
    wrong = parameters.contradictions(layers, params)
    if wrong:
        raise Invalid(fields=wrong)
    return parameters.settled(layers, params, lambda: parameters.user_id(user))


def _without_wrong(values: dict[str, Any], wrong: Mapping[str, str]) -> dict[str, Any]:
    if wrong:
        raise Invalid(fields=dict(wrong))
    return values


def _params(value: Any) -> dict[str, Any]:
    return _without_wrong(*parameters.of_request(_json_object(value, "params")))


def _json_object(value: Any, field: str) -> dict[str, Any]:
    if value in (None, ""):
        return {}
    try:
        found = _storable_json(json.loads(value) if isinstance(value, str) else value)
        fits = isinstance(found, dict) and len(json.dumps(found, allow_nan=False)) <= MAX_PARAMS
    except (ValueError, RecursionError):  # not JSON, a number that JSON does not have, or nested without end
        fits = False
    if not fits:
        sentence = _("The parameters must be a JSON object of at most %(limit)s bytes.") % {"limit": MAX_PARAMS}
        raise Invalid(fields={field: sentence})
    return dict(found)


def _storable_json(value: Any) -> Any:
    match value:
        case str():
            return storable(value)
        case list():
            return [_storable_json(item) for item in value]
        case dict():
            return {storable(name): _storable_json(item) for name, item in value.items()}
    return value
