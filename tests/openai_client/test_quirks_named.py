"""Every row of the list of what servers do differently is named by a test: its id stands in a name or in a table."""

from __future__ import annotations

import re
from pathlib import Path

ROWS = {1: 18, 2: 11, 3: 5, 4: 10, 5: 14, 6: 18, 7: 10, 8: 9, 9: 8}  # section -> how many rows it has
IN_A_NAME = re.compile(r"def test_(?:\w+_)?(\d+)_(\d+)_")
IN_A_TABLE = re.compile(r"""\(\s*f?["'](\d+)\.(\d+)(?=[ "'/])""")
IN_A_DOCSTRING = re.compile(r"""\"\"\"(?:\d+\.\d+, )*(\d+)\.(\d+)[:,]""")


def named() -> set[tuple[int, int]]:
    texts = [path.read_text() for path in Path(__file__).parent.glob("test_*.py")]
    found = [pair for text in texts for form in (IN_A_NAME, IN_A_TABLE, IN_A_DOCSTRING) for pair in form.findall(text)]
    return {(int(section), int(row)) for section, row in found}


def test_every_row_is_named_by_a_test() -> None:
    every = {(section, row) for section, rows in ROWS.items() for row in range(1, rows + 1)}
    assert sorted(every - named()) == []
