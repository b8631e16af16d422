"""The site's documents as the sandbox knows them, read again when they change."""

import collections.abc
import dataclasses
import threading

from sandbox import chain, search


@dataclasses.dataclass(frozen=True)
class Shelf:
    """One state of the documents: their index and their word chain."""

    texts: tuple[tuple[str, str], ...]
    index: search.Index
    chain: chain.Chain


class Library:
    """Reads the documents when asked (blocking: call it in a thread), and learns them anew only when they changed."""

    def __init__(self, documents: collections.abc.Callable[[], collections.abc.Mapping[str, str]]) -> None:
        self._documents = documents
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None

    def open(self) -> Shelf:
        """Return the documents' present state."""
        texts = tuple(self._documents().items())
        with self._lock:
            if self._shelf is None or self._shelf.texts != texts:
                found = [section for name, text in texts for section in search.sections(name, text)]
                self._shelf = Shelf(texts, search.Index(found), chain.Chain([text for _, text in texts]))
            return self._shelf
