"""Entering, changing and removing a provider, and what the owner allows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from providers import access, learned, lists
from providers.models import DefaultModel, HiddenModel, Rules, StoredProvider


@transaction.atomic
def save_provider(row: StoredProvider, fields: Mapping[str, Any], groups: list[Any] | None = None) -> StoredProvider:
    """Store what a form found valid; `groups` None leaves them as they are."""
    moved = not row._state.adding and fields.get("base_url", row.base_url) != row.base_url
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    if groups is not None:
        row.groups.set(groups)
    if moved:
        lists.forget(str(row.pk))
        learned.forget(str(row.pk))
    return row


@transaction.atomic
def save_new_providers(person: Any, found: Sequence[tuple[StoredProvider, Mapping[str, Any]]]) -> list[StoredProvider]:
    """Store several at once, or none. Raises NoOwnProviders, TooManyProviders."""
    rows = []
    for row, fields in found:
        if row.owner_id is not None:
            access.check_may_enter(person)
        rows.append(save_provider(row, fields))
    return rows


@transaction.atomic
def delete_provider(row: StoredProvider) -> None:
    """Gone with its key, its list, and what people had chosen of it. Conversations keep their texts."""
    provider_id = str(row.pk)
    row.delete()
    lists.forget(provider_id)
    learned.forget(provider_id)
    for choice in (HiddenModel, DefaultModel):
        choice.objects.filter(provider=provider_id).delete()


def forget_learned(provider_id: str, model_id: str | None = None) -> None:
    """Ask with every setting again, what one model refused or (None) any."""
    learned.forget(provider_id, model_id)


def save_rules(*, own_providers: bool, private_addresses: bool) -> None:
    """What people other than the owner may do."""
    fields = {"own_providers": own_providers, "private_addresses": private_addresses}
    Rules.objects.update_or_create(pk=1, defaults=fields)
