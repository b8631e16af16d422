"""manage.py reindex: make the index of all that was said anew, while the site runs.

What can be found stays so until it is replaced. When it is stopped, what is left is in the queue, which the site
empties as well: calling it again is not needed, and does no harm.
"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from conversations.search import indexing

PAUSE_SECONDS = 0.5  # while what is left is being changed by somebody


class Command(BaseCommand):
    help = "Make the index that searching uses anew. The site may run meanwhile, and this may be stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--later", action="store_true", help="leave the work to the running site")

    def handle(self, *_args: Any, later: bool, **_options: Any) -> None:
        strays = indexing.forget_strays()
        count, last = indexing.note_all(), indexing.newest()
        self.stdout.write(f"{count} messages and titles; {strays} entries led nowhere.")
        if later:
            return
        while left := indexing.left(last):
            if not (done := indexing.store(indexing.prepare())):
                time.sleep(PAUSE_SECONDS)
            elif left // 1_000 != (left - done) // 1_000:
                self.stdout.write(f"{left - done} left")
        self.stdout.write("Done.")
