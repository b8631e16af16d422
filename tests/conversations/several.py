"""Several answers in one stream, as servers mix them, and what a person sees of them."""

import itertools
from collections.abc import Sequence
from typing import Any

from tests.site import Person
from tests.site.person import Json, text_of
from tests.upstream import Step, done, sse, stream_answer, text_chunk

USAGE = {"prompt_tokens": 10, "completion_tokens": 8, "total_tokens": 18}


def pieces(*texts: Sequence[str], finish: str | None = "stop") -> list[bytes]:
    """The events of a stream in which the texts take turns; each ends as soon as it is through."""
    events = []
    for row in itertools.zip_longest(*texts):
        events += [text_chunk(piece, index=index) for index, piece in enumerate(row) if piece is not None]
    ends = [text_chunk(index=index, finish=finish) for index in range(len(texts))] if finish else []
    return events + ends


def mixed(*texts: Sequence[str], usage: dict[str, Any] | None = USAGE) -> list[Step]:
    """A whole answer of so many choices."""
    counted = [sse({"object": "chat.completion.chunk", "choices": [], "usage": usage})] if usage else []
    return stream_answer(*pieces(*texts), *counted, done())


async def side_by_side(person: Person, conversation: str) -> tuple[Json, list[Json]]:
    """Once nothing is being written: the snapshot's conversation, and the answers that it shows side by side."""
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        await socket.until_quiet()
    async with person.watch(f"/ws/c/{conversation}/") as socket:
        snapshot = await socket.receive()
    return snapshot["conversation"], [snapshot["messages"][-1], *snapshot["beside"]]


def texts_of(answers: Sequence[Json]) -> list[str]:
    return [text_of(answer) for answer in answers]
