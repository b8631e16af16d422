"""HTTP's ranges: which bytes of a stored file a request asks for (RFC 9110, section 14). Pure."""

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class Unsatisfiable(Exception):
    """None of the bytes that are asked for exists."""


def asked(header: str, size: int) -> tuple[int, int] | None:
    """First byte and how many; None: all of them, as for several ranges at once and for what is no range.

    Raises Unsatisfiable.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[0] == "bytes=-":
        return None
    first, last = found[1], found[2]
    if not first:
        length = min(int(last), size)
        start = size - length
    else:
        start = int(first)
        if last and int(last) < start:
            return None
        length = min(int(last) if last else size, size - 1) - start + 1
    if length <= 0:
        raise Unsatisfiable()
    return start, length
