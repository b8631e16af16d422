"""A query -> what it finds among one person's messages and titles, a page at a time, in SQLite and in PostgreSQL.

The newest WINDOW that match are ranked by how often they say it; then come the WINDOW before them. So the best of what
is recent comes first, everything can be reached, and a word that stands in every message costs no more than a rare one.
"""

import dataclasses
import re
import uuid
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db import connection, transaction

from conversations.search import entries
from conversations.search.indexing import milliseconds
from conversations.search.queries import Query, Term
from conversations.search.words import SHORT
from live import rows

WINDOW = 200
PAGE = 20
END = 1 << 62  # above the number of every entry
_EXACT = 1_000_000  # scores are whole: a page begins exactly where the one before it ended
_LOOKS = ((500, 34), (3_000, WINDOW))  # newest entries to look at, and how many must match to look further there
_ENOUGH = 1.2  # how often is often: from here on, more counts little
_TITLE_COUNTS = 3.0


class Place(NamedTuple):
    """Where a page begins: below these in the window whose newest entry is below `top`."""

    top: int = END
    score: int = END
    entry: int = END

    def __str__(self) -> str:
        return "-".join(f"{number:x}" for number in self)


@dataclasses.dataclass(frozen=True)
class Hit:
    """A message that was found, or a title; `start`: where in its text the piece begins that holds the words."""

    entry: int
    conversation: uuid.UUID
    message: uuid.UUID | None
    start: int
    score: int


@dataclasses.dataclass(frozen=True)
class Found:
    """A page of hits, the best first; where the next one begins; how many there are in all (None: a WINDOW or more)."""

    hits: list[Hit]
    more: Place | None
    messages: int | None
    conversations: int | None


def place(text: str) -> Place:
    """What `str` made of one; the beginning for anything else."""
    found = re.fullmatch(r"([0-9a-f]{1,16})-([0-9a-f]{1,16})-([0-9a-f]{1,16})", text)
    return Place(*(min(int(part, 16), END) for part in found.groups())) if found else Place()


def find(owner_id: Any, query: Query, since: Place) -> Found:
    """A page of what this person has said, or was answered, that the query describes."""
    if query.empty:
        return Found([], None, 0, 0)
    matched = _matching(owner_id, query, since.top)
    ranked = sorted(_best_of_each(matched), key=lambda hit: (-hit.score, -hit.entry))
    rest = [hit for hit in ranked if (hit.score, hit.entry) < (since.score, since.entry)]
    hits, full = rest[:PAGE], len(matched) == WINDOW
    more = None
    if len(rest) > PAGE:
        more = Place(since.top, hits[-1].score, hits[-1].entry)
    elif full:
        more = Place(top=matched[-1].entry)
    counted = not full and since.top == END
    conversations = len({hit.conversation for hit in ranked})
    return Found(hits, more, len(ranked) if counted else None, conversations if counted else None)


def _best_of_each(matched: Iterable[Hit]) -> Iterator[Hit]:
    """A long message has several entries."""
    best: dict[Any, Hit] = {}
    for hit in matched:
        key = hit.message or hit.conversation
        if key not in best or best[key].score < hit.score:
            best[key] = hit
    yield from best.values()


def _matching(owner_id: Any, query: Query, top: int) -> list[Hit]:
    """The newest entries below `top` that match."""
    sqlite = connection.vendor == "sqlite"
    looked_for = _looked_for(owner_id, query, sqlite=sqlite)
    where, values = _conditions(owner_id, query, top, sqlite=sqlite)
    if sqlite:
        return _in_sqlite(looked_for, where, values, _counted(owner_id, query.terms))
    return _in_postgres(looked_for, where, values, (owner_id, _below(query, top)))


def _conditions(owner_id: Any, query: Query, top: int, *, sqlite: bool) -> tuple[str, list[Any]]:
    """What must be true beside the words."""
    conditions, values = ["e.owner_id = %s", "c.owner_id = %s", "c.deleted_at IS NULL"], [owner_id, owner_id]
    conditions += ["c.pinned_at IS NOT NULL"] * query.pinned + ["c.archived_at IS NOT NULL"] * query.archived
    number = "w.rowid" if sqlite and _has_words(query) else "e.id"
    conditions.append(f"{number} < %s")
    values.append(_below(query, top))
    if query.after:
        conditions.append(f"{number} >= %s")
        values.append(milliseconds(query.after))
    if query.titles and (query.terms or query.has or query.models):
        titles = _both([entries.marked(owner_id, entries.TITLE)], owner_id, query.titles, sqlite=sqlite)
        table = "search_words w JOIN search_entry t ON t.id = w.rowid WHERE w.words MATCH %s"
        table = table if sqlite else "search_entry t WHERE t.words @@ %s::tsquery"
        conditions.append(f"e.conversation_id IN (SELECT t.conversation_id FROM {table})")  # noqa: S608
        values.append(titles)
    return " AND ".join(conditions), values


def _below(query: Query, top: int) -> int:
    """What the number of an entry must be below."""
    return min(top, milliseconds(query.before)) if query.before else top


def _has_words(query: Query) -> bool:
    return bool(query.terms or query.titles or query.models or query.has)


def _looked_for(owner_id: Any, query: Query, *, sqlite: bool) -> str:
    """All that the index is asked for, as the database wants it; nothing when only dates and marks narrow."""
    marks = [entries.marked(owner_id, fact) for fact in sorted(query.has)]
    terms = query.terms
    if query.titles and not (query.terms or query.has or query.models):
        marks, terms = [entries.marked(owner_id, entries.TITLE)], query.titles
    models = [_term(owner_id, one, entries.of_model, sqlite=sqlite) for term in query.models for one in _apart(term)]
    return (" AND " if sqlite else " & ").join(filter(None, [_both(marks, owner_id, terms, sqlite=sqlite), *models]))


