"""What this app has the living process do."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone, leaving
from accounts.models import User
from billing import sources
from files import signals
from images import access, actions, runs, transcript
from images.actions.money import JOB
from live import bus, drain, sweeps
from live.consumers import section

RECOVER_SECONDS = 2.0
PURGE_SECONDS = 300.0

sweeps.sweep_on_loop(every=RECOVER_SECONDS)(runs.recover)
sweeps.sweep(every=PURGE_SECONDS)(actions.purge)
drain.on_drain(runs.drain)
bus.on("images.stop", runs.stop_locally)
sources.register(JOB, name=_("Pictures"), sentence=_("Pictures of “%(label)s”"), links=access.addresses_of_jobs)
section("jobs")(transcript.section)


@receiver(signals.uses)
def uses_of_files(user: Any, file_ids: list[UUID], **_kwargs: Any) -> dict[UUID, list[signals.Use]]:
    """Which of these files are pictures of the person's, or were changed into one."""
    return access.uses_of_files(user, file_ids)


@receiver(leaving)
def forget_person(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves takes their pictures along."""
    return actions.forget_person(person)
