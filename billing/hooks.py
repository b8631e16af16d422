"""What money has the living process do: post what comes due, release what nobody works on, show balances."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.leaving import Gone, leaving
from accounts.models import User
from billing import access, actions
from live.consumers import section
from live.sweeps import sweep
from providers.models import ModelList

DUE_SECONDS = 60.0
ORPHANS_SECONDS = 30.0


@receiver(post_save, sender=ModelList)
def take_published_prices(instance: ModelList, **_kwargs: Any) -> None:
    """A provider has listed its models, perhaps with prices."""
    actions.take_published(
        instance.provider, [(row["id"], row["pricing"]) for row in instance.rows if "pricing" in row]
    )


@receiver(leaving)
def keep_the_books(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves stays in the sums, without a name."""
    return actions.forget(person)


section("balance")(access.section)
sweep(every=DUE_SECONDS)(actions.post_due)


@sweep(every=ORPHANS_SECONDS)
def release_orphans() -> None:
    """Holds of processes that are dead for a minute."""
    actions.release_orphans()
