"""Parameters of the site, of a person, of a conversation and of one request: which of them hold. Pure."""

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conversations.parameters.checks import Values
from conversations.parameters.table import BY_NAME, BY_WIRE, CEILINGS

SITE, PERSONAL, CONVERSATION = "site", "personal", "conversation"
# What the reasoning models of OpenAI's families refuse they take again when they are told not to reason.
_UNREASONING = "none"


@dataclasses.dataclass(frozen=True)
class Example:
    """A set that comes with the site."""

    id: str
    name: Any
    parameters: Mapping[str, Any]


EXAMPLES = (
    Example(
        "balanced",
        gettext_lazy("Balanced, up to 2,048 tokens"),
        {"max_tokens": 2048, "n": 1, "stop": None, "temperature": 0.7},
    ),
    Example("exact", gettext_lazy("As exact as it can be"), {"temperature": 0, "seed": 1}),
)


@dataclasses.dataclass(frozen=True)
class Layers:
    """What is set where; a later one wins, field by field, and None says: not to be sent."""

    site: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    personal: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    own: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def effective(self) -> Values:
        """What holds, by the names of the table."""
        return {name: value for name, value in self._merged().items() if value is not None}

    @property
    def sources(self) -> dict[str, str]:
        """Which layer each that holds comes from."""
        return {name: self._source(name) for name in self.effective}

    def below(self, name: str) -> tuple[Any, str] | None:
        """The value that would hold if the last layer said nothing, and whose it is."""
        for source, layer in ((PERSONAL, self.personal), (SITE, self.site)):
            if name in layer:
                return (layer[name], source) if layer[name] is not None else None
        return None

    def _merged(self) -> Values:
        return {**self.site, **self.personal, **self.own}

    def _source(self, name: str) -> str:
        if name in self.own:
            return CONVERSATION
        return PERSONAL if name in self.personal else SITE


def changed(own: Mapping[str, Any], values: Mapping[str, Any], reset: Iterable[str]) -> Values:
    """A layer with these set and those forgotten."""
    kept = {name: value for name, value in own.items() if name not in set(reset)}
    return {**kept, **values}


def settled(layers: Layers, request: Mapping[str, Any], user_id: Callable[[], str]) -> Values:
    """What holds for one run, flat, without anything that is not sent. `request`: its own, which win over all.

    `user_id` makes the person's id for upstreams; it is asked where they want it sent.
    """
    stays = layers.effective
    if any(name in request for name in CEILINGS):  # one ceiling under two names would contradict itself
        stays = {name: value for name, value in stays.items() if name not in CEILINGS}
    whole = {**stays, **request}
    extra = whole.pop("extra", None) or {}
    found = {name: value for name, value in {**extra, **whole}.items() if value is not None}
    if found.get("logprobs") is not True:
        found.pop("top_logprobs", None)
    if found.pop("user_id", False):
        found["user_id"] = user_id()
    return found


def contradictions(layers: Layers, request: Mapping[str, Any]) -> dict[str, str]:
    """Name -> what is wrong, of a request's own parameters that cannot hold beside the others."""
    whole = {**layers.effective, **request}
    if request.get("top_logprobs") is not None and whole.get("logprobs") is not True:
        return {"top_logprobs": _("Alternatives can be had with log probabilities only: switch these on too.")}
    return {}


def warnings(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{"fields", "message"}]: what can be sent, and is most likely not meant."""
    found = []
    if all(values.get(name, BY_NAME[name].default) != BY_NAME[name].default for name in ("temperature", "top_p")):
        message = _("Temperature and top p are both changed. Change one of them, not both.")
        found.append({"fields": ["temperature", "top_p"], "message": message})
    if "top_logprobs" in values and values.get("logprobs") is not True:
        message = _("Alternatives are left out while log probabilities are off.")
        found.append({"fields": ["top_logprobs"], "message": message})
    return found


def refused(
    values: Mapping[str, Any], model_id: str, by_family: Iterable[str], learned: Mapping[str, str]
) -> dict[str, str]:
    """Name -> why this model will not take it. `by_family`: what models like it are known to refuse; `learned`: fields
    that its server refused, with the names that it wants instead, empty for none."""
    found = {}
    if values.get("reasoning_effort") != _UNREASONING:
        for wire in by_family:
            words = _("%(model)s does not take this while it reasons, as far as is known.") % {"model": model_id}
            found[_own_name(wire)] = words
    for wire, wanted in learned.items():
        name = _own_name(wire)
        if name in BY_NAME and not wanted:
            found[name] = _("%(model)s has refused this; it is left out.") % {"model": model_id}
    return found


def _own_name(wire: str) -> str:
    return BY_WIRE[wire].name if wire in BY_WIRE else wire
