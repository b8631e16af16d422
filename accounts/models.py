"""A person, and the invitation that lets one in."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

INVITATION_DAYS = 7


def in_a_week() -> datetime:
    """When an invitation made now ends."""
    return timezone.now() + timedelta(days=INVITATION_DAYS)


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are kept in lower case, so that one address is one person."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").strip().lower()

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person with this address; without a password nobody can sign in as them until one is set."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Somebody who may do everything in Django's admin site; not the same as the site's owner."""
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; signs in by e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_owner = models.BooleanField(default=False, help_text="The one who runs the site: the first who signed up.")
    is_active = models.BooleanField(default=True, help_text="Off: cannot sign in, every session is dead.")
    is_staff = models.BooleanField(default=False, help_text="May open Django's admin site.")
    date_joined = models.DateTimeField(default=timezone.now)
    title_by_model = models.BooleanField(default=False, help_text="A model writes titles, as a call of its own.")
    retention_days = models.PositiveIntegerField(
        null=True, blank=True, help_text="Days after which an unused conversation is deleted; null: never."
    )

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            # Two who sign up first at the same moment: the database lets one be the owner.
            models.UniqueConstraint(fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="email_in_lower_case"),
            models.CheckConstraint(
                condition=models.Q(retention_days=None) | models.Q(retention_days__gte=1),
                name="kept_for_a_day_at_least",
            ),
        ]

    def __str__(self) -> str:
        return self.email


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that still let somebody in."""
        return self.filter(used_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """Lets one person sign up, within a week. The link's token is stored hashed and shown once."""

    token_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", help_text="None: manage.py."
    )
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=in_a_week)
    # Kept apart from used_by: an invitation stays used when the person who used it is gone.
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"
