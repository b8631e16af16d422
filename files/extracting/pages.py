"""What readers give: pages of text, facts about them, or the reason why there is none. Pure."""

import dataclasses
import re
from collections.abc import Iterable, Iterator

PAGE = 4_000  # characters of a page where a file has none of its own: about a thousand tokens of English
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufeff]")


class Unreadable(Exception):
    """Why there is no text. `code`: encrypted, damaged, no_text, too_large, too_slow, too_much_memory, not_text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclasses.dataclass(frozen=True)
class Limits:
    """What reading a file may cost: pages and characters that are kept, bytes of a text or of what is unpacked, seconds
    of the processor, bytes of memory."""

    pages: int = 2_000
    characters: int = 5_000_000
    size: int = 256 * 1024 * 1024
    seconds: int = 60
    memory: int = 512 * 1024 * 1024


@dataclasses.dataclass
class Facts:
    """What is known of a file beside its text. `paged`: its pages are its own. `total`: None until it is known.

    `cut`: why the end is missing (pages, characters, size); `unread`: pages that could not be read."""

    encoding: str = ""
    paged: bool = False
    total: int | None = None
    cut: str = ""
    unread: int = 0


def cleaned(text: str) -> str:
    """Text as it can be stored and shown: one kind of line end, nothing that steers a terminal, no half characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").replace("\v", "\n"))


def by_length(text: str, length: int = PAGE) -> Iterator[str]:
    """Pages of about this many characters, which together are the text; cut at ends of lines if there are any."""
    start = 0
    while start < len(text):
        end = start + length
        if end < len(text):
            line = text.rfind("\n", start + length // 2, end)
            end = line + 1 if line > 0 else end
        yield text[start:end]
        start = end


def bounded(pages: Iterable[str], limits: Limits, facts: Facts) -> Iterator[str]:
    """As many of the pages as the limits allow; `facts.cut` says which one was met."""
    room = limits.characters
    for number, page in enumerate(pages):
        if number >= limits.pages:
            facts.cut = "pages"
            return
        if len(page) > room:
            facts.cut = "characters"
            if room:
                yield page[:room]
            return
        room -= len(page)
        yield page
