"""What is sent as it is, is in memory as a whole: one file has a limit, and so have all of one request together."""

from typing import Any

import pytest

from conversations.attached import chosen, parts
from conversations.attached.parts import Wanted
from conversations.errors import FileUnreadable
from conversations.runs import filling
from files.models import File, Kind


def file(size: int, **fields: Any) -> File:
    return File(name="a.bin", kind=Kind.OTHER, mime="application/octet-stream", size=size, **fields)


@pytest.mark.parametrize("way", [parts.WHOLE, parts.AUDIO])
def test_a_file_that_is_too_large_to_be_sent_as_it_is_is_refused(way: str) -> None:
    large = file(parts.MOST_WHOLE + 1)
    with pytest.raises(FileUnreadable) as refused:
        chosen.part_of(large, Wanted(large.pk, way=way), None)
    assert "larger than the 48 MB" in refused.value.message
    allowed = file(parts.MOST_WHOLE)
    assert chosen.part_of(allowed, Wanted(allowed.pk, way=parts.WHOLE), None)["as"] == parts.WHOLE


def test_older_files_make_room_for_newer_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_WHOLE", 100_000)
    monkeypatch.setattr(filling.storage, "read", lambda file: b"x" * file.size)
    files = [file(size) for size in (50_000, 39_000, 60_000)]
    open_parts = [chosen.part_of(one, Wanted(one.pk, way=parts.WHOLE), None) for one in files]
    made = filling._make_all(open_parts, filling._Found({str(one.pk): one for one in files}, {}, sees=True))
    assert [one["type"] for one in made] == ["text", "file", "file"]
    assert "was not sent again" in made[0]["text"]