def _apart(term: Term) -> Iterator[Term]:
    """Its words, each by itself: those of a model's name stand nowhere in a text."""
    last = len(term.words) - 1
    yield from (Term((word,), term.open and place == last) for place, word in enumerate(term.words))


def _both(marks: list[str], owner_id: Any, terms: Iterable[Term], *, sqlite: bool) -> str:
    found = [f'"{mark}"' if sqlite else f"'{mark}'" for mark in marks]
    found += [_term(owner_id, term, entries.plain, sqlite=sqlite) for term in terms]
    return (" AND " if sqlite else " & ").join(found)


def _term(owner_id: Any, term: Term, written: Any, *, sqlite: bool) -> str:
    """Words one after the other. A short beginning that stands alone is a word of the index itself."""
    last = term.words[-1]
    short = len(last.word) <= (1 if last.unspaced else SHORT)
    if term.open and short and len(term.words) == 1 and written is entries.plain:
        wanted, is_open = [entries.beginning(owner_id, last.word)], False
    else:
        wanted, is_open = [written(owner_id, word.word) for word in term.words], term.open
    if sqlite:
        return f'"{" ".join(wanted)}"{" *" if is_open else ""}'
    row = " <-> ".join(f"'{word}'" for word in wanted)
    return f"({row}{':*' if is_open else ''})"


def _in_sqlite(looked_for: str, where: str, values: list[Any], counted: list[str]) -> list[Hit]:
    """FTS5 gives the newest first by itself, and reads no more of a word's places than are wanted."""
    joined = "CROSS JOIN conversations_conversation c ON c.id = e.conversation_id"
    if looked_for:
        table = f"search_words w CROSS JOIN search_entry e ON e.id = w.rowid {joined}"
        where, values, order = f"w.words MATCH %s AND {where}", [looked_for, *values], "w.rowid"
    else:
        table, order = f"search_entry e {joined}", "e.id"
    found = rows.ask(
        f"SELECT e.id, e.conversation_id, e.message_id, e.start, e.words FROM {table} "  # noqa: S608 - nothing of anybody's
        f"WHERE {where} ORDER BY {order} DESC LIMIT {WINDOW}",
        *values,
    )
    return [_hit(*row[:4], score=_score(f" {row[4]} ", counted)) for row in found]


def _counted(owner_id: Any, terms: Iterable[Term]) -> list[str]:
    """What is counted in an entry: a row of words, or the beginning of one."""
    return [
        f" {' '.join(entries.plain(owner_id, word.word) for word in term.words)}{'' if term.open else ' '}"
        for term in terms
    ]


def _score(text: str, counted: list[str]) -> float:
    """Each time counts less than the one before it; a long text says everything more often."""
    length = 1 + len(text) / 20_000
    often = (text.count(words) / length for words in counted)
    score = sum(times / (times + _ENOUGH) for times in often)
    return score * _TITLE_COUNTS if "=title " in text[:40] else score


def _in_postgres(looked_for: str, where: str, values: list[Any], own: tuple[Any, int]) -> list[Hit]:
    """A word that stands in every tenth message or more is looked for in the newest ones, a rare one in the index.

    PostgreSQL cannot know which it is: words of one person are seldom among those that it counts. Its index gives all
    that match, which are put in order without looking at their words.
    """
    if looked_for:
        where, values = f"e.words @@ %s::tsquery AND {where}", [looked_for, *values]
    with transaction.atomic():
        rows.change("SET LOCAL enable_seqscan = off")
        rows.change("SET LOCAL jit = off")
        found = _newest_in_postgres(where, values, own)
        return _scored_in_postgres(looked_for, [number for (number,) in found]) if found else []


def _newest_in_postgres(where: str, values: list[Any], own: tuple[Any, int]) -> list[tuple[Any, ...]]:
    """The numbers of the newest entries that fulfil all of this; `own`: whose they are, and below which number."""
    for many, enough in _LOOKS:
        newest = f"(SELECT * FROM search_entry WHERE owner_id = %s AND id < %s ORDER BY id DESC LIMIT {many})"  # noqa: S608
        found = rows.ask(_chosen(newest, where), *own, *values)
        if len(found) < enough:
            break
    return found if len(found) == WINDOW else rows.ask(_chosen("search_entry", where), *values)


def _scored_in_postgres(looked_for: str, entries_found: list[int]) -> list[Hit]:
    score = f"ts_rank(words, %s::tsquery, 1) * (CASE WHEN message_id IS NULL THEN {_TITLE_COUNTS} ELSE 1 END)"
    found = rows.ask(
        f"SELECT id, conversation_id, message_id, start, {score if looked_for else 0} "  # noqa: S608
        f"FROM search_entry WHERE id {rows.among(len(entries_found))} ORDER BY id DESC",
        *([looked_for] if looked_for else []),
        *entries_found,
    )
    return [_hit(*row[:4], score=row[4]) for row in found]


def _chosen(table: str, where: str) -> str:
    """The numbers of the newest entries of a table that fulfil all of this."""
    return (
        f"WITH matching AS MATERIALIZED (SELECT e.id FROM {table} e "  # noqa: S608 - nothing of anybody's
        f"JOIN conversations_conversation c ON c.id = e.conversation_id WHERE {where}) "
        f"SELECT id FROM matching ORDER BY id DESC LIMIT {WINDOW}"
    )


def _hit(entry: int, conversation: Any, message: Any, start: int, *, score: float) -> Hit:
    found = rows.as_uuid(conversation)
    assert found is not None
    return Hit(entry, found, rows.as_uuid(message), start, int(score * _EXACT))
