"""What this app has the living process do."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from accounts.leaving import Gone, leaving
from accounts.models import User
from billing import sources
from conversations import access, actions, runs, transcript
from conversations.runs import indexing
from files.signals import Use, moved, uses
from live import bus, drain, sweeps
from live.consumers import section

RECOVER_SECONDS = 2.0
PURGE_SECONDS = 300.0
EXPIRE_SECONDS = 900.0

sweeps.sweep_on_loop(every=RECOVER_SECONDS)(runs.recover)
sweeps.sweep(every=PURGE_SECONDS)(actions.purge)
sweeps.sweep(every=PURGE_SECONDS)(actions.wipe_deleted)
sweeps.sweep(every=EXPIRE_SECONDS)(actions.expire)
sweeps.sweep_on_loop(every=indexing.INDEX_SECONDS)(indexing.index)
drain.on_drain(runs.drain)
bus.on("runs.stop", runs.stop_locally)
bus.on("runs.watch", runs.start_sending)
bus.on("runs.watching", runs.note_answer)
sources.register("run", name=_("Answers"), sentence=_("Answer in “%(label)s”"), links=access.answers_of)
sources.register("title", name=_("Titles"), sentence=_("Title of “%(label)s”"), links=access.titled_by)
section("conversations")(transcript.newest)
section("pinned")(transcript.pinned)


@receiver(leaving)
def forget_person(person: User, **_kwargs: Any) -> list[Gone]:
    """Whoever leaves takes their conversations along."""
    return actions.forget(person)


@receiver(uses)
def used_files(user: Any, file_ids: list[Any], **_kwargs: Any) -> dict[Any, list[Use]]:
    """Files asks before it deletes: these are in conversations."""
    return access.conversations_with(user, file_ids)


@receiver(moved)
def show_anew(file_ids: list[Any], **_kwargs: Any) -> None:
    """A file was deleted, or came back: messages say so."""
    actions.files_moved(file_ids)
