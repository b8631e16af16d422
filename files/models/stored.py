"""A file of a person's, and the bytes behind it, which are stored once however many files have them."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 255
SHA256_LENGTH = 64
_PATH_LENGTH = 100
_MIME_LENGTH = 100


class Kind(models.TextChoices):
    """What a file is, as far as its content tells; the settings' MAX_FILE_MB_BY_KIND uses the same words."""

    IMAGE = "image", _("Picture")
    TEXT = "text", _("Text")
    CODE = "code", _("Code")
    CSV = "csv", _("Table")
    PDF = "pdf", _("PDF")
    WORD = "word", _("Word")
    HTML = "html", _("Web page")
    AUDIO = "audio", _("Audio")
    OTHER = "other", _("Other")


class Source(models.TextChoices):
    """How a file came to be here."""

    UPLOAD = "upload", _("Uploaded")
    IMAGE = "image", _("Made by a model")
    LINK = "link", _("Fetched from an address")
    ANSWER = "answer", _("Part of an answer")
    UPSTREAM = "upstream", _("Fetched from a provider")


class Blob(models.Model):
    """Bytes of one person's. `path` names them in `files.storage`; it is random and tells nothing about them."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=SHA256_LENGTH)
    size = models.BigIntegerField(help_text="In bytes.")
    path = models.CharField(max_length=_PATH_LENGTH, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sha256"], name="same_bytes_once_per_person"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="no_empty_blob"),
        ]

    def __str__(self) -> str:
        return f"blob {self.pk}"


class FileQuerySet(models.QuerySet["File"]):
    def there(self) -> "FileQuerySet":
        """Those that were not deleted."""
        return self.filter(deleted_at=None)


class File(models.Model):
    """A file as its owner sees it. Its content never changes; a name may.

    `blob` is None once the bytes are gone for good: something that used the file may still say what it was.
    `width` and `height` are a picture's, in pixels, as it is to be looked at (turned as its EXIF says).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="files")
    blob = models.ForeignKey(Blob, on_delete=models.SET_NULL, null=True, related_name="files")
    name = models.CharField(max_length=NAME_LENGTH)
    folded_name = models.CharField(max_length=2 * NAME_LENGTH, help_text="For search and order: files.names.folded.")
    kind = models.CharField(max_length=8, choices=Kind)
    mime = models.CharField(max_length=_MIME_LENGTH, help_text="By content, never by what the sender said.")
    charset = models.CharField(max_length=10, blank=True, help_text="Of what is text; empty for the rest.")
    size = models.BigIntegerField(help_text="In bytes.")
    sha256 = models.CharField(max_length=SHA256_LENGTH)
    width = models.IntegerField(null=True)
    height = models.IntegerField(null=True)
    source = models.CharField(max_length=8, choices=Source, default=Source.UPLOAD)
    created_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = FileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=Kind.values), name="file_kind_known"),
            models.CheckConstraint(condition=models.Q(source__in=Source.values), name="file_source_known"),
        ]
        indexes = [models.Index(fields=["owner", "deleted_at", "-created_at", "id"], name="files_newest")]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def is_picture(self) -> bool:
        """Whether it has thumbnails and can be shown by `<img>`."""
        return self.kind == Kind.IMAGE

    @property
    def is_there(self) -> bool:
        """Whether its bytes can be had."""
        return self.deleted_at is None and self.blob_id is not None
