"""Puts tool calls together from streamed pieces with missing, shared or shifted indices (quirks 5.1 to 5.10)."""

from __future__ import annotations

import hashlib
import json

from openai_client import _json
from openai_client._deltas import ToolCallDelta
from openai_client._settings import SizeLimits
from openai_client._values import ToolCall
from openai_client.exceptions import TooLarge


class _Call:
    __slots__ = ("arguments", "id", "key", "name", "position", "type")

    def __init__(self, position: int, key: int | None) -> None:
        self.position = position
        self.key = key
        self.id = ""
        self.name = ""
        self.type = "function"
        self.arguments: list[str] = []

    @property
    def whole(self) -> bool:
        """Whether the arguments are complete JSON, so that more cannot belong to them."""
        return bool(_json.objects("".join(self.arguments)))

    def add_name(self, name: str) -> None:
        """Set once; pieces are joined, repeats are not (quirks 5.5, 5.6)."""
        if not name or name == self.name or self.arguments:
            self.name = self.name or name
        elif name.startswith(self.name):
            self.name = name
        else:
            self.name += name


class ToolCalls:
    """The calls of one choice. The index is a key, not a position (quirk 5.3)."""

    def __init__(self, choice: int, limits: SizeLimits) -> None:
        self._choice = choice
        self._limits = limits
        self._calls: list[_Call] = []

    def add(self, entries: object, out: list[ToolCallDelta]) -> None:
        """Takes the `tool_calls` of one chunk, in order (quirk 5.7)."""
        first_new = len(self._calls)
        for entry in _json.as_list(entries):
            if isinstance(entry, dict):
                self._add(entry, first_new, out)

    def add_legacy(self, function_call: dict[str, object], out: list[ToolCallDelta]) -> None:
        """Takes the old form, `function_call`: one call, no id."""
        call = self._calls[0] if self._calls else self._new(None)
        call.type = "function_call"
        self._fill(call, _json.as_text(function_call.get("name")), function_call.get("arguments"), out)

    def finished(self, seed: str, *, ended: bool) -> tuple[ToolCall, ...]:
        """The calls as values. Once the answer has `ended`, ids that are missing or doubled are made up from `seed`
        (quirk 5.4) and empty arguments become {} (quirk 5.8)."""
        values: list[ToolCall] = []
        used: set[str] = set()
        for call in self._calls:
            arguments = _json.clean("".join(call.arguments))
            name = call.id
            if ended:
                if not name or name in used:
                    made = f"{seed}/{self._choice}/{call.position}/{call.name}/{arguments}"
                    name = f"call_{hashlib.sha256(made.encode()).hexdigest()[:24]}"
                arguments = arguments if arguments.strip() or call.type == "custom" else "{}"
            used.add(name)
            values.append(ToolCall(name, call.name, arguments, call.type))
        return tuple(values)

    def _add(self, entry: dict[str, object], first_new: int, out: list[ToolCallDelta]) -> None:
        function = _json.as_mapping(entry.get("function"))
        custom = _json.as_mapping(entry.get("custom"))
        name = _json.as_text(function.get("name") or custom.get("name"))
        ident = _json.as_text(entry.get("id"))
        call = self._find(_json.as_int(entry.get("index")), ident, name, first_new)
        call.id = call.id or ident
        if custom:
            call.type = "custom"
        self._fill(call, name, custom.get("input") if custom else function.get("arguments"), out)

    def _find(self, key: int | None, ident: str, name: str, first_new: int) -> _Call:
        """Whose piece this is: by index, else by id, else new if it has a name, else the last (quirks 5.1, 5.2)."""
        if key is not None:
            call = next((call for call in reversed(self._calls) if call.key == key), None)
            if call and ident and call.id and ident != call.id and (name or call.whole):
                call = None  # parallel calls that share an index
            return call or self._new(key)
        if ident:
            known = next((call for call in self._calls if call.id == ident), None)
            return known or self._new(None)
        last = self._calls[-1] if self._calls else None
        if last is None:
            return self._new(None)
        repeats = last.name == name and last.position < first_new and not last.whole  # quirk 5.5 without an index
        return last if not name or repeats else self._new(None)

    def _new(self, key: int | None) -> _Call:
        if len(self._calls) >= self._limits.tool_calls:
            raise TooLarge(f"More than {self._limits.tool_calls} tool calls", code="too_many_tool_calls")
        call = _Call(len(self._calls), key)
        self._calls.append(call)
        return call

    def _fill(self, call: _Call, name: str, arguments: object, out: list[ToolCallDelta]) -> None:
        call.add_name(name)
        piece = ""
        if isinstance(arguments, str):
            piece = arguments
        elif isinstance(arguments, (dict, list)):  # an object instead of its text (quirk 5.8)
            piece = json.dumps(_json.storable(arguments), ensure_ascii=False)
        if piece:
            call.arguments.append(piece)
        out.append(ToolCallDelta(self._choice, call.position, call.id, call.name, _json.clean(piece)))
