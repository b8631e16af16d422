"""manage.py make_people N: people for benchmarks and trials, without loosening the sign-up limits."""

import secrets
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import check_password, make_password
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.models import User


class Command(BaseCommand):
    help = "Make N people, <prefix>1@example.org and on, with one password. Running it again gives the same people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=int)
        parser.add_argument(
            "--prefix", nargs="+", default=["person"], help="how their addresses begin (person); N people for each"
        )
        parser.add_argument("--password", help="their password; one is made up and printed when it is left out")
        parser.add_argument("--sessions", action="store_true", help="print the session key of a new session each")

    def handle(self, *_args: Any, **options: Any) -> None:
        password = options["password"] or secrets.token_urlsafe(12)
        numbers = range(1, options["number"] + 1)
        addresses = [f"{prefix}{n}@example.org".lower() for prefix in options["prefix"] for n in numbers]
        people = _people(addresses, password)
        if options["sessions"]:
            for person in people:
                self.stdout.write(_session_of(person))
        if not options["password"]:
            self.stderr.write(f"Their password is {password}")


@transaction.atomic
def _people(addresses: list[str], password: str) -> list[User]:
    """Everybody with these addresses, in this order, with this password; those who are missing are made."""
    existing = User.objects.filter(email__in=addresses)
    # Whoever has this password keeps their hash, and so their sessions. A good hash is slow on purpose: make one.
    right = [
        known for known in existing.values_list("password", flat=True).distinct() if check_password(password, known)
    ]
    hashed = right[0] if right else make_password(password)
    existing.exclude(password__in=right).update(password=hashed)
    User.objects.bulk_create([User(email=address, password=hashed) for address in addresses], ignore_conflicts=True)
    people = {person.email: person for person in User.objects.filter(email__in=addresses)}
    known = set(EmailAddress.objects.filter(email__in=addresses).values_list("email", flat=True))
    EmailAddress.objects.bulk_create(
        EmailAddress(user=people[address], email=address, primary=True, verified=True)
        for address in addresses
        if address not in known
    )
    return [people[address] for address in addresses]


def _session_of(person: User) -> str:
    """The key of a new session in which this person is signed in: what their browser's cookie would hold."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)
