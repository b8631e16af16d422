"""HTML -> the text that a reader would see: headings, lists and tables by their signs, no scripts, nothing fetched."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from files.extracting.pages import Facts, Limits, Unreadable, by_length, cleaned
from files.extracting.plain import text_of

_UNSEEN = {"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select", "head"}
_BLOCKS = {
    *("p", "div", "section", "article", "header", "footer", "main", "nav", "aside", "ul", "ol", "dl", "dt", "dd"),
    *("table", "tr", "blockquote", "pre", "figure", "figcaption", "form", "fieldset", "address", "hr", "title", "body"),
}
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_SPACES = re.compile(r"[ \t]*\n[ \t]*")


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unseen = ""  # the element in which nothing is seen
        self._depth = 0
        self._verbatim = 0
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen:
            self._depth += tag == self._unseen
        elif tag in _UNSEEN and tag != "head":
            self._unseen, self._depth = tag, 1
        elif tag in _HEADINGS:
            self.found.append("\n\n" + _HEADINGS[tag])
        elif tag == "li":
            self.found.append("\n- ")
        elif tag in ("td", "th"):
            self.found.append(" | " if self._cells else "")
            self._cells += 1
        elif tag == "br":
            self.found.append("\n")
        elif tag == "img":
            self.found.append(dict(attrs).get("alt") or "")
        elif tag in _BLOCKS:
            self._block(tag)

    def _block(self, tag: str) -> None:
        self._verbatim += tag == "pre"
        self._cells = 0
        self.found.append("\n" if tag in ("tr", "dt", "dd") else "\n\n")

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            self._depth -= tag == self._unseen
            if self._depth <= 0:
                self._unseen = ""
        elif tag in _HEADINGS:
            self.found.append("\n\n")
        elif tag in _BLOCKS:
            self._verbatim = max(0, self._verbatim - (tag == "pre"))
            self.found.append("\n" if tag in ("tr", "dt", "dd") else "\n\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            kept = data.replace(" ", "\u00a0") if self._verbatim else re.sub(r"\s+", " ", data)
            self.found.append(kept)


def read(source: BinaryIO, limits: Limits, facts: Facts) -> Iterator[str]:
    """Pages of one length: a web page has none of its own."""
    text = _declared(source, limits, facts)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    seen = re.sub(r"\n{3,}", "\n\n", _SPACES.sub("\n", cleaned("".join(reader.found)))).strip("\n ")
    seen = seen.replace("\u00a0", " ")
    if not seen.strip():
        raise Unreadable("no_text")
    pages = list(by_length(seen + "\n"))
    facts.total = len(pages)
    yield from pages


def _declared(source: BinaryIO, limits: Limits, facts: Facts) -> str:
    """The page in the encoding that it names, where it can be read in that."""
    begin = source.read(4096)
    source.seek(0)
    named = _CHARSET.search(begin)
    if named:
        name = named[1].decode("ascii").lower()
        try:
            text = source.read(limits.characters * 4).decode({"gb2312": "gb18030", "gbk": "gb18030"}.get(name, name))
        except (LookupError, ValueError):
            source.seek(0)
        else:
            facts.encoding = name
            return text
    return text_of(source, limits, facts)
