"""`python -m files.extracting KIND LIMITS < FILE`: a file's pages as lines of JSON, within the kernel's limits.

Lines: `["page", text, whether it ends here]`, `["total", pages]`; at the end `["end", facts]` or `["failed", code]`.
Whoever reads them must expect that they stop anywhere: a hostile file may take this process down.
"""

import dataclasses
import importlib
import json
import logging
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any

from files.extracting.pages import Facts, Limits, Unreadable, bounded

CHUNK = 16 * 1024  # characters of a line
# By name: what reads PDF takes longer to load than most texts take to read.
_READERS = {"text": "plain", "code": "plain", "csv": "plain", "html": "htmls", "pdf": "pdfs", "word": "words"}


def main(kind: str, limits: Limits) -> None:
    """Read standard input, and write its text."""
    _bind(limits)
    logging.disable(logging.CRITICAL)  # libraries quote what they read
    facts = Facts()
    try:
        reader = importlib.import_module(f"files.extracting.{_READERS[kind]}")
        _write_pages(bounded(reader.read(sys.stdin.buffer, limits, facts), limits, facts), facts)
        _write("end", dataclasses.asdict(facts))
    except Unreadable as why:
        _write("failed", why.code)
    except MemoryError:
        _write("failed", "too_much_memory")
    except RecursionError:
        _write("failed", "damaged")


def _write_pages(pages: Iterator[str], facts: Facts) -> None:
    told = False
    for page in pages:
        if facts.total is not None and not told:
            _write("total", facts.total)
            told = True
        for start in range(0, len(page) or 1, CHUNK):
            _write("page", page[start : start + CHUNK], start + CHUNK >= len(page))


def _write(*line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def _bind(limits: Limits) -> None:
    """Let the kernel hold the limits; the chat goes first."""
    os.nice(10)
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1], Limits(**json.loads(sys.argv[2])))
