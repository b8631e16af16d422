"""Verbs for parameters that stay: of a conversation, of a person, of the site, and sets with a name."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from conversations import events, parameters, standing
from conversations.actions import announce
from conversations.actions.turns import turn
from conversations.errors import TooManyPresets
from conversations.models import Conversation, Preset
from live import rows
from live.errors import NotFound

MOST_PRESETS = 100  # with a name, of one person


def set_parameters(conversation: Conversation, values: Mapping[str, Any], reset: Iterable[str]) -> Conversation:
    """Set some of a conversation's own and forget others; what is sent from now on follows."""
    with turn(conversation.pk) as found:
        if found is None or found.deleted_at is not None:
            raise NotFound()
        found.parameters = parameters.changed(found.parameters, values, reset)
        rows.store(found, "parameters")
        announce.to_watchers(found, events.ParametersUpdated(str(found.pk), **standing.summary_of(found)))
    return found


@transaction.atomic
def set_standing(owner: Any | None, values: Mapping[str, Any], reset: Iterable[str]) -> Preset:
    """The same for all conversations of a person's; of everybody's, without one."""
    preset, _made = Preset.objects.select_for_update().get_or_create(owner=owner, name="")
    preset.parameters = parameters.changed(preset.parameters, values, reset)
    preset.save(update_fields=["parameters"])
    transaction.on_commit(lambda: standing.note(preset.owner_id))
    return preset


@transaction.atomic
def save_preset(owner: Any | None, name: str, values: Mapping[str, Any]) -> tuple[Preset, bool]:
    """A set with a name; one that has it already is replaced. Returns it, and whether it is new."""
    others = Preset.objects.filter(owner=owner).exclude(name__in=("", name))
    if others.count() >= MOST_PRESETS:
        raise TooManyPresets(limit=MOST_PRESETS)
    return Preset.objects.update_or_create(owner=owner, name=name, defaults={"parameters": dict(values)})


def delete_preset(preset: Preset) -> None:
    """Conversations that took their parameters from it keep them."""
    preset.delete()
