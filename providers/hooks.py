"""What this app has the living process do: keep the model lists fresh, and know what servers were seen to refuse."""

from typing import Any

from django.dispatch import receiver

from accounts.leaving import Gone, leaving
from accounts.models import User
from live import sweeps
from providers import actions, catalogue, learned

sweeps.sweep_on_loop(every=catalogue.FRESH_SECONDS)(catalogue.refresh_shared)
sweeps.sweep_on_loop(every=learned.REFRESH_SECONDS)(learned.refresh)


@receiver(leaving)
def forget_person(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves takes their own providers along, keys included."""
    return actions.forget(person)
