"""What a panel of parameters shows: each with its value as a text, where it comes from, and what speaks against it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from conversations import access, parameters, standing
from conversations.parameters import EXAMPLES, PERSONAL, Layers, Parameter
from live.errors import Refused
from providers import known_models, learned, registry

Json = dict[str, Any]
Target = tuple[str, str] | None  # provider id, model id


def of(user: Any, layers: Layers, target: Target) -> Json:
    """As docs/protocol.md describes it. `target`: whom the next request goes to, as far as is known."""
    holds = layers.effective
    presets = _presets(user)
    return {
        "own": dict(layers.own),
        "effective": holds,
        "sources": layers.sources,
        **standing.summary(layers),
        "fields": {one.name: _field(one, layers) for one in parameters.TABLE},
        "warnings": parameters.warnings(holds),
        "refused": _refused(user, holds, target),
        "presets": presets,
        "preset": next((one["id"] for one in presets if one["parameters"] == layers.own), None) if layers.own else None,
    }


def empty() -> Json:
    """One of nobody in particular, in which nothing is set: for a form that a script fills."""
    return {"fields": {one.name: _field(one, Layers()) for one in parameters.TABLE}, "warnings": [], "refused": {}}


def _field(parameter: Parameter, layers: Layers) -> Json:
    own, below = layers.own, layers.below(parameter.name)
    return {
        "state": _state(parameter, layers),
        "text": parameters.shown(parameter, own.get(parameter.name)),
        "set": parameter.name in own,
        "off": parameter.name in own and own[parameter.name] is None,
        "below": {"text": parameters.shown(parameter, below[0]), "source": below[1]} if below else None,
    }


def _state(parameter: Parameter, layers: Layers) -> str:
    """Beside its name: what holds where nothing is set here, and whose it is; nothing where the field shows it."""
    if parameter.name in layers.own:
        return "" if layers.own[parameter.name] is not None else _("not sent")
    below = layers.below(parameter.name)
    if below is None:
        return _("not sent") if parameter.wire else _("not set")
    value, source = below
    whose = _("yours") if source == PERSONAL else _("the site's")
    return f"{words} · {whose}" if (words := _short(parameter, value)) else whose


def _short(parameter: Parameter, value: Any) -> str:
    """A value in a word, if it is one."""
    if parameter.kind == "switch":
        return _("on") if value else _("off")
    return str(dict(parameter.choices).get(value, value)) if parameter.kind in ("number", "whole", "choice") else ""


def _refused(user: Any, holds: Mapping[str, Any], target: Target) -> dict[str, str]:
    if target is None:
        return {}
    provider_id, model_id = target
    by_family = known_models.refused_parameters(model_id)
    try:
        known = learned.of_model(registry.get(user, provider_id), model_id)
    except Refused:  # the provider is gone
        known = []
    return parameters.refused(holds, model_id, by_family, {one.setting: one.wanted for one in known})


def _presets(user: Any) -> list[Json]:
    """Those with a name: this person's, everybody's, and those that come with the site."""
    examples = [
        {"id": one.id, "name": str(one.name), "for": "example", "parameters": dict(one.parameters)} for one in EXAMPLES
    ]
    return [preset_json(preset) for preset in access.presets(user)] + examples


def preset_json(preset: Any) -> Json:
    """A set with a name."""
    whose = "everybody" if preset.owner_id is None else "me"
    return {"id": str(preset.pk), "name": preset.name, "for": whose, "parameters": preset.parameters}
