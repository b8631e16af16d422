"""Whole addresses that are sent, shown once or printed: they work outside the request that made them."""

from urllib.parse import urlsplit

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User


def absolute(path: str, request: HttpRequest | None = None) -> str:
    """`path` under SITE_URL; when that is not set, under the address that the request came to."""
    if settings.SITE_URL:
        return str(settings.SITE_URL) + path
    return request.build_absolute_uri(path) if request is not None else path


def invitation(token: str, request: HttpRequest | None = None) -> str:
    """Where an invited person begins."""
    return absolute(reverse("invitation", args=[token]), request)


def password_reset(user: User, request: HttpRequest | None = None) -> str:
    """Where this person sets a new password; works once, for PASSWORD_RESET_TIMEOUT seconds."""
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    return absolute(password_reset_path(key), request)


def password_reset_path(key: str) -> str:
    """The path for allauth's opaque key, which is the person's id and a token."""
    uid, _dash, token = key.partition("-")
    return reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})


def is_whole(address: str) -> bool:
    """Whether an address can be opened as it is."""
    return bool(urlsplit(address).netloc)
