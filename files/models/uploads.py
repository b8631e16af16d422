"""An upload that is under way: what was promised, and the parts that have come."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from files.models.stored import NAME_LENGTH, File


class UploadStatus(models.TextChoices):
    """`finishing`: a process puts the parts together and looks at them; who died over it is found by `claimed_at`."""

    OPEN = "open"
    FINISHING = "finishing"
    FINISHED = "finished"


class Upload(models.Model):
    """A file that arrives in parts. The same `client_id` again is the same upload; nobody else's door finds it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    name = models.CharField(max_length=NAME_LENGTH)
    size = models.BigIntegerField(help_text="In bytes, as promised at the start.")
    part_size = models.IntegerField(help_text="In bytes; the last part has what is left.")
    status = models.CharField(max_length=9, choices=UploadStatus, default=UploadStatus.OPEN)
    claimed_at = models.DateTimeField(null=True)
    file = models.ForeignKey(File, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="one_upload_per_client_id"),
            models.CheckConstraint(condition=Q(status__in=UploadStatus.values), name="upload_status_known"),
            models.CheckConstraint(condition=Q(size__gte=1, part_size__gte=1), name="upload_has_size"),
        ]

    def __str__(self) -> str:
        return f"upload {self.pk}"

    @property
    def parts_needed(self) -> int:
        """How many parts make it whole."""
        return -(-self.size // self.part_size)

    def size_of(self, number: int) -> int:
        """How many bytes part `number` must have (from 0)."""
        return min(self.part_size, self.size - number * self.part_size)


class Part(models.Model):
    """A part that has arrived whole; `path` names its bytes in `files.storage`."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="parts")
    number = models.IntegerField(help_text="From 0.")
    path = models.CharField(max_length=100, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="one_part_per_number")]

    def __str__(self) -> str:
        return f"part {self.number} of upload {self.upload_id}"
