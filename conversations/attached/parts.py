"""The parts of a message that stand for files: what they hold, and about how many tokens they have. Pure.

An `image` is sent for the model to see. A `file` is sent `as` its text (of all `pages`, or of those that were chosen),
as a sound (`audio`), or as it is (`file`). Facts of the file are kept in the part: a message can be shown without it.
"""

import dataclasses
import math
import re
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

Json = dict[str, Any]
IMAGE, FILE = "image", "file"
ATTACHED = (IMAGE, FILE)
TEXT, AUDIO, WHOLE = "text", "audio", "file"  # what a file is sent as
WAYS = (TEXT, AUDIO, WHOLE, IMAGE)
DETAILS = ("", "auto", "low", "high")  # "": not sent, the model's own
MOST_FILES = 20  # in one message
MOST_WHOLE = 48 * 1024 * 1024  # bytes of what is sent as it is, in one request: OpenAI takes 50 MB, and it is in memory
AUDIO_FORMATS = {"audio/wav": "wav", "audio/x-wav": "wav", "audio/wave": "wav", "audio/mpeg": "mp3", "audio/mp3": "mp3"}
_LOW, _BASE, _TILE = 85, 85, 170  # tokens of a picture: OpenAI's published rule, which others come near to
_TILE_SIDE, _SHORT_SIDE, LONG_SIDE, LOW_SIDE = 512, 768, 2048, 512  # pixels that models read
_SECOND = 12_000  # bytes of a compressed recording, or more of a plain one, that make a second
_TOKENS_A_SECOND = 32
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


@dataclasses.dataclass(frozen=True)
class Wanted:
    """A file that a command names, and what of it is to be sent how; None, or "", leaves it to us."""

    id: uuid.UUID
    way: str | None = None
    pages: str | None = None
    detail: str = ""


def of(parts: Iterable[Json]) -> list[Json]:
    """The parts that stand for files, in their order."""
    return [part for part in parts if part["type"] in ATTACHED]


def picture_tokens(width: int | None, height: int | None, detail: str) -> int:
    """About how many tokens a picture has. Of unknown size: those of the largest."""
    if detail == "low":
        return _LOW
    long, short = max(width or LONG_SIDE, height or LONG_SIDE), min(width or LONG_SIDE, height or LONG_SIDE)
    shrink = min(1.0, LONG_SIDE / long)
    long, short = int(long * shrink), max(1, int(short * shrink))
    shrink = min(1.0, _SHORT_SIDE / short)
    tiles = math.ceil(long * shrink / _TILE_SIDE) * math.ceil(short * shrink / _TILE_SIDE)
    return _BASE + _TILE * tiles


def sound_tokens(size: int) -> int:
    """About how many tokens a recording of so many bytes has."""
    return max(1, size // _SECOND) * _TOKENS_A_SECOND


def numbers(pages: str | None, total: int) -> list[int]:
    """The pages that "1-3, 7" names, in order, each once, as far as there are so many; all for None.

    Raises ValueError for what names none.
    """
    if pages is None:
        return list(range(1, total + 1))
    found: set[int] = set()
    for one in re.split(r"[,;\s]+", pages.replace("–", "-").strip(" ,;")):
        match = _RANGE.fullmatch(one)
        if not match:
            raise ValueError(one)
        first = int(match[1])
        found.update(range(max(1, first), min(int(match[2] or first), total) + 1))
    if not found:
        raise ValueError(pages)
    return sorted(found)


def spelled(chosen: Sequence[int]) -> str:
    """The reverse: `[1, 2, 3, 7]` -> "1-3,7"."""
    spans: list[list[int]] = []
    for number in chosen:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans)


def title(parts: Iterable[Json]) -> str:
    """What a question without words is called by: the name of its first file."""
    return next((str(part["name"]) for part in of(parts)), "")
