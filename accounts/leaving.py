"""Leaving for good: every app removes what it holds of a person, and says what that was."""

import dataclasses

from django.dispatch import Signal
from django.utils.functional import Promise


@dataclasses.dataclass(frozen=True)
class Gone:
    """A line of the report: `count` of these were removed, or stay without anybody's name (`kept`)."""

    what: str | Promise
    count: int
    kept: bool = False


# Sent with `person` in the transaction that removes them, apps above before those below. A receiver removes what is
# theirs and returns a list of Gone; what it raises leaves everything as it was.
leaving = Signal()
