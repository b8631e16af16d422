"""Files on their way to a server, as values (wire.md sections 4 and 8)."""

from __future__ import annotations

from dataclasses import dataclass

from openai_client.exceptions import TooLarge


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to send: `content` is bytes or a binary file object, which is read in pieces."""

    filename: str
    content: object
    content_type: str = "application/octet-stream"


def check_rows(data: list[object], limit: int) -> None:
    """Raises TooLarge for a list that nobody would read."""
    if len(data) > limit:
        raise TooLarge(f"A list of more than {limit} rows", code="too_many_items")
