"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from billing import access
from conversations import transcript

THEMES = ("light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """Theme and language choices, whether people can sign up, money, and the sidebar's conversations."""
    theme = request.COOKIES.get("theme", "")
    user = getattr(request, "user", None)
    return {
        "money": SimpleLazyObject(lambda: access.shown_to(user if user and user.is_authenticated else None)),
        "theme": theme if theme in THEMES else "",
        "site_languages": settings.LANGUAGES,
        "registration_open": settings.REGISTRATION == "open",
        "pinned": SimpleLazyObject(lambda: transcript.pinned(user) if user and user.is_authenticated else []),
        "conversations": SimpleLazyObject(lambda: transcript.newest(user) if user and user.is_authenticated else []),
    }
