"""What files have the living process do: remove for good what is no file of anybody's any more."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone, leaving
from accounts.models import User
from files import actions, extract
from files.models import Blob, File
from live import process, tasks
from live.sweeps import sweep, sweep_on_loop

PURGE_SECONDS = 300.0
ORPHANS_SECONDS = 3600.0
READING_SECONDS = 5.0

sweep(every=PURGE_SECONDS)(actions.purge)
sweep_on_loop(every=READING_SECONDS)(extract.recover)


@sweep(every=ORPHANS_SECONDS)
def drop_orphans() -> None:
    """Blobs without a file, bytes without a blob, and uploads that nobody goes on with."""
    actions.drop_orphans()
    actions.drop_unowned()
    actions.drop_forgotten()


@receiver(post_delete, sender=Blob)
def delete_bytes(instance: Blob, **_kwargs: Any) -> None:
    """A person is gone, and their files with them."""
    actions.delete_bytes(instance)


@receiver(leaving)
def count_files(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves takes their files along: rows with the person, bytes when that is certain."""
    return [Gone(_("Files"), File.objects.filter(owner=person, deleted_at=None).count())]


@receiver(post_save, sender=File)
def read_its_text(instance: File, created: bool, **_kwargs: Any) -> None:
    """What holds a text is read as soon as it is there; by whoever serves next, if nobody does."""
    wanted = actions.want_text(instance, process.current_id() if tasks.has_loop() else None) if created else None
    if wanted is not None:
        transaction.on_commit(lambda: extract.launch(wanted.pk))
