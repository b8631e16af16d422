"""The sandbox as this site embeds it: one app in process, and the same behind a key over HTTP."""

import functools
from collections.abc import Mapping

from django.conf import settings
from django.utils.crypto import salted_hmac

import sandbox
from sandbox.app import App

_DOCUMENTS = ("README.md", "docs/*.md", "docs/decisions/*.md")


def documents() -> Mapping[str, str]:
    """The site's own documentation, by file name: what the sandbox's guide answers from."""
    found = [path for pattern in _DOCUMENTS for path in sorted(settings.BASE_DIR.glob(pattern))]
    return {path.relative_to(settings.BASE_DIR).as_posix(): path.read_text(encoding="utf-8") for path in found}


def http_key() -> str:
    """The key for /sandbox/v1/, derived from the secret key: shown in settings, stored nowhere."""
    return "sk-sandbox-" + salted_hmac("providers.sandbox", "http", algorithm="sha256").hexdigest()[:40]


@functools.cache
def private_app() -> App:
    """For the site itself, reached in process: no key."""
    return sandbox.create_app(data_dir=settings.DATA_DIR / "sandbox", documents=documents, key=None)


@functools.cache
def public_app() -> App:
    """For programs, over HTTP: behind the key."""
    return sandbox.create_app(data_dir=settings.DATA_DIR / "sandbox", documents=documents, key=http_key())
