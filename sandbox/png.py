"""PNG in and out: any colour type, depth and interlacing to RGBA pixels, and pixels to a file (PNG, 3rd edition)."""

import collections.abc
import dataclasses
import struct
import zlib

from sandbox import scanlines

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclasses.dataclass(frozen=True)
class Pixels:
    """A picture: rows of RGBA bytes, four a pixel; height counts the rows that are there."""

    width: int
    rows: list[bytes]

    @property
    def height(self) -> int:
        """Return the number of rows."""
        return len(self.rows)


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk with its length and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def encode(pixels: Pixels, notes: collections.abc.Mapping[str, str] | None = None) -> bytes:
    """Return a PNG, RGB when no pixel is transparent; notes become its international text chunks."""
    opaque = all(row[3::4].count(255) == pixels.width for row in pixels.rows)
    squeeze = zlib.compressobj(6)
    data = b""
    for row in pixels.rows:
        if opaque:
            packed = bytearray(3 * pixels.width)
            for place in range(3):
                packed[place::3] = row[place::4]
            row = bytes(packed)
        data += squeeze.compress(b"\0" + row)
    head = struct.pack(">IIBBBBB", pixels.width, pixels.height, 8, 2 if opaque else 6, 0, 0, 0)
    texts = b"".join(
        chunk(b"iTXt", name.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8", "replace"))
        for name, text in (notes or {}).items()
    )
    return SIGNATURE + chunk(b"IHDR", head) + texts + chunk(b"IDAT", data + squeeze.flush()) + chunk(b"IEND", b"")


def read_header(data: bytes) -> tuple[scanlines.Header, list[bytes]]:
    """Return the header and the compressed pieces; scanlines.PngError for anything that is not a whole, valid PNG."""
    if not data.startswith(SIGNATURE):
        raise scanlines.PngError("not a PNG")
    header: scanlines.Header | None = None
    pieces: list[bytes] = []
    for name, body in _chunks(data):
        if name == b"IHDR":
            header = _header(body)
        elif header is None:
            raise scanlines.PngError("the header is not first")
        elif name == b"PLTE":
            header.palette = body
        elif name == b"tRNS":
            header.transparent = body
        elif name == b"IDAT":
            pieces.append(body)
    if header is None or not pieces:
        raise scanlines.PngError("no picture in it")
    return header, pieces


def _chunks(data: bytes) -> collections.abc.Iterator[tuple[bytes, bytes]]:
    """Yield the name and content of each whole chunk up to the end marker."""
    place = len(SIGNATURE)
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4])
        name, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if name == b"IEND" or len(body) != length:
            return
        yield name, body
        place += 12 + length


def _header(body: bytes) -> scanlines.Header:
    if len(body) != 13:
        raise scanlines.PngError("bad header")
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", body)
    if not width or not height or depth not in DEPTHS.get(kind, ()) or interlaced > 1:
        raise scanlines.PngError("bad header")
    return scanlines.Header(width, height, depth, kind, bool(interlaced))


def decode(data: bytes, most: int) -> Pixels:
    """Return a PNG's pixels: from the top as many rows as hold at most `most` pixels, of an interlaced one all.

    Raises PngError, and TooLargeError where not even that is possible. Memory stays within the size of those rows,
    however large the file says it is.
    """
    header, pieces = read_header(data)
    if header.width > most:
        raise scanlines.TooLargeError("too wide")
    height = min(header.height, max(1, most // header.width))
    if not header.interlaced:
        rows = scanlines.lines(
            _inflate(pieces, height * (1 + (header.width * header.bits + 7) // 8)), header, header.width, height
        )
        return Pixels(header.width, [scanlines.rgba(row, header, header.width) for row in rows])
    if height < header.height:
        raise scanlines.TooLargeError("interlaced and too large")
    return _interlaced(pieces, header)


def _inflate(pieces: list[bytes], size: int) -> bytes:
    """Return the first size bytes of the compressed data; fewer only when it is cut off."""
    out = zlib.decompressobj()
    data = bytearray()
    try:
        for piece in pieces:
            data += out.decompress(piece, size - len(data) + 1)
            if len(data) >= size:
                break
    except zlib.error as error:
        raise scanlines.PngError("damaged") from error
    return bytes(data[:size])


def _interlaced(pieces: list[bytes], header: scanlines.Header) -> Pixels:
    """Put the seven passes of an interlaced picture together."""
    sizes = [(-(-(header.width - x) // across), -(-(header.height - y) // down)) for x, y, across, down in ADAM7]
    lengths = [h * (1 + (w * header.bits + 7) // 8) if w > 0 and h > 0 else 0 for w, h in sizes]
    data = _inflate(pieces, sum(lengths))
    rows = [bytearray(4 * header.width) for _ in range(header.height)]
    start = 0
    for (x, y, across, down), (width, height), length in zip(ADAM7, sizes, lengths, strict=True):
        lines = scanlines.lines(data[start : start + length], header, width, height) if length else ()
        for number, line in enumerate(lines):
            part, row = scanlines.rgba(line, header, width), rows[y + number * down]
            for place in range(4):
                row[4 * x + place :: 4 * across] = part[place::4]
        start += length
    return Pixels(header.width, [bytes(row) for row in rows])
