"""manage.py reset_link EMAIL: print a link with which that person sets a new password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import links
from accounts.models import User


class Command(BaseCommand):
    help = "Print a link with which the person who has this address sets a new password; it works once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")

    def handle(self, *_args: Any, **options: Any) -> None:
        person = User.objects.filter(email=User.objects.normalize_email(options["email"])).first()
        if person is None:
            raise CommandError(f"Nobody has an account with the address {options['email']}.")
        link = links.password_reset(person)
        self.stdout.write(link)
        if not links.is_whole(link):
            self.stderr.write("Put the site's address before it: SITE_URL is not set.")
        if not person.is_active:
            self.stderr.write("This account is switched off: a new password alone does not open it.")
