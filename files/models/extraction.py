"""The text of a file: the job that reads it, and what it found; the same bytes are read once."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from files.models.stored import Blob, Kind

READABLE = (Kind.TEXT, Kind.CODE, Kind.CSV, Kind.HTML, Kind.PDF, Kind.WORD)


class ReadingStatus(models.TextChoices):
    """The states of the job, in the words of a run."""

    QUEUED = "queued", _("queued")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")


UNREAD = (ReadingStatus.QUEUED, ReadingStatus.IN_PROGRESS)


class Extraction(models.Model):
    """The reading of a blob as one kind of file. `process` is the incarnation that reads it.

    `total`: pages that the file has, as far as is known; `pages`: those whose text is kept; `paged`: they are its own,
    not ours; `cut`: why the end is missing (pages, characters, size, seconds, damaged); `unread`: pages that could not
    be read; `error`: why there is no text at all (files.texts.REASONS).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    blob = models.ForeignKey(Blob, on_delete=models.CASCADE, related_name="extractions")
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=11, choices=ReadingStatus, default=ReadingStatus.QUEUED)
    process = models.ForeignKey("live.Process", on_delete=models.SET_NULL, null=True, related_name="+")
    attempt = models.PositiveSmallIntegerField(default=1)
    total = models.PositiveIntegerField(null=True)
    pages = models.PositiveIntegerField(default=0)
    paged = models.BooleanField(default=False)
    characters = models.PositiveIntegerField(default=0)
    encoding = models.CharField(max_length=40, blank=True)
    cut = models.CharField(max_length=16, blank=True)
    unread = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=16, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blob", "kind"], name="read_once"),
            models.CheckConstraint(condition=models.Q(status__in=ReadingStatus.values), name="reading_status_known"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(status__in=["queued", "in_progress"]), name="to_be_read"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.id}"

    @property
    def has_ended(self) -> bool:
        """Whether it is known what the text is, or why there is none."""
        return self.status not in UNREAD


class ExtractedText(models.Model):
    """The text itself: large, so beside the facts. `ends` are the offsets at which its pages end, in characters."""

    extraction = models.OneToOneField(Extraction, on_delete=models.CASCADE, primary_key=True, related_name="text")
    packed = models.BinaryField(help_text="The pages, one after the other: UTF-8, compressed (zlib).")
    ends = models.JSONField(default=list)

    def __str__(self) -> str:
        return f"text of {self.extraction_id}"
