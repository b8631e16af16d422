"""Parts that lie apart, read as the one file that they make. Only the part that is being read is open."""

import bisect
import io
from collections.abc import Sequence
from itertools import accumulate
from typing import BinaryIO

from files import storage


class Joined(io.RawIOBase):
    """A seekable stream over stored paths, whose sizes are known."""

    def __init__(self, paths: Sequence[str], sizes: Sequence[int]) -> None:
        self._paths = paths
        self._ends = list(accumulate(sizes))
        self._place = 0
        self._open: tuple[int, BinaryIO] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._ends[-1]}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Some bytes of one part; 0 at the end."""
        index = bisect.bisect_right(self._ends, self._place)
        if index == len(self._paths):
            return 0
        left = self._ends[index] - self._place
        stream = self._part(index)
        stream.seek(self._place - (self._ends[index - 1] if index else 0))
        found = stream.read(min(len(buffer), left))
        if not found:
            raise OSError("a part is shorter than it was")
        buffer[: len(found)] = found
        self._place += len(found)
        return len(found)

    def close(self) -> None:
        if self._open:
            self._open[1].close()
            self._open = None
        super().close()

    def _part(self, index: int) -> BinaryIO:
        if self._open and self._open[0] == index:
            return self._open[1]
        if self._open:
            self._open[1].close()
        self._open = index, storage.open_path(self._paths[index])
        return self._open[1]
