"""Search by words over Markdown documents: sections, their words, and which section answers a question best."""

import collections
import collections.abc
import dataclasses
import itertools
import math
import re

from sandbox import lexicon

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*$")
FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
WORD = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[\u3400-\u9fff\uf900-\ufaff]+")
CURVE = 0.8  # how soon more of the same word stops to count (BM25's k1)
FIRST = 1.5  # the README is written for newcomers and goes before the rest
PART = re.compile(r"[a-z0-9]+")


@dataclasses.dataclass(frozen=True)
class Section:
    """A piece of a document under one heading; path is the headings above it, its own last."""

    document: str
    path: tuple[str, ...]
    text: str

    @property
    def name(self) -> str:
        """Return what an answer calls it: the document and its headings but the first, which is the document's own."""
        return " › ".join((self.document, *(self.path[1:] or self.path)))


def sections(document: str, text: str) -> list[Section]:
    """Return a document's sections in order; a # inside a code fence is no heading."""
    found: list[Section] = []
    path: list[str] = []
    levels: list[int] = []
    lines: list[str] = []
    fence = ""

    def close() -> None:
        body = "\n".join(lines).strip()
        if body:
            found.append(Section(document, tuple(path), body))
        lines.clear()

    for line in text.splitlines():
        mark = FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        heading = None if fence or mark else HEADING.match(line)
        if not heading:
            lines.append(line)
            continue
        close()
        while levels and levels[-1] >= len(heading[1]):
            levels.pop()
            path.pop()
        levels.append(len(heading[1]))
        path.append(re.sub(r"[`*_]", "", heading[2]))
    close()
    return found


def _stem(word: str) -> str:
    for ending in ("ations", "ation", "ings", "ing", "ies", "ied", "ers", "er", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word.rstrip("ey") if len(word) > 4 else word


def words(text: str) -> list[str]:
    """Return the words that search compares: lower case, endings cut; Han characters singly and in pairs."""
    found: list[str] = []
    for match in WORD.finditer(text.lower()):
        run = match[0]
        if ord(run[0]) < 0x3400:
            parts = PART.findall(run)
            found.extend(_stem(part) for part in parts if part not in lexicon.STOP_WORDS)
        else:
            found.extend(one for one in run if one not in lexicon.STOP_WORDS)
            found.extend(map("".join, itertools.pairwise(run)))
    return found


def question_words(text: str) -> list[str]:
    """Return the words of a question, each once; Chinese terms stand for the documents' English ones."""
    added = " ".join(english for term, english in lexicon.GLOSSARY.items() if term in text)
    if added:
        text = re.sub("|".join(lexicon.GLOSSARY), " ", text) + " " + added
    same = {_stem(word): _stem(other) for word, other in lexicon.SAME.items()}
    return list(dict.fromkeys(same.get(word, word) for word in words(text) if not word.isdecimal() or len(word) > 2))


@dataclasses.dataclass(frozen=True)
class Hit:
    """A section found: its BM25 score, the share of the question's weight (0 to 1) in it, and if its heading fits."""

    section: Section
    score: float
    share: float
    named: bool


class Index:
    """Sections and the numbers that BM25 needs."""

    def __init__(self, found: collections.abc.Sequence[Section]) -> None:
        self.sections = list(found)
        self._same = {_stem(word): _stem(other) for word, other in lexicon.SAME.items()}
        self._counts = [self._count(section) for section in self.sections]
        self._lengths = [sum(count.values()) for count in self._counts]
        self._average = sum(self._lengths) / max(1, len(self._lengths))
        self._holding = collections.Counter(word for count in self._counts for word in count)

    def _count(self, section: Section) -> collections.Counter[str]:
        """Count a section's words; those of its own heading weigh four times, of the ones above twice."""
        above, own = " ".join(section.path[:-1]), " ".join(section.path[-1:])
        return collections.Counter(self._words(section.text) + self._words(above) * 2 + self._words(own) * 4)

    def _words(self, text: str) -> list[str]:
        return [self._same.get(word, word) for word in words(text)]

    def _known(self, word: str) -> str:
        """Return a word as the documents have it: "postgres" for them is "postgresql"; else the word itself."""
        if self._holding[word] or len(word) < 5 or not word.isascii():
            return word
        longer = [other for other in self._holding if other.startswith(word)]
        return min(longer, key=len, default=word)

    def _weight(self, word: str) -> float:
        holding = self._holding[word]
        return math.log(1 + (len(self.sections) - holding + 0.5) / (holding + 0.5))

    def find(self, question: collections.abc.Sequence[str]) -> list[Hit]:
        """Return the sections that hold any of the words, best first."""
        question = list(dict.fromkeys(self._known(word) for word in question))
        # Chinese words that no document holds are left out: the documents are in English; terms are translated.
        total = sum(self._weight(word) for word in question if self._holding[word] or word.isascii()) or 1.0
        hits = []
        for section, count, length in zip(self.sections, self._counts, self._lengths, strict=True):
            score = found = 0.0
            for word in question:
                if times := count[word]:
                    weight = self._weight(word)
                    found += weight
                    score += weight * times * (1 + CURVE) / (times + CURVE * (0.25 + 0.75 * length / self._average))
            if found:
                named = not set(question).isdisjoint(self._words(" ".join(section.path[-1:])))
                favour = FIRST if section.document.upper().startswith("README") else 1.0
                hits.append(Hit(section, score * favour, found / total, named))
        return sorted(hits, key=lambda hit: -hit.score)
