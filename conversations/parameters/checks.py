"""What a parameter may be: a checked value, or the sentence that says what is wrong with it. Pure."""

import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations.parameters.table import BY_NAME, BY_WIRE, CEILINGS, FIXED, Parameter

Values = dict[str, Any]
STOP_LENGTH = 1_000  # characters of one text to stop at
BIAS = 100
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TOKEN = re.compile(r"[0-9]{1,10}")


class Wrong(ValueError):
    """A value that a parameter does not take; says why, in one sentence."""


def of_layer(values: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
    """What may be set to stay: names of the table alone, checked; None: not to be sent. With a sentence for each that
    is wrong."""
    return _checked(values, lambda name, value: check(_named(name), value))


def of_request(values: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
    """The same for one request, which may name any further field of its server beside them."""
    return _checked(values, _of_request)


def check(parameter: Parameter, value: Any) -> Any:
    """The value as it is kept. Raises Wrong."""
    return None if value is None else _CHECKS[parameter.kind](parameter, value)


def _checked(values: Mapping[str, Any], one: Callable[[str, Any], Any]) -> tuple[Values, dict[str, str]]:
    good, wrong = {}, {}
    for name, value in values.items():
        try:
            good[name] = one(name, value)
        except Wrong as error:
            wrong[name[:80]] = str(error)
    return good, wrong


def _of_request(name: str, value: Any) -> Any:
    if name in FIXED:
        raise Wrong(_("The site sets “%(name)s” itself.") % {"name": name})
    known = BY_NAME.get(name) or (BY_WIRE[name] if name in CEILINGS else None)
    return check(known, value) if known else value


def _named(name: str) -> Parameter:
    if name not in BY_NAME:
        raise Wrong(_("There is no parameter “%(name)s”; put other fields into “extra”.") % {"name": name[:80]})
    return BY_NAME[name]


def _number(parameter: Parameter, value: Any) -> float:
    if type(value) in (int, float) and not (isinstance(value, float) and not math.isfinite(value)):
        number: float = value
        if _within(parameter, number):
            return number
    raise Wrong(_("%(label)s is a number from %(least)s to %(most)s.") % _facts(parameter))


def _whole(parameter: Parameter, value: Any) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if type(value) is int and _within(parameter, value):
        return value
    raise Wrong(_("%(label)s is a whole number from %(least)s to %(most)s.") % _facts(parameter))


def _within(parameter: Parameter, number: float) -> bool:
    return (parameter.least is None or number >= parameter.least) and (
        parameter.most is None or number <= parameter.most
    )


def _text(parameter: Parameter, value: Any) -> str:
    if isinstance(value, str) and len(value) <= (parameter.most or 0):
        return value
    raise Wrong(_("%(label)s is a text of at most %(most)s characters.") % _facts(parameter))


def _switch(parameter: Parameter, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise Wrong(_("%(label)s is on or off.") % _facts(parameter))


def _choice(parameter: Parameter, value: Any) -> str:
    names = [name for name, _label in parameter.choices]
    if isinstance(value, str) and value in names:
        return value
    words = {**_facts(parameter), "choices": ", ".join(names)}
    raise Wrong(_("%(label)s is one of these: %(choices)s.") % words)


def _stops(parameter: Parameter, value: Any) -> list[str]:
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not 0 < len(found) <= (parameter.most or 0):
        raise Wrong(_("Up to %(most)s texts can end an answer.") % _facts(parameter))
    if not all(isinstance(one, str) and 0 < len(one) <= STOP_LENGTH for one in found):
        raise Wrong(_("Each text to stop at has 1 to %(limit)s characters.") % {"limit": STOP_LENGTH})
    return list(found)


def _biases(parameter: Parameter, value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not 0 < len(value) <= (parameter.most or 0):
        raise Wrong(_("%(label)s names up to %(most)s tokens.") % _facts(parameter))
    return {_token(token): _bias(token, bias) for token, bias in value.items()}


def _token(token: Any) -> str:
    if _TOKEN.fullmatch(str(token)):
        return str(int(token))
    raise Wrong(_("“%(token)s” is no token id: these are whole numbers.") % {"token": str(token)[:40]})


def _bias(token: Any, bias: Any) -> int:
    if isinstance(bias, float) and bias.is_integer():
        bias = int(bias)
    if type(bias) is int and -BIAS <= bias <= BIAS:
        return bias
    raise Wrong(_("The bias of token %(token)s is a whole number from −100 to 100.") % {"token": str(token)[:40]})


def _name(parameter: Parameter, value: Any) -> str:
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise Wrong(_("A name has 1 to 64 of the letters a to z and A to Z, digits, _ and -."))


def _json(parameter: Parameter, value: Any) -> Values:
    if not isinstance(value, dict):
        raise Wrong(_("%(label)s are a JSON object, such as %(example)s.") % _facts(parameter))
    for name in value:
        if name in FIXED:
            raise Wrong(_("The site sets “%(name)s” itself.") % {"name": name})
        if name in BY_NAME or name in CEILINGS:
            raise Wrong(_("“%(name)s” has a field of its own.") % {"name": name})
    if len(json.dumps(value)) > (parameter.most or 0):
        raise Wrong(_("%(label)s have at most %(most)s bytes of JSON.") % _facts(parameter))
    return value


def _facts(parameter: Parameter) -> dict[str, str]:
    numbers = {name: _plain(getattr(parameter, name)) for name in ("least", "most")}
    return {"label": str(parameter.label), "example": parameter.example, **numbers}


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:,}" if isinstance(number, int) else f"{number:g}"


_CHECKS: Mapping[str, Callable[[Parameter, Any], Any]] = {
    "number": _number,
    "whole": _whole,
    "text": _text,
    "switch": _switch,
    "choice": _choice,
    "stops": _stops,
    "biases": _biases,
    "name": _name,
    "json": _json,
}
