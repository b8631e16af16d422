"""Checks of request fields: types, ranges and allowed words, refused in OpenAI's phrases (wire.md 1, 2, 4)."""

import collections.abc
from typing import Any

from sandbox import errors

Check = collections.abc.Callable[[Any, str], Any]
NAMES = {bool: "a boolean", int: "an integer", float: "a decimal", str: "a string", list: "an array", dict: "an object"}


def said(value: object) -> str:
    """Return how OpenAI's messages call the type of a JSON value."""
    return "null" if value is None else NAMES.get(type(value), "something else")


def wrong_type(param: str, expected: str, value: object) -> errors.ApiError:
    """Return the 400 for a value of another type than expected."""
    message = f"Invalid type for '{param}': expected {expected}, but got {said(value)} instead."
    return errors.bad_request(message, param, "invalid_type")


def outside(param: str, sort: str, end: str, limit: float, value: object) -> errors.ApiError:
    """Return the 400 for a number beyond its limit; end is "min" or "max"."""
    shown = errors.clip(value)
    sign, side = (">=", "below minimum") if end == "min" else ("<=", "above maximum")
    message = f"Invalid '{param}': {sort} {side} value. Expected a value {sign} {limit}, but got {shown} instead."
    code = f"{sort}_{'below_min' if end == 'min' else 'above_max'}_value"
    return errors.bad_request(message, param, code)


def number(low: float, high: float) -> Check:
    """Return a check for a decimal within [low, high]."""

    def check(value: Any, param: str) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong_type(param, "a decimal", value)
        if not value >= low:  # "not" also catches NaN
            raise outside(param, "decimal", "min", low, value)
        if not value <= high:
            raise outside(param, "decimal", "max", high, value)
        return float(value)

    return check


def integer(low: int | None = None, high: int | None = None) -> Check:
    """Return a check for an integer within [low, high]; a decimal without a fraction counts, as in JSON."""

    def check(value: Any, param: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(param, "an integer", value)
        if low is not None and value < low:
            raise outside(param, "integer", "min", low, value)
        if high is not None and value > high:
            raise outside(param, "integer", "max", high, value)
        return value

    return check


def flag(value: Any, param: str) -> bool:
    """Check a boolean."""
    if not isinstance(value, bool):
        raise wrong_type(param, "a boolean", value)
    return value


def text(most: int | None = None, least: int = 0) -> Check:
    """Return a check for a string of least to most characters."""

    def check(value: Any, param: str) -> str:
        if not isinstance(value, str):
            raise wrong_type(param, "a string", value)
        if most is not None and len(value) > most:
            message = f"Invalid '{param}': string too long. Expected a string with maximum length {most}, "
            raise errors.bad_request(
                message + f"but got a string with length {len(value)} instead.", param, "string_above_max_length"
            )
        if len(value) < least:
            message = f"Invalid '{param}': empty string. Expected a string with minimum length {least}, "
            raise errors.bad_request(
                message + f"but got {'an empty string' if not value else 'a shorter one'} instead.",
                param,
                "empty_string",
            )
        return value

    return check


def word(*allowed: str) -> Check:
    """Return a check for one word out of a closed list."""

    def check(value: Any, param: str) -> str:
        if not isinstance(value, str):
            raise wrong_type(param, "a string", value)
        if value not in allowed:
            listed = ", ".join(f"'{one}'" for one in allowed[:-1]) + (
                f", and '{allowed[-1]}'" if len(allowed) > 1 else f"'{allowed[0]}'"
            )
            raise errors.bad_request(
                f"Invalid value: '{errors.clip(value)}'. Supported values are: {listed}.", param, "invalid_value"
            )
        return value

    return check


def array(item: Check, least: int = 0, most: int | None = None) -> Check:
    """Return a check for an array of least to most items, each checked by item."""

    def check(value: Any, param: str) -> list[Any]:
        if not isinstance(value, list):
            raise wrong_type(param, "an array", value)
        if len(value) < least:
            message = f"Invalid '{param}': empty array. Expected an array with minimum length {least}, "
            raise errors.bad_request(
                message + f"but got an array with length {len(value)} instead.", param, "empty_array"
            )
        if most is not None and len(value) > most:
            message = f"Invalid '{param}': array too long. Expected an array with maximum length {most}, "
            raise errors.bad_request(
                message + f"but got an array with length {len(value)} instead.", param, "array_above_max_length"
            )
        return [item(one, f"{param}[{position}]") for position, one in enumerate(value)]

    return check


def mapping(value: Any, param: str) -> dict[str, Any]:
    """Check an object; what is in it is somebody else's question."""
    if not isinstance(value, dict):
        raise wrong_type(param, "an object", value)
    return value


def string_or_list(least: int, most: int) -> Check:
    """Return a check for a string, or least to most strings, as stop takes them; the result is always a list."""
    strings = array(text(), least, most)

    def check(value: Any, param: str) -> list[str]:
        if isinstance(value, str):
            return [value]
        if not isinstance(value, list):
            raise wrong_type(param, "either a string or an array of strings", value)
        return list(strings(value, param))

    return check


def bias(value: Any, param: str) -> dict[int, float]:
    """Check a logit_bias map: token ids to numbers from -100 to 100 (B13)."""
    weight = number(-100, 100)
    for token in mapping(value, param):
        if not token.isdecimal():
            raise errors.bad_request(
                f"Invalid key in '{param}': '{errors.clip(token)}'. You must use token ids.", param, "invalid_value"
            )
    return {int(token): weight(one, f"{param}.{token}") for token, one in value.items()}


def metadata(value: Any, param: str) -> dict[str, str]:
    """Check a metadata map: at most 16 pairs, keys up to 64 characters, values up to 512."""
    if len(mapping(value, param)) > 16:
        raise errors.bad_request(
            f"Invalid '{param}': too many properties. Expected at most 16.", param, "object_above_max_properties"
        )
    for name, one in value.items():
        text(64)(name, f"{param} key")
        text(512)(one, f"{param}.{name}")
    return dict(value)


def anything(value: Any, param: str) -> Any:
    """Accept a field whose content has no effect here."""
    return value


def fields(body: dict[str, Any], known: collections.abc.Mapping[str, Check], prefix: str = "") -> dict[str, Any]:
    """Return the checked fields of body that are set; null counts as unset, an unknown name is refused (quirk 8.4)."""
    values = {}
    for name, value in body.items():
        check = known.get(name)
        if check is None:
            shown = errors.clip(prefix + name)
            raise errors.bad_request(f"Unknown parameter: '{shown}'.", shown, "unknown_parameter")
        if value is not None:
            values[name] = check(value, prefix + name)
    return values
