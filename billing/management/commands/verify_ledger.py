"""manage.py verify_ledger: check that entries, balances, grants, holds and tallies tell one story."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from billing import amounts, audit


class Command(BaseCommand):
    help = "Check the money: every balance is the sum of its entries, every hold is closed or in use. Changes nothing."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with transaction.atomic():
            counted, difference, found = audit.counted(), audit.difference(), audit.check()
        self.stdout.write(
            "{accounts} accounts, {entries} entries, {holds} calls, {open_holds} of them open.".format(**counted)
        )
        self.stdout.write(f"Balances less entries: {amounts.exact(difference)}")
        if found:
            raise CommandError("\n".join([f"The ledger is not true: {len(found)} differences.", *found]))
        self.stdout.write("The ledger is true.")
