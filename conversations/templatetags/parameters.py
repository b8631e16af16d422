"""The form of parameters: its fields in groups, each with what a sheet says of it."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from conversations import sheet
from conversations.parameters import BY_NAME, Parameter
from conversations.parameters.texts import STOPS

register = template.Library()
Json = dict[str, Any]
GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    ("", ("system", "temperature", "top_p", "max_tokens", "stop", "reasoning_effort")),
    (_("Penalties, bias, seed"), ("presence_penalty", "frequency_penalty", "logit_bias", "seed")),
    (_("Answers and how they come"), ("n", "logprobs", "top_logprobs", "stream", "verbosity")),
    (_("Names, time limit, further fields"), ("name", "user_id", "timeout", "extra")),
)


@dataclasses.dataclass(frozen=True)
class Row:
    """One field. `texts` are those of its inputs; a sentence in `wrong`, `refused` or `warning` stands below it."""

    parameter: Parameter
    id: str
    texts: list[str]
    state: str
    off: bool
    is_set: bool
    hints: list[str]
    below: bool
    holds: bool
    wrong: str
    refused: str
    warning: str

    @property
    def text(self) -> str:
        return self.texts[0] if self.texts else ""

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """The text of each input, and what stands there faintly while it has none."""
        return list(zip(self.texts, self.hints, strict=True))

    @property
    def hint(self) -> str:
        return self.hints[0]

    @property
    def slider(self) -> bool:
        """Whether all its values fit on a line that a thumb can be drawn along."""
        return self.parameter.kind == "number" and self.parameter.step is not None

    @property
    def thumb(self) -> Any:
        """Where the slider's thumb stands while nothing says otherwise."""
        return self.text or (self.hint if self.below else self.parameter.default)


@register.simple_tag
def parameter_groups(shown: Json | None = None, typed: Any = None, wrong: Any = None, prefix: str = "p") -> list[Json]:
    """[{"name", "rows", "open"}] for a sheet, an empty one by default; `typed` is what a refused form had in it."""
    shown = shown or sheet.empty()
    groups = []
    for name, names in GROUPS:
        rows = [_row(BY_NAME[one], shown, typed, wrong or {}, prefix) for one in names]
        some = any(row.is_set or row.wrong for row in rows)
        groups.append({"name": name, "rows": rows, "open": some})
    return groups


def _hints(parameter: Parameter, field: Json) -> list[str]:
    """What holds while nothing is typed, else an example."""
    if field["below"] is not None:
        return [field["below"]["text"]] if parameter.kind != "stops" else list(field["below"]["text"])
    return [parameter.example, *[""] * (STOPS - 1)] if parameter.kind == "stops" else [parameter.example]


def _row(parameter: Parameter, shown: Json, typed: Any, wrong: Mapping[str, str], prefix: str) -> Row:
    name, field = parameter.name, shown["fields"][parameter.name]
    texts = field["text"] if parameter.kind == "stops" else [field["text"]]
    off = field["off"]
    if typed:  # of a form that was refused
        inputs = [f"{name}_{index}" for index in range(1, STOPS + 1)] if parameter.kind == "stops" else [name]
        texts, off = [typed.get(one, "") for one in inputs], bool(typed.get(f"{name}_off"))
    warnings = [one["message"] for one in shown["warnings"] if name == one["fields"][-1]]
    return Row(
        parameter,
        id=f"{prefix}-{name}",
        texts=texts,
        state=field["state"],
        off=off,
        is_set=field["set"],
        hints=_hints(parameter, field),
        below=field["below"] is not None,
        holds=not off and (field["set"] or field["below"] is not None),
        wrong=wrong.get(name, ""),
        refused=shown["refused"].get(name, ""),
        warning=" ".join(warnings),
    )
