"""A short cut for chunks that differ from an earlier one in nothing but their text.

Nearly all chunks of a stream are such: the same bytes around one JSON string. If what stands before and after that
string is equal to a chunk that was parsed in full, the rest of the parse is equal too, because a JSON string literal is
one token and the grammar around it does not depend on its content. Reading only the literal is some times cheaper.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

from openai_client._deltas import Delta

Take = Callable[[str, list[Delta]], None]

_KEY = re.compile(r'"(?:content|reasoning_content|reasoning)"\s*:\s*"')
KEPT = 4  # shapes: n choices, or text and reasoning
ATTEMPTS = 12  # shapes learned in vain (padding that changes in each chunk) before giving up


class Repeats:
    """Remembers shapes as (before, after, what takes the text)."""

    __slots__ = ("_left", "_shapes")

    def __init__(self) -> None:
        self._shapes: list[tuple[str, str, Take]] = []
        self._left = ATTEMPTS

    def text_of(self, line: str) -> tuple[str, Take] | None:
        """The text in a line of a known shape, and what takes it."""
        for before, after, take in self._shapes:
            if line.startswith(before):
                try:
                    text, end = scanstring(line, len(before), False)
                except JSONDecodeError:
                    return None
                if line[end:] == after:
                    self._left = ATTEMPTS
                    return text, take
        return None

    def learn(self, line: str, text: str, take: Take) -> None:
        """A line was parsed in full and meant nothing but `text` under one of the known keys."""
        if not self._left:
            return
        self._left -= 1
        found = _KEY.finditer(line)
        place = next(found, None)
        if place is None or next(found, None) is not None:
            return  # no such key, or two: which one it was cannot be told
        literal, end = scanstring(line, place.end(), False)
        if literal == text:
            self._shapes = [(line[: place.end()], line[end:], take), *self._shapes[: KEPT - 1]]
