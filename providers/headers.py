"""Extra headers as people type them: `Name: value`, one on each line; pure."""

import re

_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
# What the client writes itself, and what would change how a message is framed.
_OURS = frozenset(
    {"host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "te", "trailer"}
)
MOST = 30
LONGEST = 4_096  # characters of one value


class BadHeaderError(ValueError):
    """`line` counts from 1; `reason` is "shape", "name", "value" or "ours"."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line, self.reason = line, reason


def parse(text: str) -> list[tuple[str, str]]:
    """[(name, value)] in their order; raises BadHeaderError."""
    found: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        name, colon, value = (part.strip() for part in line.partition(":"))
        if not colon or len(found) == MOST:
            raise BadHeaderError(number, "shape")
        if not _NAME.fullmatch(name):
            raise BadHeaderError(number, "name")
        if name.lower() in _OURS:
            raise BadHeaderError(number, "ours")
        if not value or len(value) > LONGEST or not (value.isascii() and value.isprintable()):
            raise BadHeaderError(number, "value")
        found.append((name, value))
    return found
