"""Parameters that are used again: what holds for all conversations of a person, or of everybody, and named sets."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce

PRESET_NAME_LENGTH = 80


class Preset(models.Model):
    """A set of parameters. Without a name it holds by itself, for its owner's conversations; without an owner, for
    everybody's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=PRESET_NAME_LENGTH, blank=True)
    parameters = models.JSONField(default=dict, help_text="As conversations.parameters checks them; null: not sent.")

    class Meta:
        constraints = [models.UniqueConstraint(Coalesce("owner", Value(0)), "name", name="preset_named_once")]

    def __str__(self) -> str:
        return self.name or "parameters of all conversations"
