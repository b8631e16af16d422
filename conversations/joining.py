"""Where a continued answer repeats the end of what is there, the repetition is dropped. Pure.

Models that are asked to go on often write the last words, or the whole last line, once more, and open a code fence that
is open already. What comes is held back only for as long as it may still be such a repetition.
"""

import re

TAIL = 2_000  # characters of what is there that a repetition is looked for in: about two paragraphs
SURELY = 12  # letters that nobody writes twice by chance
HARDLY = 2  # letters, where a word would else go on with itself
HARDLY_WIDE = 8  # the same in Chinese, where nothing shows whether a word has ended, and many are doubled
_OPENING = re.compile(r"\s*(?P<fence>`{3,}|~{3,})(?P<language>[\w+#.-]+)[^`\n]*\n")
_MAYBE_OPENING = re.compile(r"\s{0,80}(?:`{0,2}|~{0,2}|(?:`{3,9}|~{3,9})[\w+#. -]{0,40})")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


class Joiner:
    """Takes what continues `before`, piece by piece, and gives what of it is new.

    `feed` and `end` together give all of it, but for a repetition at its beginning.
    """

    def __init__(self, before: str) -> None:
        self._tail = before[-TAIL:]
        self._fence = open_fence(before)
        self._held = ""
        self._decided = not self._tail

    def feed(self, text: str) -> str:
        """A piece came; what of all that is known to be new by now."""
        if self._decided:
            return text
        self._held += text
        return "" if self._undecided() else self.end()

    def end(self) -> str:
        """Nothing more comes, or it is decided: what was held back and is new."""
        held, self._held = self._held, ""
        if self._decided:
            return held
        self._decided = True
        return joined(self._tail, held, fence=self._fence)

    def _undecided(self) -> bool:
        """Whether what is held may still grow into a repetition; it can be no longer than what it would repeat."""
        rest = _without_opening(self._held, self._fence)
        if rest is self._held and self._fence and _MAYBE_OPENING.fullmatch(rest):
            return True
        return len(rest) <= len(self._tail) and rest.lstrip() in self._tail


def joined(before: str, more: str, *, fence: str = "") -> str:
    """What of `more` is new after `before`, whose open code fence is `fence`."""
    rest = _without_opening(more, fence)
    stripped = rest.lstrip()
    if length := _overlap(before, rest):
        return rest[length:]
    if length := _overlap(before, stripped, surely=True):
        return stripped[length:]
    return rest


def open_fence(text: str) -> str:
    """The signs of the code fence in which `text` ends; nothing where it ends outside of one."""
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.fullmatch(line)
        if found is None:
            continue
        signs, rest = found[1], found[2].strip()
        if not fence:
            fence = "" if "`" in rest and signs[0] == "`" else signs
        elif signs.startswith(fence) and not rest:
            fence = ""
    return fence


def _without_opening(text: str, fence: str) -> str:
    """A fence with a language cannot close one: inside of one it is opened again."""
    found = _OPENING.match(text) if fence else None
    return text[found.end() :] if found and found["fence"][0] == fence[0] else text


def _overlap(before: str, more: str, *, surely: bool = False) -> int:
    """How many characters at the beginning of `more` stand at the end of `before` already; the most there are."""
    longest = min(len(before), len(more))
    return next(
        (n for n in range(longest, 0, -1) if before.endswith(more[:n]) and _is_said_again(before, n, surely)), 0
    )


def _is_said_again(before: str, length: int, surely: bool) -> bool:
    """Whether so many characters at the end are words said again, not what the text goes on with: in doubt they stay.

    Many letters are said again, unless the text repeats itself anyway. Few are so only where `before` breaks off in or
    right after a word, or in a line, that comes again from its beginning: what went on would not begin with it.
    """
    at = len(before) - length
    same = before[at:]
    begins_line = at == 0 or before[at - 1] == "\n"
    begins_word = not (at and _in_word(before[at - 1]) and _in_word(same[0]))
    letters = sum(1 + _is_wide(char) for char in same if char.isalpha())
    if letters >= SURELY:
        return begins_word and not before[:at].endswith(same)
    if surely or not same[-1].isalpha() or letters < (HARDLY_WIDE if _is_wide(same[-1]) else HARDLY):
        return False
    return begins_line or (begins_word and not same[0].isspace())


def _in_word(char: str) -> bool:
    return (char.isalnum() or char == "_") and not _is_wide(char)


def _is_wide(char: str) -> bool:
    """Chinese, Japanese, Korean: no space shows where a word begins."""
    return "\u2e80" <= char <= "\uffef"
