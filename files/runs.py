"""Keeping files from the loop, in threads where no chat waits for a decoder or a disk."""

from typing import BinaryIO

from files.actions import keeping
from files.models import File, Source
from live.database import query_apart


async def keep(owner_id: int, name: str, data: bytes | BinaryIO, *, source: str = Source.UPLOAD) -> File:
    """`actions.keep` for engines and asynchronous doors: the same promises, the same refusals."""
    return await query_apart(keeping.keep, owner_id, name, data, source=source)
