"""An archive that is made while it is sent: whole, readable, and never in memory."""

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime
from typing import BinaryIO

from hypothesis import given
from hypothesis import strategies as st

from images.zips import PIECE, Entry, pieces

MADE = datetime(2026, 11, 14, 21, 40, 30, tzinfo=UTC)


def entry(name: str, data: bytes, made: datetime = MADE) -> Entry:
    return Entry(name, len(data), made, lambda: io.BytesIO(data))


def opened(entries: list[Entry]) -> zipfile.ZipFile:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces(entries))))
    assert archive.testzip() is None
    return archive


def test_every_file_is_in_it_with_its_name_its_time_and_its_bytes() -> None:
    large = bytes(range(256)) * 3_000
    archive = opened([entry("a house.png", b"small"), entry("海.webp", large)])
    assert archive.namelist() == ["a house.png", "海.webp"]
    assert archive.read("海.webp") == large
    assert archive.getinfo("a house.png").date_time == (2026, 11, 14, 21, 40, 30)


@given(st.lists(st.sampled_from(["a.png", "b", "a 2.png", "a 3.png"]), max_size=8))
def test_names_that_are_the_same_get_a_number_and_none_is_lost(names: list[str]) -> None:
    archive = opened([entry(name, str(at).encode()) for at, name in enumerate(names)])
    assert len(set(archive.namelist())) == len(names)
    assert [archive.read(name) for name in archive.namelist()] == [str(at).encode() for at in range(len(names))]


def test_a_file_that_is_gone_does_not_spoil_the_others() -> None:
    def gone() -> BinaryIO:
        raise FileNotFoundError

    archive = opened([entry("a.png", b"a"), Entry("b.png", 1, MADE, gone), entry("c.png", b"c")])
    assert archive.namelist() == ["a.png", "c.png", "missing.txt"]
    assert archive.read("missing.txt") == b"b.png\n"


def test_a_moment_before_the_format_knows_any_is_its_first() -> None:
    assert opened([entry("a", b"a", datetime(1970, 1, 1, tzinfo=UTC))]).getinfo("a").date_time == (1980, 1, 1, 0, 0, 0)


def test_no_more_than_a_piece_is_in_memory() -> None:
    class Endless(io.RawIOBase):
        """40 MB that nobody holds."""

        left = 40_000_000

        def read(self, size: int = -1) -> bytes:
            size = min(size, self.left)
            self.left -= size
            return bytes(size)

    tracemalloc.start()
    sizes = [len(piece) for piece in pieces([Entry("a", 40_000_000, MADE, Endless)])]  # type: ignore[arg-type,list-item]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) > 40_000_000
    assert all(sizes) and max(sizes) < 2 * PIECE
    assert peak < 8 * PIECE
