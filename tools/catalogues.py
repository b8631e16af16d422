"""Translations: each `locale/*/LC_MESSAGES/*.po` compiled to the `.mo` file that gettext reads.

The GNU tools compile them too, but a machine that only runs the site need not have them.
"""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from tools.steps import StepError

LINE = re.compile(r'(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+)?(".*")\s*')
Entry = dict[str, str]


def compile_all(folder: Path) -> list[Path]:
    """Compile every catalogue under `folder` whose compiled form is missing or differs; returns those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target, compiled = source.with_suffix(".mo"), compiled_form(source)
        if not target.exists() or target.read_bytes() != compiled:
            target.write_bytes(compiled)
            written.append(target)
    return written


def compiled_form(source: Path) -> bytes:
    """The bytes of the `.mo` file for one `.po` file: its header and what is translated, without fuzzy guesses."""
    texts: dict[bytes, bytes] = {}
    for entry in entries(source):
        forms = [entry[key] for key in sorted(key for key in entry if key.startswith("msgstr"))]
        if not all(forms):
            continue
        name = entry["msgid"]
        if "msgctxt" in entry:
            name = f"{entry['msgctxt']}\x04{name}"
        if "msgid_plural" in entry:
            name = f"{name}\x00{entry['msgid_plural']}"
        texts[name.encode()] = "\x00".join(forms).encode()
    return packed(texts)


def entries(source: Path) -> Iterator[Entry]:
    """The entries of a `.po` file, as keyword to text; those marked fuzzy are left out, the header is kept."""
    entry: Entry = {}
    key, fuzzy = "", False
    for number, line in enumerate([*source.read_text(encoding="utf-8").splitlines(), ""], start=1):
        match = LINE.fullmatch(line)
        complete = any(name.startswith("msgstr") for name in entry)
        begins = match is not None and match[1] in ("msgctxt", "msgid") and complete
        if begins or not match:
            if entry and not (fuzzy and entry["msgid"]):
                yield entry
            fuzzy = (line.startswith("#,") and "fuzzy" in line) or (fuzzy and not entry and line.startswith("#"))
            entry = {}
        if match and (match[1] or key):
            key = f"{match[1]}{match[2] or ''}" if match[1] else key
            # The escapes of C that a catalogue uses are also those of Python.
            entry[key] = entry.get(key, "") + ast.literal_eval(match[3])
        elif line.strip() and not line.startswith("#"):
            raise StepError(f"{source.name}, line {number}: this is no line of a catalogue: {line}")


def packed(texts: dict[bytes, bytes]) -> bytes:
    """The GNU `.mo` layout: header, table of names, table of texts, then both, each ended by a zero byte."""
    names = sorted(texts)
    start = 28 + 16 * len(names)
    tables, body = [], b""
    for group in (names, [texts[name] for name in names]):
        for text in group:
            tables.append(struct.pack("<II", len(text), start + len(body)))
            body += text + b"\x00"
    header = struct.pack("<7I", 0x950412DE, 0, len(names), 28, 28 + 8 * len(names), 0, start)
    return header + b"".join(tables) + body
