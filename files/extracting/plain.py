"""Text, code and tables as they are: only their encoding is found."""

from collections.abc import Iterator
from typing import BinaryIO

from files.extracting.decoding import decode
from files.extracting.pages import Facts, Limits, Unreadable, by_length, cleaned

_MOST_BYTES = 4  # of a character, in any encoding
_MOST_CONTROLS = 0.1  # of a text's characters, and it is none


def read(source: BinaryIO, limits: Limits, facts: Facts) -> Iterator[str]:
    """Pages of one length: a text has none of its own."""
    text = text_of(source, limits, facts)
    pages = list(by_length(cleaned(text)))
    facts.total = len(pages)
    yield from pages


def text_of(source: BinaryIO, limits: Limits, facts: Facts) -> str:
    """What the bytes say, as far as it may be kept. Raises Unreadable for what is no text."""
    most = limits.characters * _MOST_BYTES
    data = source.read(most + 1)
    if len(data) > most:
        data, facts.cut = data[:most], "size"
    text, facts.encoding = decode(data)
    controls = sum(text.count(chr(code)) for code in range(32) if chr(code) not in "\t\n\r\f\v\x1b")
    if controls > len(text) * _MOST_CONTROLS:
        raise Unreadable("not_text")
    return text
