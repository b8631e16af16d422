"""The only way from (person, id) to a provider or a group; what is not yours looks as if it were not there."""

import uuid
from typing import Any

from live.errors import NotFound
from providers import registry
from providers.errors import NoOwnProviders, TooManyProviders, UnknownProvider
from providers.models import Group, KnownModel, Rules, StoredProvider
from providers.registry import Provider

MOST_OWN = 50


def changeable(person: Any, provider_id: uuid.UUID) -> StoredProvider:
    """A provider that this person entered, or for the site's owner a shared one."""
    rows = StoredProvider.objects.filter(pk=provider_id)
    mine = rows.filter(owner=person) if may_have_own(person) else rows.none()
    found = (mine | rows.filter(owner=None) if person.is_owner else mine).first()
    if found is None:
        raise NotFound()
    return found


def usable(person: Any, provider_id: str) -> Provider:
    """A provider that this person may ask."""
    try:
        return registry.get(person, provider_id)
    except UnknownProvider as error:
        raise NotFound() from error


def askable(person: Any, provider_id: str) -> Provider:
    """A provider whose test and refresh are this person's: their own; for the site's owner every shared one too."""
    provider = usable(person, provider_id)
    if provider.private_to != person.pk and not person.is_owner:
        raise NotFound()
    return provider


def askables(person: Any) -> list[Provider]:
    """Those providers: what is kept at them belongs to who has the key."""
    return [one for one in registry.available(person) if one.private_to == person.pk or person.is_owner]


def may_have_own(person: Any) -> bool:
    """Whether this person may enter providers of their own."""
    return person.is_owner or Rules.now().own_providers


def check_may_enter(person: Any) -> None:
    """Whether this person may enter one more provider of their own. Raises NoOwnProviders, TooManyProviders."""
    if not may_have_own(person):
        raise NoOwnProviders()
    if StoredProvider.objects.filter(owner=person).count() >= MOST_OWN:
        raise TooManyProviders(limit=MOST_OWN)


def listed(person: Any) -> list[StoredProvider]:
    """What the settings page shows this person: everything entered that they may change or use, switched off too."""
    rows = StoredProvider.objects.visible_to(person).prefetch_related("groups")
    return [row for row in rows if row.owner_id is None or may_have_own(person)]


def group(group_id: int) -> Group:
    """A group; the door has made sure that it is the owner who asks."""
    return _found(Group.objects.filter(pk=group_id).first())


def groups() -> list[Group]:
    """Every group, for the owner."""
    return list(Group.objects.all())


def known_models() -> list[KnownModel]:
    """The owner's table, for the owner."""
    return list(KnownModel.objects.all())


def known_model(row_id: int) -> KnownModel:
    """A row of the owner's table; the door has made sure who asks."""
    return _found(KnownModel.objects.filter(pk=row_id).first())


def _found(thing: Any) -> Any:
    if thing is None:
        raise NotFound()
    return thing
