"""Which messages use which files: found from either side without reading any message."""

from django.db import models

from conversations.models.tree import Message


class MessageFile(models.Model):
    """A message has a part that stands for a file; what it was like stays in the part when the file is gone."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    file = models.ForeignKey("files.File", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "file"], name="once_per_message")]

    def __str__(self) -> str:
        return f"{self.file_id} in {self.message_id}"
