"""What files have the living process do: remove for good what is no file of anybody's any more."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from files import actions
from files.models import Blob
from live.sweeps import sweep

PURGE_SECONDS = 300.0
ORPHANS_SECONDS = 3600.0

sweep(every=PURGE_SECONDS)(actions.purge)


@sweep(every=ORPHANS_SECONDS)
def drop_orphans() -> None:
    """Blobs without a file, and bytes without a blob."""
    actions.drop_orphans()
    actions.drop_unowned()


@receiver(post_delete, sender=Blob)
def delete_bytes(instance: Blob, **_kwargs: Any) -> None:
    """A person is gone, and their files with them."""
    actions.delete_bytes(instance)
