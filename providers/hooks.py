"""What this app has the living process do: keep the model lists fresh, know what servers were seen to refuse, and close
connections last."""

from typing import Any

from django.dispatch import receiver

from accounts.leaving import Gone, leaving
from accounts.models import User
from live import drain, sweeps
from providers import actions, catalogue, clients, learned

sweeps.sweep_on_loop(every=catalogue.FRESH_SECONDS)(catalogue.refresh_shared)
sweeps.sweep_on_loop(every=learned.REFRESH_SECONDS)(learned.refresh)
drain.on_farewell(clients.close_all)  # once every engine has come to its end


@receiver(leaving)
def forget_person(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves takes their own providers along, keys included."""
    return actions.forget(person)
