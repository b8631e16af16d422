"""What was done by commands that leave no run behind: so that a command that comes twice is carried out once."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from conversations.models.tree import Conversation, Message


class Receipt(models.Model):
    """That a command which makes no run was carried out: the same `client_id` again gives the same once more."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    client_id = models.UUIDField()
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "client_id"], name="one_receipt_per_client_id")]

    def __str__(self) -> str:
        return f"receipt {self.client_id}"
