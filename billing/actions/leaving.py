"""What becomes of the money of somebody who leaves: the sums stay, the words and the name go."""

from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone
from accounts.models import User
from billing.models import Account, Entry, Grant


def forget(person: User) -> list[Gone]:
    """Take the labels, in which titles stand, from a person's entries; their account loses its name with the person."""
    accounts = Account.objects.select_for_update().filter(user=person)
    entries = Entry.objects.filter(account__in=accounts)
    kept = entries.count()
    entries.exclude(label="").update(label="")
    Grant.objects.filter(account__in=accounts).exclude(label="").update(label="")
    return [Gone(_("Lines of the ledger: sums and times, without your name and without titles"), kept, kept=True)]
