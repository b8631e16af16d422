"""A person, and the invitation that lets one in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person with an account; signs in by e-mail address."""

    email = models.EmailField(_("e-mail address"), unique=True)
    is_owner = models.BooleanField(default=False, help_text="The one who runs the site: the first who signed up.")
    title_by_model = models.BooleanField(default=False, help_text="A model writes titles, as a call of its own.")

    class Meta:
        constraints = [
            # Two who sign up first at the same moment: the database lets one be the owner.
            models.UniqueConstraint(fields=["is_owner"], condition=models.Q(is_owner=True), name="one_owner"),
        ]

    def __str__(self) -> str:
        return self.email
