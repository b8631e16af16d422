"""What is kept of a reading, however its child ended."""

import asyncio
from typing import Any

import pytest

from files.actions import Read
from files.extract import _Heard
from files.models import Blob, Extraction

FACTS = {"total": 2, "paged": True, "encoding": "", "cut": "", "unread": 0}
PAGES = [["page", "one", True], ["page", "tw", False], ["page", "o", True]]
SLOW, DEAD = -24, -11


@pytest.mark.parametrize(
    ("lines", "code", "expected"),
    [
        ([*PAGES, ["end", FACTS]], 0, Read(["one", "two"], 2, True)),
        ([["failed", "encrypted"]], 0, Read(error="encrypted")),
        ([["total", 9], ["failed", "no_text"]], 0, Read(error="no_text", total=9)),
        ([["total", 9], *PAGES], SLOW, Read(["one", "two"], 9, True, cut="seconds")),
        ([["total", 9], *PAGES], DEAD, Read(["one", "two"], 9, True, cut="damaged")),
        ([["page", " \n", True]], DEAD, Read(error="damaged")),
        ([], SLOW, Read(error="too_slow")),
        ([], 1, Read(error="damaged")),
        ([["page", 1, 2], ["nonsense"], {"a": 1}, ["end", "x"]], 1, Read(error="damaged")),
    ],
    ids=["whole", "refused", "no-text", "slow", "crashed", "nothing-yet", "too-slow", "dead-at-once", "nonsense"],
)
def test_the_pages_that_came_are_kept(lines: list[Any], code: int, expected: Read) -> None:
    async def hear() -> Read:
        heard = _Heard(Extraction(blob=Blob(owner_id=1), kind="pdf"), [])
        for line in lines:
            heard.hear(line)
        return heard.outcome(code)

    assert asyncio.run(hear()) == expected
