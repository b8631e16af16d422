"""Jobs that make pictures, and the pictures that they made: facts about one object, querysets, constraints."""

import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MODEL_ID_LENGTH = 256
PROMPT_LENGTH = 32_000  # characters; what the most generous model takes
MOST_PICTURES = 10  # of one job


class Kind(models.TextChoices):
    """What a job does."""

    GENERATE = "generate", _("generate")
    EDIT = "edit", _("edit")
    VARY = "vary", _("vary")


class JobStatus(models.TextChoices):
    """The states of a job, in the field's own words."""

    QUEUED = "queued", _("queued")
    IN_PROGRESS = "in_progress", _("in progress")
    COMPLETED = "completed", _("completed")
    INCOMPLETE = "incomplete", _("incomplete")
    CANCELLED = "cancelled", _("stopped")
    FAILED = "failed", _("failed")
    INTERRUPTED = "interrupted", _("interrupted")


LIVE = (JobStatus.QUEUED, JobStatus.IN_PROGRESS)


class JobQuerySet(models.QuerySet["Job"]):
    def of(self, owner: Any) -> "JobQuerySet":
        """A person's jobs, the latest first."""
        return self.filter(owner=owner).order_by("-created_at", "-id")

    def live(self) -> "JobQuerySet":
        """Those that have not ended."""
        return self.filter(status__in=LIVE)

    def last_used(self) -> tuple[str, str] | None:
        """The provider and the model id of the latest; None where there is none."""
        return self.order_by("-created_at").values_list("provider", "model_id").first()


class Job(models.Model):
    """One upstream call that makes pictures, made by one process incarnation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="image_jobs")
    client_id = models.UUIDField()
    process = models.ForeignKey("live.Process", on_delete=models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.GENERATE)
    status = models.CharField(max_length=11, choices=JobStatus, default=JobStatus.QUEUED)
    provider = models.CharField(max_length=64)
    model_id = models.CharField(max_length=MODEL_ID_LENGTH)
    prompt = models.TextField(blank=True, help_text="Empty for a variation.")
    params = models.JSONField(default=dict, help_text="Size, quality and whatever else was asked for; not n.")
    left_out = models.JSONField(default=list, help_text="Parameters that the server does not take: not sent.")
    asked = models.PositiveSmallIntegerField(default=1, help_text="Pictures that were asked for.")
    received = models.PositiveSmallIntegerField(default=0, help_text="Pictures that came, kept or not.")
    attempt = models.PositiveSmallIntegerField(default=1)
    retry_at = models.DateTimeField(null=True, blank=True)
    stop_requested = models.BooleanField(default=False)
    usage = models.JSONField(null=True, blank=True)
    cost = models.BigIntegerField(null=True, blank=True, help_text="Micro-units; null: nothing known.")
    cost_marks = models.JSONField(default=list, help_text="Any of estimate, overrun, unbilled, unknown.")
    estimate = models.BigIntegerField(null=True, blank=True, help_text="Micro-units, before it began; null: unknown.")
    error = models.JSONField(null=True, blank=True, help_text="{code, message, data}: why there are fewer, or none.")
    request_id = models.CharField(max_length=200, blank=True, help_text="What the upstream calls this request.")
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "-id"], name="newest_jobs_of_owner"),
            models.Index(
                fields=["process"], condition=models.Q(status__in=["queued", "in_progress"]), name="live_jobs"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "client_id"], name="one_job_per_client_id"),
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="job_kind_known"),
            models.CheckConstraint(condition=models.Q(status__in=JobStatus.values), name="job_status_known"),
            models.CheckConstraint(
                condition=models.Q(asked__gte=1, asked__lte=MOST_PICTURES), name="job_asks_for_some"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} {self.kind} {self.id}"

    @property
    def is_live(self) -> bool:
        """Whether it has not ended."""
        return self.status in LIVE


class Source(models.Model):
    """A picture that a job changes, in the order in which it is sent; or the mask of the first one."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="sources")
    index = models.PositiveSmallIntegerField()
    file = models.ForeignKey("files.File", on_delete=models.CASCADE, related_name="+")
    is_mask = models.BooleanField(default=False)

    class Meta:
        ordering = ["job", "index"]
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="one_source_in_each_place")]

    def __str__(self) -> str:
        return f"source {self.index} of {self.job_id}"


class PictureQuerySet(models.QuerySet["Picture"]):
    def of(self, owner: Any) -> "PictureQuerySet":
        """A person's pictures that are not deleted, the latest first."""
        return self.filter(owner=owner, deleted_at=None).order_by("-created_at", "-id")

    def deleted_before(self, moment: datetime) -> "PictureQuerySet":
        """Those that cannot be restored any more."""
        return self.filter(deleted_at__lt=moment)


class Picture(models.Model):
    """One picture that a job made: a file of the person's, and what its server said of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="pictures")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pictures")
    index = models.PositiveSmallIntegerField(help_text="Which of the job's pictures.")
    file = models.ForeignKey("files.File", on_delete=models.CASCADE, related_name="+")
    revised_prompt = models.TextField(blank=True, help_text="What the model made of the prompt, where it says so.")
    favourite = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True, help_text="Out of sight; removed for good an hour later.")

    objects = PictureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=models.Q(deleted_at__isnull=True),
                name="newest_pictures_of_owner",
            ),
            models.Index(
                fields=["owner", "-created_at", "-id"],
                condition=models.Q(favourite=True, deleted_at__isnull=True),
                name="favourite_pictures",
            ),
            models.Index(fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False), name="deleted_pictures"),
        ]
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="one_picture_in_each_place")]

    def __str__(self) -> str:
        return f"picture {self.id}"


class Partial(models.Model):
    """What a picture of a live job looks like so far: small, the latest only, gone when the job ends."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="partials")
    index = models.PositiveSmallIntegerField(help_text="Which of the job's pictures.")
    seq = models.PositiveSmallIntegerField(help_text="Counts the picture's partial ones from 1.")
    mime = models.CharField(max_length=40)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "index"], name="latest_partial_only")]

    def __str__(self) -> str:
        return f"partial {self.seq} of picture {self.index} of {self.job_id}"
