"""A message or a title -> the rows by which it is found. Pure.

Every word carries its owner's number, so that nobody's words are looked at for anybody else, and what others say makes
nobody's search slower. Beside the words stand their short beginnings, and what `has:` and `model:` ask.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from conversations.models import SAID
from conversations.search.words import SHORT, Word, beginnings, words

PIECE = 4_000  # words in a row: PostgreSQL keeps 255 places of a word in a row
OVERLAP = 32  # words that two rows of a long message share: phrases are found across their border
TITLE = "title"
_FENCE = re.compile(r"^[ >]{0,6}(?:```|~~~)", re.MULTILINE)


class Row(NamedTuple):
    """A piece of a message: where in its text it begins, and what it is found by, the words of the text last."""

    start: int
    marks: list[str]
    words: list[str]


def readable(parts: list[dict[str, Any]]) -> str:
    """What of a message is looked through: what it says, then the names of what is attached to it."""
    said = "".join(part.get("text", "") for part in parts if part.get("type") in SAID)
    names = [name for part in parts if isinstance(name := part.get("name"), str) and name]
    return "\n".join([said, *names]) if names else said


def rows_of(owner_id: Any, text: str, model_id: str, parts: list[dict[str, Any]] | None) -> Iterator[Row]:
    """The rows of a message, or of a title, which has no parts. A message without words may still have a picture."""
    facts = [marked(owner_id, fact) for fact in _facts(text, parts)]
    facts += [of_model(owner_id, word.word) for word in words(model_id)]
    rest, carried = words(text), list[Word]()
    while piece := carried + list(islice(rest, PIECE - len(carried))):
        short = dict.fromkeys(beginning(owner_id, start) for word in piece for start in beginnings(word))
        yield Row(piece[0].start, [*facts, *short], [plain(owner_id, word.word) for word in piece])
        carried = piece[-OVERLAP:] if len(piece) == PIECE else []
        following = next(rest, None) if carried else None
        if following is None:
            return
        carried.append(following)
    yield Row(0, facts, [])


def _facts(text: str, parts: list[dict[str, Any]] | None) -> Iterator[str]:
    if parts is None:
        yield TITLE
        return
    kinds = {part.get("type") for part in parts}
    yield from (kind for kind in ("image", "file") if kind in kinds)
    if _FENCE.search(text):
        yield "code"


# How the words of one person are written: no sign of these is in any word (words.fold).


def plain(owner_id: Any, word: str) -> str:
    """A word of the text."""
    return f"{owner_id}_{word}"


def beginning(owner_id: Any, start: str) -> str:
    """At most SHORT characters that a word begins with."""
    return f"{owner_id}:{start[:SHORT]}"


def marked(owner_id: Any, fact: str) -> str:
    """What a message has, or that it is a title."""
    return f"{owner_id}={fact}"


def of_model(owner_id: Any, word: str) -> str:
    """A word of the name of the model that wrote it."""
    return f"{owner_id}~{word}"


def as_text(row: Row) -> str:
    """For FTS5."""
    return " ".join([*row.marks, *row.words])


def as_vector(row: Row) -> str:
    """For PostgreSQL, as it writes its own vectors."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    for place, word in enumerate(row.words, 1):
        places[word].append(str(place))
    marks = (f"'{mark}'" for mark in row.marks)
    return " ".join([*marks, *(f"'{word}':{','.join(found[:255])}" for word, found in places.items())])
