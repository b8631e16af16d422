"""Values as forms have them: texts in, values out, and back again. Pure."""

import dataclasses
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations.parameters.checks import Values, Wrong, check
from conversations.parameters.table import BY_NAME, TABLE, Parameter

STOPS = 4
ON, OFF = "on", "off"
_ESCAPED = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MEANT = {escaped[1]: meant for meant, escaped in _ESCAPED.items()}
_ESCAPE = re.compile(r"\\(?:([\\ntr])|u([0-9a-fA-F]{4}))")
_CONTROL = re.compile(r"[\\\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ROW = re.compile(r"\s*([^\s:=,;]+)\s*[:=,;\s]\s*([^\s:=,;]+)\s*[,;]?\s*")


@dataclasses.dataclass(frozen=True)
class Given:
    """What a form said: values that are set (None: not to be sent), names that are not, and what else is wrong."""

    values: Values
    reset: frozenset[str]
    wrong: Mapping[str, str]


def from_form(fields: Mapping[str, Any], only: Iterable[str] = ()) -> Given:
    """A form's fields; `only` these names, or all. Empty: not set here. `<name>_off`: not to be sent."""
    values: Values = {}
    reset, wrong = set(), {}
    wanted = [BY_NAME[name] for name in only if name in BY_NAME] or TABLE
    for parameter in wanted:
        try:
            text = _text_of(fields, parameter)
            if fields.get(f"{parameter.name}_off"):
                values[parameter.name] = None
            elif text in ("", []):
                reset.add(parameter.name)
            else:
                values[parameter.name] = read(parameter, text)
        except Wrong as error:
            wrong[parameter.name] = str(error)
    return Given(values, frozenset(reset), wrong)


def _text_of(fields: Mapping[str, Any], parameter: Parameter) -> str | list[str]:
    if parameter.kind == "stops":
        texts = [fields.get(f"{parameter.name}_{index}", "") for index in range(1, STOPS + 1)]
        return [text for text in texts if isinstance(text, str) and text]
    text = fields.get(parameter.name, "")
    text = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    return text if text.strip() else ""


def read(parameter: Parameter, text: str | list[str]) -> Any:
    """The checked value that a field's text, or those of several fields, stands for. Raises Wrong."""
    value: Any = text
    match parameter.kind, text:
        case "number" | "whole", str():
            value = _as_number(text)
        case "switch", str():
            value = {ON: True, OFF: False}.get(text, text)
        case "stops", list():
            value = [unescaped(one) for one in text]
        case "biases", str():
            value = _as_biases(text)
        case "json", str():
            value = _as_json(text)
        case (("name" | "choice"), str()):
            value = text.strip()
    return check(parameter, value)


def shown(parameter: Parameter, value: Any) -> Any:
    """The text, or those of several fields, that stands for a value; empty for none."""
    if value is None:
        return [""] * STOPS if parameter.kind == "stops" else ""
    match parameter.kind:
        case "switch":
            return ON if value else OFF
        case "stops":
            return [escaped(one) for one in value] + [""] * (STOPS - len(value))
        case "biases":
            return "\n".join(f"{token} {bias}" for token, bias in value.items())
        case "json":
            return json.dumps(value, ensure_ascii=False, indent=1 if len(value) > 1 else None)
    return str(value)


def escaped(text: str) -> str:
    """A text in one line, in which nothing is invisible."""
    return _CONTROL.sub(lambda found: _ESCAPED.get(found[0], f"\\u{ord(found[0]):04x}"), text)


def unescaped(text: str) -> str:
    """What was meant: \\n, \\t, \\r, \\\\ and \\u0000 are one character each; other backslashes stay as they are."""
    return _ESCAPE.sub(lambda found: _MEANT[found[1]] if found[1] else chr(int(found[2], 16)), text)


def _as_number(text: str) -> Any:
    """A number; what is none stays a text, and is refused as one."""
    plain = text.strip().replace("−", "-").replace(",", ".")
    if re.fullmatch(r"[+-]?[0-9]{1,20}", plain):
        return int(plain)
    if re.fullmatch(r"[+-]?(?:[0-9]{1,20}\.?[0-9]{0,20}|\.[0-9]{1,20})(?:[eE][+-]?[0-9]{1,2})?", plain):
        return float(plain)
    return text


def _as_json(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Wrong(_("This is not JSON.")) from error


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _as_biases(text: str) -> Any:
    """JSON: an object, or a list of pairs; else a row in each line, such as `50256 -100`."""
    if text.lstrip()[:1] in ("{", "["):
        found = _as_json(text)
        if isinstance(found, list) and all(isinstance(row, list) and len(row) == 2 for row in found):
            return {str(token): bias for token, bias in found}
        return found
    rows = [_ROW.fullmatch(line) for line in text.splitlines() if line.strip()]
    if not all(rows):
        raise Wrong(_("Each line has a token id and its bias, such as 50256 -100."))
    return {row[1].strip("\"'"): _as_number(row[2]) for row in rows if row}
