"""Verbs for files that are there: rename, delete, restore."""

from django.db import transaction
from django.utils import timezone

from files import names, signals
from files.models import File


@transaction.atomic
def rename(file: File, name: str) -> File:
    """Give it another name, cleaned; what it is, its content has decided."""
    file.name = names.clean(name)
    file.folded_name = names.folded(file.name)
    file.save(update_fields=["name", "folded_name"])
    return file


@transaction.atomic
def delete(files: list[File]) -> None:
    """Take files out of sight; `restore` brings them back until `purge` removes their bytes for good."""
    File.objects.filter(pk__in=[file.pk for file in files], deleted_at=None).update(deleted_at=timezone.now())
    _tell(files)


@transaction.atomic
def restore(files: list[File]) -> None:
    """Undo a delete."""
    File.objects.filter(pk__in=[file.pk for file in files], blob__isnull=False).update(deleted_at=None)
    _tell(files)


def _tell(files: list[File]) -> None:
    """Those who show them are to look again."""
    ids = [file.pk for file in files]
    transaction.on_commit(lambda: signals.moved.send(sender=File, file_ids=ids))
