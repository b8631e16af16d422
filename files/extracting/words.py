"""Word documents (docx) -> text, tables too. What they only point to is never fetched; bombs are not unpacked."""

import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

import docx
from docx.opc.exceptions import OpcError
from lxml.etree import LxmlError

from files.extracting.pages import Facts, Limits, Unreadable, by_length, cleaned

MOST_MEMBERS = 10_000
MOST_TIMES = 200  # that a member may grow when it is unpacked; text in XML shrinks to a tenth, rarely to a fiftieth
SMALL = 4 * 1024 * 1024  # bytes; what unpacks to less is no bomb
_FAULTS = (OpcError, LxmlError, ParseError, zipfile.BadZipFile, zipfile.LargeZipFile, KeyError, ValueError)
FAULTS = (*_FAULTS, AttributeError, TypeError, IndexError, NotImplementedError, OSError, EOFError, RuntimeError)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAK = "\f"
_SIGNS = {f"{_W}tab": "\t", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-", f"{_W}lastRenderedPageBreak": _BREAK}
_DEEPEST = 20  # tables within tables


def read(source: BinaryIO, limits: Limits, facts: Facts) -> Iterator[str]:
    """Its pages where it says where they end, as it was last shown; else pages of one length. Raises Unreadable."""
    _refuse_bombs(source, limits)
    source.seek(0)
    try:
        body = docx.Document(source).element.body
        text = "\n".join(_blocks(body, 0))
    except FAULTS as error:
        raise Unreadable("damaged") from error
    own = [cleaned(page).strip() for page in text.split(_BREAK)]
    own = [page + "\n" for page in own if page]
    if not own:
        raise Unreadable("no_text")
    facts.paged = len(own) > 1
    pages = own if facts.paged else list(by_length(own[0]))
    facts.total = len(pages)
    yield from pages


def _refuse_bombs(source: BinaryIO, limits: Limits) -> None:
    """Before anything is unpacked, by what the archive says of itself; what it hides, the limits of memory catch."""
    try:
        members = zipfile.ZipFile(source).infolist()
    except FAULTS as error:
        raise Unreadable("damaged") from error
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted")
    grown = [member for member in members if member.file_size > SMALL]
    bomb = any(member.file_size > MOST_TIMES * max(1, member.compress_size) for member in grown)
    if bomb or len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > limits.size:
        raise Unreadable("too_large")


def _blocks(parent: Any, depth: int) -> Iterator[str]:
    for block in parent:
        if block.tag == f"{_W}p":
            yield _paragraph(block)
        elif block.tag == f"{_W}tbl" and depth < _DEEPEST:
            yield from _rows(block, depth)
        elif block.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _blocks(block, depth)


def _rows(table: Any, depth: int) -> Iterator[str]:
    for row in table.iterchildren(f"{_W}tr"):
        cells = row.iterchildren(f"{_W}tc")
        yield " | ".join(" ".join(" ".join(_blocks(cell, depth + 1)).split()) for cell in cells)


def _paragraph(paragraph: Any) -> str:
    style, listed = paragraph.find(f"{_W}pPr/{_W}pStyle"), paragraph.find(f"{_W}pPr/{_W}numPr")
    name = "" if style is None else str(style.get(f"{_W}val", ""))
    level = name[7:] if name.startswith("Heading") else ""
    begin = "#" * int(level) + " " if level in tuple("123456") else "- " if listed is not None else ""
    text = "".join(_words(paragraph))
    return begin + text if text.strip() else text


def _words(element: Any) -> Iterator[str]:
    """What a reader sees: not what was deleted, no field codes, a text box once."""
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}br":
            yield _BREAK if child.get(f"{_W}type") == "page" else "\n"
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag not in (f"{_W}del", f"{_W}pPr", f"{_W}rPr", _FALLBACK):
            yield from _words(child)
