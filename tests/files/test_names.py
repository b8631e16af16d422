"""File names: what becomes of those that deceive."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from files import names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("notes.txt", "notes.txt"),
        ("季度总结（终稿）.docx", "季度总结（终稿）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\photo.png", "photo.png"),
        ("folder/", "folder"),
        ("a\x00b\x1b[31m\r\n.txt", "ab[31m .txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth\u2066.txt", "zerowidth.txt"),
        ("half\ud800pair.txt", "half\ufffdpair.txt"),
        ("  spaces \u2028 and\u00a0lines .txt ", "spaces and lines .txt"),
        (".gitignore", ".gitignore"),
        ("..", "unnamed"),
        ("", "unnamed"),
        ("\u202e\x00", "unnamed"),
        ("e\u0301.txt", "é.txt"),
        ("👩‍👩‍👧.png", "👩‍👩‍👧.png"),
    ],
)
def test_a_name_loses_what_deceives(given: str, kept: str) -> None:
    assert names.clean(given) == kept


def test_a_long_name_keeps_its_ending() -> None:
    kept = names.clean("名" * 4096 + ".docx")

    assert kept.endswith("….docx")
    assert len(kept.encode()) <= names.MOST_BYTES


@given(st.text(st.characters(), max_size=300))
def test_any_name_can_be_kept(given: str) -> None:
    kept = names.clean(given)

    assert kept
    assert len(kept.encode()) <= names.MOST_BYTES + 1
    assert not set(kept) & set("/\\")
    assert not [char for char in kept if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")]
    assert names.clean(kept) == kept
