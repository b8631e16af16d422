"""Groups of people."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction

from providers.errors import GroupNameTaken
from providers.models import Group


@transaction.atomic
def save_group(group: Group, name: str, members: Iterable[Any]) -> Group:
    """Name a group and say who is in it. Raises GroupNameTaken."""
    group.name = name
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        raise GroupNameTaken() from error
    group.members.set(members)
    return group


@transaction.atomic
def delete_group(group: Group) -> None:
    """The group is gone; a provider limited to it alone is switched off rather than opened to everybody."""
    for provider in group.providers.all():
        if provider.groups.count() == 1:
            provider.enabled = False
            provider.save(update_fields=["enabled", "updated_at"])
    group.delete()
