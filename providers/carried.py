"""Secrets that were typed into a form and not stored yet: sealed into its next page, for who typed them alone."""

import json
from collections.abc import Mapping
from typing import Any

from providers import fields

SECONDS = 3_600  # after which they have to be typed again


def seal(person: Any, secrets: Mapping[str, str]) -> str:
    """What a page may hold in their place: nobody reads it but this site, with FIELD_KEYS."""
    return fields.encrypt(json.dumps({"person": person.pk, "secrets": dict(secrets)}))


def unseal(person: Any, sealed: object) -> dict[str, str]:
    """What this person's page held; nothing when it is somebody else's, too old, or no seal of ours."""
    if not isinstance(sealed, str) or not sealed.isascii():
        return {}
    text = fields.decrypt(sealed, seconds=SECONDS).reveal()
    held = json.loads(text) if text else {}
    return held["secrets"] if held.get("person") == person.pk else {}
