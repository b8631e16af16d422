"""Empties the queue of what can be found: a few at a time, beside everything else, while nothing waits for it."""

from conversations.search import indexing
from live.database import query, read

INDEX_SECONDS = 1.0


async def index() -> None:
    """Until it is empty, or what is left is being changed by somebody."""
    while ready := await read(indexing.prepare):
        if not await query(indexing.store, ready):
            return
