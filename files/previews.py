"""The beginning of a file for its page: text as text, a table as a table; bounded in bytes, rows and columns."""

import csv
import dataclasses
import io
from collections.abc import Sequence

from files import storage, texts
from files.models import Extraction, File, Kind, ReadingStatus

MOST_CHARACTERS = 100_000
MOST_ROWS, MOST_COLUMNS, MOST_CELL = 200, 40, 500
_BYTES_OF_CHARACTER = 4


@dataclasses.dataclass(frozen=True)
class Preview:
    """`form`: picture, audio, table, text or none. `cut`: there is more of it. `pages`: of a PDF or a Word file."""

    form: str
    text: str = ""
    pages: Sequence[tuple[int, str]] = ()
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    cut: bool = False


def of(file: File, facts: Extraction | None) -> Preview:
    """What a file's page shows of it. Raises FileGone."""
    if file.kind == Kind.IMAGE:
        return Preview("picture")
    if file.kind == Kind.AUDIO:
        return Preview("audio")
    if file.kind == Kind.CSV:
        return _table(*_beginning(file))
    if file.kind in (Kind.TEXT, Kind.CODE, Kind.HTML):
        text, cut = _beginning(file)
        return Preview("text", text=text, cut=cut)
    if facts is not None and facts.status == ReadingStatus.COMPLETED and not facts.error:
        return _pages(texts.text_of(facts).pages, cut=bool(facts.cut))
    return Preview("none")


def _beginning(file: File) -> tuple[str, bool]:
    with storage.open_file(file) as stream:
        data = stream.read(MOST_CHARACTERS * _BYTES_OF_CHARACTER)
    text = data.decode(file.charset or "utf-8", "replace").removeprefix("\ufeff")
    return text[:MOST_CHARACTERS], len(text) > MOST_CHARACTERS or file.size > len(data)


def _table(text: str, cut: bool) -> Preview:
    try:
        dialect: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), dialect):
            rows.append([cell[:MOST_CELL] for cell in row[:MOST_COLUMNS]])
            if len(rows) > MOST_ROWS:
                break
    except csv.Error:
        return Preview("text", text=text, cut=cut)
    width = max((len(row) for row in rows), default=0)
    even = [row + [""] * (width - len(row)) for row in rows if row]
    return Preview("table", head=even[0] if even else (), rows=even[1:MOST_ROWS], cut=cut or len(rows) > MOST_ROWS)


def _pages(pages: Sequence[str], *, cut: bool) -> Preview:
    shown: list[tuple[int, str]] = []
    left = MOST_CHARACTERS
    for number, text in enumerate(pages, 1):
        if left <= 0:
            return Preview("text", pages=shown, cut=True)
        shown.append((number, text[:left]))
        left -= len(text)
    return Preview("text", pages=shown, cut=cut or left < 0)
