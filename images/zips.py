"""Many files as one ZIP archive, made while it is sent: of each file only a piece is ever in memory."""

import dataclasses
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

PIECE = 256 * 1024  # bytes
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that the format knows
_MISSING = "missing.txt"


@dataclasses.dataclass(frozen=True)
class Entry:
    """A file in the archive. `open` gives its bytes, and raises what `missing` of `pieces` names when they are gone."""

    name: str
    size: int
    made: datetime
    open: Callable[[], BinaryIO]


def pieces(entries: Iterable[Entry], missing: tuple[type[Exception], ...] = (FileNotFoundError,)) -> Iterator[bytes]:
    """The archive, none of its pieces empty. Pictures are compressed already, so they are stored as they are.

    A file whose bytes are gone does not spoil the others: the archive then has a list of those that are missing.
    """
    sink, gone, taken = _Sink(), [], set[str]()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for entry in entries:
            name = _free(entry.name, taken)
            try:
                source = entry.open()
            except missing:
                gone.append(name)
                continue
            with source, archive.open(_info(name, entry), "w") as place:
                while piece := source.read(PIECE):
                    place.write(piece)
                    yield from sink.taken()
            yield from sink.taken()
        if gone:
            archive.writestr(_MISSING, "\n".join(gone) + "\n")
    yield from sink.taken()


def _info(name: str, entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, max(_EARLIEST, entry.made.timetuple()[:6]))
    info.file_size = entry.size  # so that it knows which need the format for large files
    return info


def _free(name: str, taken: set[str]) -> str:
    """The name, or with a number when another file has it."""
    stem, dot, ending = name.rpartition(".")
    free, count = name, 1
    while free in taken:
        count += 1
        free = f"{stem} {count}{dot}{ending}"
    taken.add(free)
    return free


class _Sink(io.RawIOBase):
    """Where the archive writes: holds no more than was written since somebody took it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]
        self._held.append(bytes(data))
        return len(data)

    def taken(self) -> Iterator[bytes]:
        """What was written, as one piece; nothing when there is none."""
        whole, self._held = b"".join(self._held), []
        if whole:
            yield whole
