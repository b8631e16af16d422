"""How one provider's server differs: switches, and the request parameters it was seen to refuse (section 8)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openai_client._messages import INSTRUCTING, Content, adapted, refused_role, uses_role
from openai_client.exceptions import APIError

# Never dropped: they are the question itself, change what the answer is, or are the ceiling of its cost.
KEPT = frozenset(
    {"model", "messages", "prompt", "input", "stream", "image", "images", "mask", "file", "purpose"}
    | {"tools", "tool_choice", "functions", "function_call", "response_format"}
    | {"max_tokens", "max_completion_tokens", "max_output_tokens"}
)
RENAMES = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
_REFUSAL = re.compile(
    r"unsupported|not support|n[o']t supported|unknown|unrecogni[sz]ed|unexpected|extra (?:inputs|fields)"
    r"|extra_forbidden|not permitted|not allowed|only the default|only 1 is allowed|only \d[\d.]* is allowed"
    r"|cannot find field|invalid field|no such (?:field|parameter)|not available|additional properties|deprecated",
    re.IGNORECASE,
)
_REFUSING = {400, 422, None}
_REFUSING_CODES = frozenset({"unsupported_parameter", "unsupported_value", "unknown_parameter", "extra_forbidden"})


@dataclass(slots=True)
class Dialect:
    """What the caller knows, and what this client learns, about one provider. Share one per provider.

    `think_tags`: split <think> sections off the start of answers (quirk 4.5); `end_markers`: take stray template
    markers off their end (E11); `cumulative_text`: each chunk repeats the text so far (quirk 2.7, off because the
    contrary mistake truncates); `content_beside_calls`: how an empty content next to tool calls is written (quirk 8.9).
    `names` is what is known beforehand, for all models: parameter -> the name this server wants, or None for "leave it
    out" ({"max_tokens": "max_completion_tokens"}), with "role:developer" -> "system", or the other way, for the role.
    `refused` is the memory, in the same words for each model id, and goes before `names`; plain values, so that both
    can be stored.
    `on_learned` is told what is new in it: model id, parameter, the name wanted or None.
    """

    think_tags: bool = True
    end_markers: bool = True
    cumulative_text: bool = False
    content_beside_calls: Content = "keep"
    names: Mapping[str, str | None] = field(default_factory=dict)
    refused: dict[str, dict[str, str | None]] = field(default_factory=dict)
    on_learned: Callable[[str, str, str | None], None] | None = None

    def apply(self, request: Mapping[str, object]) -> tuple[dict[str, object], tuple[str, ...], dict[str, str]]:
        """The request in this server's words, the names left out, the names changed. Unset (None) fields go too."""
        memory = {**self.names, **self.refused.get(str(request.get("model", "")), {})}
        body: dict[str, object] = {}
        dropped: list[str] = []
        renamed: dict[str, str] = {}
        roles = {role: other for role, other in INSTRUCTING.items() if f"role:{role}" in memory}
        for name, value in request.items():
            if value is None:
                continue
            if name == "messages":
                body[name] = adapted(value, roles, self.content_beside_calls)
                renamed |= {role: other for role, other in roles.items() if uses_role(value, role)}
                continue
            other = memory.get(name, name)
            if other is None:
                dropped.append(name)
            elif other == name:
                body[name] = value
            else:
                renamed[name] = other
                body.setdefault(other, value)
        return body, tuple(dropped), renamed

    def learn(self, request: Mapping[str, object], error: APIError) -> bool:
        """Remembers the parameter that this error refuses. False when it refuses none that may go or be renamed."""
        body, dropped, renamed = self.apply(request)
        model = str(request.get("model", ""))
        if error.status in _REFUSING and (role := refused_role(body.get("messages"), error.message)):
            if INSTRUCTING[role] in renamed:
                return False  # it takes neither
            return self._remember(model, f"role:{role}", INSTRUCTING[role])
        name = _refused_name(body, error)
        if name is None:
            return False
        wanted = next((old for old, new in renamed.items() if new == name), "")
        if wanted and wanted not in self.refused.get(model, {}):
            return self._remember(model, wanted, wanted)  # the name that was known beforehand is wrong for this model
        other = RENAMES.get(name)
        if other:
            if name in renamed.values() or other in body:
                return False  # swapped once already, or both were sent
            return self._remember(model, name, other)
        if name in KEPT or name in dropped:
            return False
        return self._remember(model, name, None)

    def _remember(self, model: str, name: str, wanted: str | None) -> bool:
        self.refused.setdefault(model, {})[name] = wanted
        if self.on_learned is not None:
            self.on_learned(model, name, wanted)
        return True


def _refused_name(body: Mapping[str, object], error: APIError) -> str | None:
    """Which field of the body the error refuses as such, rather than for its value."""
    if error.status not in _REFUSING:
        return None
    text = f"{error.message} {error.code}"
    if error.code not in _REFUSING_CODES and not _REFUSAL.search(text):
        return None
    blamed = re.split(r"[.\[]", error.param or "", maxsplit=1)[0]
    if blamed in body:
        return blamed
    mentioned = [(at, name) for name in body if (at := _place(name, text)) is not None]
    return min(mentioned)[1] if mentioned else None


def _place(name: str, text: str) -> int | None:
    """Where a parameter's name stands in a text: as a word, ordinary words only in quotes."""
    pattern = (
        rf"(?<![\w.]){re.escape(name)}(?!\w)"
        if "_" in name
        else rf"['\"`]{re.escape(name)}['\"`\[.]|\b{re.escape(name)}\b(?=:)"
    )
    found = re.search(pattern, text)
    if found is None and name in {"temperature", "seed", "logprobs", "verbosity"}:
        found = re.search(rf"\b{name}\b", text)
    return None if found is None else found.start()
