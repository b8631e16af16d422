"""From a file's first bytes to its kind and its type. Pure; nothing is decoded here."""

import codecs
import dataclasses
import re
from collections.abc import Callable

from files import names
from files.extracting.decoding import decode
from files.models import Kind

HEAD = 64 * 1024  # bytes that are looked at
_GLANCE = 4 * 1024
TEXT = "text/plain"


@dataclasses.dataclass(frozen=True)
class Guess:
    """`charset` is empty for what is no text. `is_script`: a program or a page, whatever its name says."""

    kind: Kind
    mime: str
    is_script: bool = False
    charset: str = ""


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_BINARY: tuple[tuple[Callable[[bytes], object], Kind, str], ...] = (
    (lambda head: head.startswith(b"\x89PNG\r\n\x1a\n"), Kind.IMAGE, "image/png"),
    (lambda head: head.startswith(b"\xff\xd8\xff"), Kind.IMAGE, "image/jpeg"),
    (lambda head: head.startswith((b"GIF87a", b"GIF89a")), Kind.IMAGE, "image/gif"),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WEBP", Kind.IMAGE, "image/webp"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"), Kind.IMAGE, "image/avif"),
    (lambda head: head.startswith(b"BM") and head[6:10] == b"\0\0\0\0", Kind.IMAGE, "image/bmp"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"mif1"), Kind.OTHER, "image/heic"),
    (lambda head: head.startswith((b"II*\0", b"MM\0*")), Kind.OTHER, "image/tiff"),
    (lambda head: head.startswith(b"%PDF-"), Kind.PDF, "application/pdf"),
    (lambda head: head.startswith(b"RIFF") and head[8:12] == b"WAVE", Kind.AUDIO, "audio/wav"),
    (lambda head: head.startswith(b"OggS"), Kind.AUDIO, "audio/ogg"),
    (lambda head: head.startswith(b"fLaC"), Kind.AUDIO, "audio/flac"),
    (lambda head: head.startswith(b"ID3"), Kind.AUDIO, "audio/mpeg"),
    (lambda head: re.match(rb"\xff[\xe2\xe3\xf2\xf3\xfa\xfb][^\xf0-\xff]", head), Kind.AUDIO, "audio/mpeg"),
    (lambda head: re.match(rb"\xff[\xf1\xf9]", head), Kind.AUDIO, "audio/aac"),
    (lambda head: head[4:8] == b"ftyp" and head[8:12] in (b"M4A ", b"M4B "), Kind.AUDIO, "audio/mp4"),
    (lambda head: head[4:8] == b"ftyp", Kind.OTHER, "video/mp4"),
    (lambda head: head.startswith(b"\x1aE\xdf\xa3"), Kind.OTHER, "video/webm"),
    (lambda head: head.startswith(b"PK\x03\x04") and b"word/" in head, Kind.WORD, _DOCX),
    (lambda head: head.startswith((b"PK\x03\x04", b"PK\x05\x06")), Kind.OTHER, "application/zip"),
    (lambda head: head.startswith(b"\x1f\x8b"), Kind.OTHER, "application/gzip"),
)  # fmt: skip
_PROGRAM = re.compile(rb"#!|MZ|\x7fELF|\xca\xfe\xba\xbe|<\?php|[\xfe\xcf\xce]\xed\xfa")
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*)*+"
    rb"<(?:!doctype html|html|head|body|script|iframe|svg|style|table|a\s|div)",
    re.IGNORECASE | re.DOTALL,
)
_SVG = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?><!--.*?-->\s*|<!doctype svg[^>]*>\s*)*+<svg[\s>]", re.IGNORECASE | re.DOTALL
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_LABELS = {
    "cp932": "ms932",
    "big5hkscs": "big5-hkscs",
    "euc_jp": "euc-jp",
    "cp949": "euc-kr",
    "koi8_r": "koi8-r",
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
}
_CODE = frozenset(
    """bash bat c cc clj cpp cs css cu dart ex exs fish go graphql gradle h hpp hs ini ipynb java jl js json jsonl jsx
    kt less lua m mjs ml mm nim nix patch diff php pl proto ps1 py pyi r rb rs sass scala scss sh sol sql svelte swift
    tf toml ts tsx vb vue xml yaml yml zig zsh svg makefile dockerfile""".split()  # noqa: SIM905 - sixty of them
)
_JSONS = {"json": "application/json", "jsonl": "application/jsonl", "ipynb": "application/json"}


def guess(head: bytes, name: str) -> Guess:
    """The kind and type of what begins with `head` (its first HEAD bytes, or all there is)."""
    for fits, kind, mime in _BINARY:
        if fits(head):
            return Guess(kind, mime)
    is_program = _PROGRAM.match(head) is not None
    charset = charset_of(head)
    if charset is None:
        return Guess(Kind.OTHER, "application/octet-stream", is_script=is_program)
    found = _text(head, names.ending(name) or name.lower(), is_program)
    return dataclasses.replace(found, charset=charset)


def charset_of(head: bytes) -> str | None:
    """How a text is written, by a name that browsers know as well; None for what is no text."""
    if _CONTROLS.search(decode(head[:_GLANCE])[0]):
        return None  # as most of what is no text shows at once; to weigh every encoding for all of it takes 100 ms
    text, found = decode(head)
    if len(head) == HEAD:
        text = text.rstrip("\ufffd")  # a character was cut in two
    mostly_high = found == "cp1252" and len(_HIGH.findall(head)) > 0.3 * len(head)
    if mostly_high or "\ufffd" in text or _CONTROLS.search(text):
        return None
    return _LABELS.get(found, found)


def _text(head: bytes, ending: str, is_program: bool) -> Guess:
    head = head.removeprefix(codecs.BOM_UTF8)
    if _SVG.match(head):
        return Guess(Kind.CODE, "image/svg+xml", is_script=True)
    if ending in ("html", "htm", "xhtml") or (ending not in _CODE and _PAGE.match(head)):
        return Guess(Kind.HTML, "text/html", is_script=True)
    if ending in ("csv", "tsv"):
        return Guess(Kind.CSV, "text/csv" if ending == "csv" else "text/tab-separated-values")
    if ending in _CODE or is_program:
        return Guess(Kind.CODE, _JSONS.get(ending, TEXT), is_script=is_program or _PAGE.match(head) is not None)
    return Guess(Kind.TEXT, "text/markdown" if ending in ("md", "markdown") else TEXT)
