"""A text and a query -> the few words around what was found, with it marked. Pure."""

from collections.abc import Iterator
from itertools import islice

from conversations.search.entries import PIECE
from conversations.search.queries import Query, Term
from conversations.search.words import Word, words

BEFORE = 40  # characters before the first word that was found
LENGTH = 220

Marked = list[tuple[str, bool]]  # pieces of the text in order, and whether each was found


def snippet(text: str, query: Query, start: int = 0) -> Marked:
    """Around the first place, from this character on, where words of the query stand; the beginning where none does."""
    terms = query.terms
    said = list(islice(words(text, start), PIECE))
    places = list(_places(said, terms))
    first = places[0][0] if places else start
    begin = _word_begins(said, max(first - BEFORE, 0)) if first > BEFORE else 0
    end = min(len(text), begin + LENGTH)
    shown = _joined((max(one, begin), min(other, end)) for one, other in places if one < end and other > begin)
    found: Marked = [("…", False)] if begin else []
    at = begin
    for one, other in shown:
        found += [(text[at:one], False), (text[one:other], True)]
        at = other
    found += [(text[at:end], False), *([("…", False)] if end < len(text) else [])]
    return [(_line(piece), marked) for piece, marked in found if piece]


def title(text: str, query: Query) -> Marked:
    """All of a title."""
    found: Marked = []
    at = 0
    for one, other in _joined(_places(list(words(text)), (*query.terms, *query.titles))):
        found += [(text[at:one], False), (text[one:other], True)]
        at = other
    return [(piece, marked) for piece, marked in [*found, (text[at:], False)] if piece]


def _line(text: str) -> str:
    """In one line, with the spaces at its ends."""
    inner = " ".join(text.split())
    if not inner:
        return " "
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def _places(said: list[Word], terms: tuple[Term, ...]) -> Iterator[tuple[int, int]]:
    """Where terms stand, in the text's order."""
    for index, word in enumerate(said):
        ends = [end for term in terms if (end := _end(said, index, term, word)) is not None]
        if ends:
            yield word.start, max(ends)


def _end(said: list[Word], index: int, term: Term, first: Word) -> int | None:
    """Where a term that begins with this word ends."""
    count = len(term.words)
    if (count > 1 and first.word != term.words[0].word) or index + count > len(said):
        return None
    last, wanted = said[index + count - 1], term.words[-1]
    if not (last.word.startswith(wanted.word) if term.open else last.word == wanted.word):
        return None
    if any(said[index + place].word != term.words[place].word for place in range(count - 1)):
        return None
    if last.unspaced and wanted.unspaced and len(last.word) > len(wanted.word):
        return last.start + len(wanted.word)
    return last.end


def _joined(places: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that overlap are one."""
    found: list[tuple[int, int]] = []
    for one, other in places:
        if found and one <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], other))
        elif one < other:
            found.append((one, other))
    return found


def _word_begins(said: list[Word], at: int) -> int:
    """The first word from this character on: no word is cut."""
    return next((word.start for word in said if word.start >= at), at)
