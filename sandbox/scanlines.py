"""The rows of a PNG: filters undone, samples taken apart, and turned into RGBA (PNG specification, 3rd edition)."""

import collections.abc
import dataclasses
import functools
import itertools

CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # colour type -> samples a pixel


class PngError(ValueError):
    """Bytes that are no PNG, or a damaged one."""


class TooLargeError(PngError):
    """A good PNG of more pixels than the caller wants to spend time on."""


@dataclasses.dataclass
class Header:
    """What a PNG says about itself before its pixels."""

    width: int
    height: int
    depth: int
    kind: int  # 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA
    interlaced: bool
    palette: bytes = b""
    transparent: bytes = b""

    @property
    def bits(self) -> int:
        """Return the bits of a pixel."""
        return self.depth * CHANNELS[self.kind]


def lines(data: bytes, header: Header, width: int, height: int) -> collections.abc.Iterator[bytes]:
    """Yield the rows with their filters undone; a row that is missing is a fault."""
    size = (width * header.bits + 7) // 8
    step = max(1, header.bits // 8)
    before = bytes(size)
    for number in range(height):
        start = number * (size + 1)
        row = data[start + 1 : start + 1 + size]
        if len(row) != size:
            raise PngError("cut off")
        before = unfilter(data[start], row, before, step)
        yield before


def unfilter(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """Return a row with its filter undone (PNG specification, 9.2); step is the bytes of a pixel, at least 1."""
    if kind == 0:
        return row
    if kind == 1:  # each byte adds the one a pixel before: a running sum per channel
        out = bytearray(len(row))
        for place in range(step):
            out[place::step] = bytes(value & 255 for value in itertools.accumulate(row[place::step]))
        return bytes(out)
    if kind == 2:
        return bytes((one + up) & 255 for one, up in zip(row, above, strict=True))
    if kind not in (3, 4):
        raise PngError("unknown filter")
    return _average(row, above, step) if kind == 3 else _paeth(row, above, step)


def _average(row: bytes, above: bytes, step: int) -> bytes:
    out = bytearray(row)
    for place, up in enumerate(above):
        left = out[place - step] if place >= step else 0
        out[place] = (out[place] + (left + up >> 1)) & 255
    return bytes(out)


def _paeth(row: bytes, above: bytes, step: int) -> bytes:
    out = bytearray(row)
    for place in range(min(step, len(row))):
        out[place] = (out[place] + above[place]) & 255
    for place in range(step, len(row)):
        left, up, corner = out[place - step], above[place], above[place - step]
        by_left, by_up = abs(up - corner), abs(left - corner)
        by_corner = abs(left + up - corner - corner)
        nearest = left if by_left <= by_up and by_left <= by_corner else up if by_up <= by_corner else corner
        out[place] = (out[place] + nearest) & 255
    return bytes(out)


def _samples(row: bytes, depth: int, count: int) -> bytes:
    """Return a row's samples, one byte each: 16-bit ones by their high byte, packed ones taken apart."""
    if depth == 8:
        return row
    if depth == 16:
        return row[::2]
    apart = _taken_apart(depth)
    return b"".join(apart[byte] for byte in row[: -(-count * depth // 8)])[:count]


@functools.cache
def _taken_apart(depth: int) -> list[bytes]:
    """Return the samples in each possible byte, for 1, 2 or 4 bits a sample."""
    mask = (1 << depth) - 1
    return [bytes(byte >> shift & mask for shift in range(8 - depth, -1, -depth)) for byte in range(256)]


def rgba(row: bytes, header: Header, width: int) -> bytes:
    """Return a row as RGBA, with the palette applied; the one transparent colour of grey and RGB pictures stays."""
    samples = _samples(row, header.depth, width * CHANNELS[header.kind])
    out = bytearray(b"\xff" * (4 * width))
    if header.kind == 3:
        for place, table in enumerate(_tables(header)):
            out[place::4] = samples.translate(table)
    elif header.kind in (0, 4):
        grey = samples[:: CHANNELS[header.kind]]
        if header.depth < 8:
            top = (1 << header.depth) - 1
            grey = grey.translate(bytes(min(value, top) * 255 // top for value in range(256)))
        out[0::4] = out[1::4] = out[2::4] = grey
        if header.kind == 4:
            out[3::4] = samples[1::2]
    else:
        for place in range(CHANNELS[header.kind]):
            out[place::4] = samples[place :: CHANNELS[header.kind]]
    return bytes(out)


def _tables(header: Header) -> list[bytes]:
    """Return four tables that turn a palette's index into red, green, blue and alpha."""
    palette = header.palette.ljust(768, b"\0")
    return [palette[place : place + 766 : 3][:256] for place in range(3)] + [
        header.transparent[:256].ljust(256, b"\xff")
    ]
