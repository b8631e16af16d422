"""A text column that is encrypted at rest with FIELD_KEYS, and that prints as nothing once it is read."""

from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

import openai_client as oc

if TYPE_CHECKING:
    _TextField = models.TextField[Any, Any]
else:
    _TextField = models.TextField


class Unreadable(oc.Secret):
    """What is left of a secret whose key is not among FIELD_KEYS any more: empty, and known as such."""

    __slots__ = ()


class EncryptedTextField(_TextField):
    """Holds an `openai_client.Secret`; "" is stored as "". A plain str may be assigned and is encrypted alike.

    The newest of FIELD_KEYS encrypts, all of them decrypt; `manage.py reencrypt_keys` brings old rows to the newest.
    Values cannot be looked up: one text never encrypts to the same bytes twice.
    """

    def from_db_value(self, value: str | None, *_context: Any) -> oc.Secret | None:
        return None if value is None else decrypt(value)

    def get_default(self) -> oc.Secret:
        return oc.Secret("")

    def to_python(self, value: Any) -> Any:
        return oc.Secret(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        text = value.reveal() if isinstance(value, oc.Secret) else value
        return encrypt(text) if text else text

    def value_to_string(self, obj: models.Model) -> str:
        """Exports (`dumpdata`) hold the encrypted text only."""
        return str(self.get_prep_value(self.value_from_object(obj)) or "")


def encrypt(text: str) -> str:
    """The text, readable with the newest key."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def decrypt(stored: str, *, seconds: int | None = None) -> oc.Secret:
    """What was encrypted with any of the keys, within so many seconds where they are given; or Unreadable."""
    if not stored:
        return oc.Secret("")
    try:
        return oc.Secret(_fernet().decrypt(stored.encode(), ttl=seconds).decode())
    except InvalidToken:
        return Unreadable("")


def rotate(stored: str) -> str | None:
    """The same secret under the newest key; None when no key reads it."""
    try:
        return _fernet().rotate(stored.encode()).decode("ascii")
    except InvalidToken:
        return None


def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.FIELD_KEYS])
