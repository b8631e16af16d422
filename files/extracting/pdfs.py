"""PDF -> its pages' text. Nothing is run, nothing is fetched; what is encrypted with a password stays closed."""

from collections.abc import Iterator
from typing import BinaryIO

import pypdf
from pypdf.errors import PyPdfError

from files.extracting.pages import Facts, Limits, Unreadable, cleaned

# What the library lets through of a file that breaks the format's rules.
_FAULTS = (PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError)
FAULTS = (*_FAULTS, OSError, RecursionError, TypeError, ValueError)


def read(source: BinaryIO, limits: Limits, facts: Facts) -> Iterator[str]:
    """The pages, empty ones too, so that their numbers are those of the file. Raises Unreadable."""
    reader = _opened(source)
    facts.paged = True
    seen = False
    facts.total = _count(reader)
    for number in range(min(facts.total, limits.pages)):
        try:
            text = cleaned(reader.pages[number].extract_text()).strip()
        except FAULTS:
            text, facts.unread = "", facts.unread + 1
        seen = seen or bool(text)
        yield text + "\n"
    if not seen:
        raise Unreadable("damaged" if facts.unread else "no_text")
    if facts.total > limits.pages:
        facts.cut = "pages"


def _opened(source: BinaryIO) -> pypdf.PdfReader:
    try:
        reader = pypdf.PdfReader(source, strict=False)
        closed = reader.is_encrypted and not reader.decrypt("")
    except FAULTS as error:
        raise Unreadable("damaged") from error
    if closed:
        raise Unreadable("encrypted")
    return reader


def _count(reader: pypdf.PdfReader) -> int:
    try:
        count = len(reader.pages)
    except FAULTS as error:
        raise Unreadable("damaged") from error
    if count == 0:
        raise Unreadable("damaged")
    return count
