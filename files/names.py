"""File names as they are kept: without folders, without characters that deceive, and not too long. Pure."""

import re
import unicodedata

from django.utils.translation import gettext

MOST_BYTES = 200  # of UTF-8: file systems take 255, and a download may get " (1)" put in
_ENDING_LENGTH = 16
_JOINERS = "\u200c\u200d"  # of Persian and of emoji: invisible, but not lying
_SPACES = re.compile(r"\s+")


def clean(name: str) -> str:
    """A name that can be shown, sorted and saved anywhere.

    Folders go (both slashes), control characters and those that turn or hide text go (`Cc`, `Cf`), half a surrogate
    pair becomes U+FFFD, runs of space become one. What is too long is cut before its ending. Never empty.
    """
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    shown = "".join(_shown(char) for char in unicodedata.normalize("NFC", base))
    shown = _SPACES.sub(" ", shown).strip(" .") if shown.strip(". ") else ""
    if base.startswith(".") and shown:
        shown = "." + shown  # .gitignore
    return _cut(shown) or gettext("unnamed")


def _shown(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Zl", "Zp", "Zs") or char in "\t\n\r":
        return " "
    if category == "Cs":
        return "\ufffd"
    return "" if category in ("Cc", "Cf") and char not in _JOINERS else char


def _cut(name: str) -> str:
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, last = name.rpartition(".")
    tail = dot + last if stem and len(last) <= _ENDING_LENGTH else ""
    stem = stem if tail else name
    room = MOST_BYTES - len(tail.encode()) - len("…".encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + "…" + tail


def ending(name: str) -> str:
    """What stands behind the last dot, in lower case; empty where nothing does."""
    stem, _, last = name.rpartition(".")
    return last.lower() if stem and len(last) <= _ENDING_LENGTH else ""


def folded(text: str) -> str:
    """For search and order: what people take for the same is the same."""
    return unicodedata.normalize("NFKC", text).casefold()[:510]
