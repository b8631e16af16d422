"""What somebody typed -> what is looked for: words, phrases, and operators such as `title:` and `after:`. Pure.

Nothing that can be typed is an error: what is not understood is left out, and named in `unclear`.
"""

import dataclasses
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from conversations.search.words import Word, words

LENGTH = 500  # characters that are looked at
TERMS = 16  # words and phrases that are looked for
KINDS = ("image", "file", "code")  # that a message can have
_PIECE = re.compile(
    r"""(?:(?P<name>title|model|before|after|is|has):\s*)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))""", re.IGNORECASE
)
_QUOTES = str.maketrans("“”„«»", '"""""')
_DATE = re.compile(r"(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?")


@dataclasses.dataclass(frozen=True)
class Term:
    """Words that stand one after the other; `open`: the last one may go on."""

    words: tuple[Word, ...]
    open: bool = False


@dataclasses.dataclass(frozen=True)
class Query:
    """What is looked for. All of it must be true of a message, `titles` of its conversation's title."""

    terms: tuple[Term, ...] = ()
    titles: tuple[Term, ...] = ()
    models: tuple[Term, ...] = ()
    before: datetime | None = None
    after: datetime | None = None
    pinned: bool = False
    archived: bool = False
    has: frozenset[str] = frozenset()
    unclear: tuple[str, ...] = ()  # operators whose value is none

    @property
    def narrows(self) -> bool:
        """Whether there is anything beside the words."""
        return self != Query(self.terms, unclear=self.unclear)

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.terms or self.narrows)


def parse(text: str) -> Query:
    """Read a query. Its last word may be the beginning of one, unless something stands after it."""
    text = text[:LENGTH].translate(_QUOTES)
    found: dict[str, list[Term]] = {"": [], "title": [], "model": []}
    moments: dict[str, datetime] = {}
    said: set[str] = set()
    unclear: list[str] = []
    for piece in _PIECE.finditer(text):
        name, value = (piece["name"] or "").lower(), piece["phrase"] if piece["phrase"] is not None else piece["word"]
        if name in found:
            found[name] += _terms(value, is_open=piece.end() == len(text) and piece["phrase"] is None)
        elif name in ("before", "after") and (moment := _moment(value)):
            moments[name] = moment
        elif (name, value.lower()) in _SAID:
            said.add(value.lower())
        else:
            unclear.append(piece[0])
    return Query(
        terms=tuple(found[""][:TERMS]),
        titles=tuple(found["title"][:TERMS]),
        models=tuple(found["model"][:TERMS]),
        before=moments.get("before"),
        after=moments.get("after"),
        pinned="pinned" in said,
        archived="archived" in said,
        has=frozenset(said & set(KINDS)),
        unclear=tuple(unclear[:TERMS]),
    )


_SAID = {("is", "pinned"), ("is", "archived"), *(("has", kind) for kind in KINDS)}


def _terms(text: str, *, is_open: bool) -> Iterator[Term]:
    """One, unless there is no word in it. The last character of a run stands in the pair before it."""
    found = list(words(text))
    if len(found) > 1 and found[-1].unspaced and found[-2].end == found[-1].end:
        found.pop()
    if found:
        yield Term(tuple(found), is_open or (found[-1].unspaced and len(found[-1].word) == 1))


def _moment(text: str) -> datetime | None:
    """The beginning of a year, a month or a day."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return None
