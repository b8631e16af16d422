"""What this app asks of those above it, which it does not know."""

import dataclasses
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.dispatch import Signal


@dataclasses.dataclass(frozen=True)
class Use:
    """That something uses a file. `kind`: "conversation" or "image"; `title` as its owner knows it; `url` its page."""

    kind: str
    title: str
    url: str

    def as_json(self) -> dict[str, str]:
        """For programs."""
        return dataclasses.asdict(self)


# Who uses these files? Sent with `user` and `file_ids` (a list of UUIDs, all this person's); a receiver answers with a
# mapping {file id: [Use, ...]} and leaves out the files that it does not use. One query for all of them.
uses = Signal()

# Files were deleted, or came back. Sent after the commit, with `file_ids` (a list of UUIDs of one person's).
moved = Signal()


def uses_of(user: Any, file_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[Use]]:
    """Who uses each of these files of a person's; those that nobody uses are left out."""
    found: dict[uuid.UUID, list[Use]] = defaultdict(list)
    answers: Iterable[tuple[Any, Any]] = uses.send(sender=Use, user=user, file_ids=list(file_ids)) if file_ids else []
    for _, answer in answers:
        for file_id, its in (answer or {}).items():
            found[file_id] += its
    return dict(found)
