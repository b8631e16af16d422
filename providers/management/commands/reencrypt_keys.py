"""`manage.py reencrypt_keys`: after a new key was put before the others in FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers import actions


class Command(BaseCommand):
    help = "Encrypts every stored secret with the first of FIELD_KEYS; after that the others can be taken away."

    def handle(self, *_args: Any, **_options: Any) -> None:
        found = actions.reencrypt()
        self.stdout.write(f"{found.done} secrets are under the newest key.")
        if found.unreadable:
            raise CommandError(f"{found.unreadable} cannot be read with any of FIELD_KEYS: they must be entered again.")
