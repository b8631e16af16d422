"""manage.py invite: print a link that lets one person sign up."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts import actions, links
from accounts.models import INVITATION_DAYS


class Command(BaseCommand):
    help = "Print a link that lets one person sign up. A public site's very first person needs one, too."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.REGISTRATION == "closed":
            raise CommandError("Nobody can sign up while REGISTRATION=closed. Set REGISTRATION=invitation first.")
        link = links.invitation(actions.make_invitation(created_by=None))
        self.stdout.write(link)
        if not links.is_whole(link):
            self.stderr.write("Put the site's address before it: SITE_URL is not set.")
        self.stderr.write(f"It lets one person in, and works for {INVITATION_DAYS} days. It is not shown again.")
