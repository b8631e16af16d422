"""Removing for good: what was deleted an hour ago, and all pictures of whoever leaves."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone
from accounts.models import User
from files import actions as files
from files.models import File
from images.actions.jobs import interrupt
from images.failures import interrupted
from images.models import Job, Picture, Source

KEPT = timedelta(hours=1)  # in which a delete can be undone
AT_ONCE = 200


def purge() -> None:
    """Remove pictures that were deleted an hour ago, with their files, unless a job still names them as its source."""
    old = Picture.objects.deleted_before(timezone.now() - KEPT)
    while found := list(old.values_list("pk", "file_id")[:AT_ONCE]):
        with transaction.atomic():
            Picture.objects.filter(pk__in=[pk for pk, _file in found]).delete()
            ids = {file_id for _pk, file_id in found}
            used = {
                *Source.objects.filter(file__in=ids).values_list("file_id", flat=True),
                *Picture.objects.filter(file__in=ids).values_list("file_id", flat=True),
            }
            files.delete(list(File.objects.there().filter(pk__in=ids - used)))


def forget_person(person: User) -> list[Gone]:
    """Remove a person's jobs and what they made; what is being made ends, and is paid, first.

    Part of the caller's transaction; the files themselves are the files' to remove.
    """
    for job_id, process_id in Job.objects.live().filter(owner=person).values_list("pk", "process_id"):
        interrupt(job_id, process_id, interrupted())
    pictures, jobs = Picture.objects.filter(owner=person), Job.objects.filter(owner=person)
    gone = [Gone(_("Pictures"), pictures.count())]
    pictures.delete()
    jobs.delete()
    return gone
