"""Reasoning that comes inside the text between think tags, and template markers left at the end of texts.

Rules of quirks 4.5 to 4.7 and requirement E11. Tags may be cut anywhere: what could still become one is held back.
"""

from __future__ import annotations

from enum import Enum, auto

OPENING = ("<think>", "<thinking>")
CLOSING = ("</think>", "</thinking>")
END_MARKERS = (
    "<|im_end|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|endoftext|>",
    "<|end_of_text|>",
    "<|end|>",
    "<end_of_turn>",
    "</s>",
)
LONGEST_HELD = 256  # characters; a longer tail is text, whatever it looks like


class Kind(Enum):
    """What a piece of a text turned out to be."""

    TEXT = auto()
    REASONING = auto()
    WAS_REASONING = auto()  # no piece: all text before was reasoning


class _State(Enum):
    START = auto()  # only blanks so far
    THINKING = auto()  # after an opening tag
    TEXT = auto()


Piece = tuple[Kind, str]


class TagSplitter:
    """Splits the text of one choice. `tags` and `markers` switch the two jobs on."""

    __slots__ = ("_context", "_markers", "_state", "_trim", "_watch_closing", "held")

    def __init__(self, *, tags: bool, markers: bool) -> None:
        self._state = _State.START if tags else _State.TEXT
        self._watch_closing = tags  # a closing tag without an opening one may still come
        self._markers = markers
        self._trim = False  # blanks right after a tag go with it
        self._context = ""  # the last characters given out: what stands before a tag
        self.held = ""

    @property
    def plain(self) -> bool:
        """Whether text without "<" may pass without being looked at."""
        return self._state is _State.TEXT and not self.held and not self._trim

    def passed(self, text: str) -> None:
        """Text went by without being looked at."""
        self._context = text[-1:]

    def feed(self, text: str) -> list[Piece]:
        """What is certain by now, in order."""
        text = self.held + text
        self.held = ""
        if self._state is _State.START:
            text = self._start(text)
        pieces: list[Piece] = []
        if self._state is _State.THINKING:
            text = self._think(text, pieces)
        if self._state is _State.TEXT and text:
            self._text(text, pieces)
        return pieces

    def end(self, whole_text: str = "") -> list[Piece]:
        """What was held back, without markers; `whole_text` is the text given out so far."""
        text, self.held = self.held, ""
        if self._state is _State.THINKING:
            return [(Kind.REASONING, text)] if text else []
        self._state = _State.TEXT
        if self._markers:
            bare = _without_markers(text)
            closes = text[bare:].count("</s>")
            if not closes or whole_text.count("<s>") < whole_text.count("</s>") + closes:
                text = text[:bare]
        return [(Kind.TEXT, text)] if text else []

    def _start(self, text: str) -> str:
        bare = text.lstrip()
        for tag in OPENING:
            if bare.startswith(tag):
                self._state = _State.THINKING
                self._trim = True
                return bare[len(tag) :]
        if len(text) < LONGEST_HELD and any(tag.startswith(bare) for tag in OPENING):
            self.held = text
            return ""
        self._state = _State.TEXT
        return text

    def _think(self, text: str, pieces: list[Piece]) -> str:
        """Takes reasoning off the front; gives back what follows the closing tag."""
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        at, tag = _find(text, CLOSING)
        if tag:
            if at:
                pieces.append((Kind.REASONING, text[:at]))
            self._closed()
            return text[at + len(tag) :]
        keep = _held_from(text, CLOSING)
        self.held = text[keep:]
        if keep:
            pieces.append((Kind.REASONING, text[:keep]))
        return ""

    def _text(self, text: str, pieces: list[Piece]) -> None:
        if self._watch_closing and "<" in text:
            text = self._lone_closing(text, pieces)
        if self._trim:
            text = text.lstrip()
            self._trim = not text
        if not text:
            return
        keep = len(text)
        if "<" in text:
            keep = self._certain(text)
            self.held = text[keep:]
        if keep:
            pieces.append((Kind.TEXT, text[:keep]))
            self._context = (self._context + text[:keep])[-1:]

    def _lone_closing(self, text: str, pieces: list[Piece]) -> str:
        """A closing tag that nothing opened: all before it was reasoning (quirk 4.6), unless it is quoted."""
        at, tag = _find(text, CLOSING)
        opened = _find(text, OPENING)[0]
        if 0 <= opened < at or (opened >= 0 and not tag):
            self._watch_closing = False  # a text that talks about tags
            return text
        if not tag:
            return text
        before, after = (self._context + text[:at])[-1:], text[at + len(tag) :][:1]
        if before in ("`", '"', "'") or after == "`":
            self._watch_closing = False
            return text
        pieces.append((Kind.WAS_REASONING, ""))
        if at:
            pieces.append((Kind.REASONING, text[:at]))
        self._closed()
        return text[at + len(tag) :]

    def _closed(self) -> None:
        self._state = _State.TEXT
        self._watch_closing = False
        self._trim = True

    def _certain(self, text: str) -> int:
        """Where the part begins that must be held back."""
        watched = (OPENING + CLOSING) if self._watch_closing else ()
        keep = _held_from(text, watched + (END_MARKERS if self._markers else ()))
        if self._markers:
            keep = _without_markers(text, keep)
        return keep if len(text) - keep <= LONGEST_HELD else len(text)


def _find(text: str, tags: tuple[str, ...]) -> tuple[int, str]:
    """Place and name of the first of these tags, (-1, "") if none is there."""
    found = [(at, tag) for tag in tags if (at := text.find(tag)) >= 0]
    return min(found) if found else (-1, "")


def _held_from(text: str, tags: tuple[str, ...]) -> int:
    """Where a tag may have begun that the end of the text cuts off; len(text) if nowhere."""
    at = text.rfind("<")
    if at < 0 or len(text) - at >= LONGEST_HELD:
        return len(text)
    tail = text[at:]
    return at if any(len(tail) < len(tag) and tag.startswith(tail) for tag in tags) else len(text)


def _without_markers(text: str, end: int | None = None) -> int:
    """Where the row of markers begins that ends the text (or its part before `end`), blanks between them included."""
    end = len(text) if end is None else end
    while True:
        bare = end
        while bare and text[bare - 1].isspace():
            bare -= 1
        for marker in END_MARKERS:
            if text.endswith(marker, 0, bare):
                end = bare - len(marker)
                break
        else:
            return end
