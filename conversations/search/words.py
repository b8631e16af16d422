"""A text -> the words that it is found by, and where each stands in it; for the index and for queries alike. Pure.

Words are folded: case, accents, width. Scripts that put no space between words give pairs of characters, and the last
one of each run alone, so that any part of a sentence is a row of such words.
"""

import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 48  # characters of a word; what is longer is nobody's word, and is found by its beginning
SHORT = 3  # characters: beginnings up to this length are words of the index themselves

# Han, kana, bopomofo; Thai, Lao, Myanmar, Khmer.
_UNSPACED = (
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u312f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U000323af\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"
)
_PICTURES = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"  # an emoji is a word
_ACCENTS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f"
    "\u0670\u06d6-\u06dc\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]+"
)
_SIGNS = re.compile(r"[\x00-\x2f\x3a-\x60\x7b-\x7f\s]+")  # what some characters decompose into, and no index takes
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


class Word(NamedTuple):
    """A word as it is looked for, and the characters of the text that it stands for."""

    word: str
    start: int
    end: int
    unspaced: bool = False  # of a script without spaces: a pair, or the last character of a run


def fold(text: str) -> str:
    """Without case, accents, width, and other differences that nobody types when they look for something."""
    if text.isascii():
        return text.lower()[:LONGEST]
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = _SIGNS.sub("", _ACCENTS.sub("", folded).translate(_LETTERS))
    return unicodedata.normalize("NFC", plain)[:LONGEST]


def words(text: str, start: int = 0) -> Iterator[Word]:
    """The words of a text from this character on, in order; places count from the text's beginning."""
    before: Word | None = None  # a character of a script without spaces, whose pair may follow
    for found in _pattern().finditer(text, start):
        first, end = found.span()
        pairs = found.lastgroup == "unspaced"
        folded = _fold_one(found[0]) if pairs else fold(found[0])
        if not folded:
            continue
        if before is not None:
            joined = pairs and before.end == first
            yield Word(before.word + folded, before.start, end, True) if joined else before
        before = Word(folded, first, end, True) if pairs else None
        if before is None:
            yield Word(folded, first, end)
    if before is not None:
        yield before


def beginnings(word: Word) -> Iterator[str]:
    """What somebody may have typed of a word so far, when a search by beginnings would be too wide for an index."""
    if word.unspaced:
        yield word.word[:1]
    else:
        yield from (word.word[:length] for length in range(1, min(SHORT, len(word.word)) + 1))


def _fold_one(text: str) -> str:
    """A character of such a script: its marks belong to it, か is not が."""
    return unicodedata.normalize("NFKC", text).casefold()[:LONGEST] if ord(text[0]) > 0x1100 else text


@functools.cache
def _pattern() -> re.Pattern[str]:
    """Compiled with the first use: it names every mark that there is."""
    marks = _ranges(code for code in range(0x300, 0x10000) if unicodedata.category(chr(code)).startswith("M"))
    letter = rf"[^\W_{_UNSPACED}]"
    return re.compile(
        rf"(?P<spaced>{letter}+(?:[{marks}]+{letter}*)*)|(?P<unspaced>[{_UNSPACED}][{marks}]*)|[{_PICTURES}]"
    )


def _ranges(codes: Iterator[int]) -> str:
    """A set of characters as a regular expression writes it."""
    found: list[list[int]] = []
    for code in codes:
        if found and code == found[-1][1] + 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)
