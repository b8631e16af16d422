"""Removing the providers that a person entered for themselves."""

from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone
from accounts.models import User
from providers.actions.providers import delete_provider
from providers.models import StoredProvider


def forget(person: User) -> list[Gone]:
    """Remove a person's own providers with their keys and lists. Part of the caller's transaction."""
    own = list(StoredProvider.objects.filter(owner=person))
    for row in own:
        delete_provider(row)
    return [Gone(_("Providers of your own, with their keys"), len(own))]
