"""A process that serves, as the others see it: one row per incarnation, with a heartbeat."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

HEARTBEAT_SECONDS = 2.0
STALE_SECONDS = 10.0


class ProcessQuerySet(models.QuerySet["Process"]):
    def living(self) -> "ProcessQuerySet":
        """Those that have not ended and whose heart beat within STALE_SECONDS."""
        return self.filter(ended_at=None, heartbeat_at__gt=timezone.now() - timedelta(seconds=STALE_SECONDS))


class Process(models.Model):
    """One start of the server. A run belongs to the incarnation that accepted its request, never to a successor."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    channel = models.CharField(max_length=255, blank=True, help_text="Where the layer reaches it.")
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ProcessQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.host}:{self.pid}"
