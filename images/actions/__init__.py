"""The verbs, one transaction each: `actions.begin(...)`. They announce what they did after commit."""

from images.actions.begin import Draft, begin, made_by
from images.actions.jobs import (
    Ended,
    Work,
    add_partial,
    add_picture,
    begin_job,
    finish_job,
    interrupt,
    look_after,
    note_retry,
    request_stop,
)
from images.actions.leaving import forget_person, purge
from images.actions.pictures import delete, favour, forget, restore

__all__ = [
    "Draft",
    "Ended",
    "Work",
    "add_partial",
    "add_picture",
    "begin",
    "begin_job",
    "delete",
    "favour",
    "finish_job",
    "forget",
    "forget_person",
    "interrupt",
    "look_after",
    "made_by",
    "note_retry",
    "purge",
    "request_stop",
    "restore",
]
