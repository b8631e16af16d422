"""What a picture's bytes say: format and size from the header, main colours where the pixels can be read."""

import collections
import dataclasses
import struct

from sandbox import png, scanlines

MOST_PIXELS = 500_000  # that are decoded to tell colours, in about half a second
MOST_SAMPLES = 20_000  # pixels that are counted
NAMED = {
    "black": (0, 0, 0), "dark grey": (70, 70, 70), "grey": (128, 128, 128), "light grey": (200, 200, 200),
    "white": (255, 255, 255), "red": (220, 30, 30), "dark red": (128, 0, 0), "orange": (255, 150, 20),
    "brown": (130, 80, 40), "yellow": (250, 230, 40), "beige": (240, 220, 180), "olive": (128, 128, 0),
    "lime": (150, 230, 50), "green": (30, 160, 50), "dark green": (0, 80, 20), "teal": (0, 128, 128),
    "cyan": (60, 220, 230), "light blue": (160, 210, 250), "blue": (40, 80, 220), "dark blue": (10, 20, 110),
    "purple": (120, 40, 160), "violet": (180, 130, 240), "magenta": (230, 40, 200), "pink": (255, 170, 190),
}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture: format, size in pixels, frames where the format tells, and colours as (name, share from 0 to 1)."""

    format: str
    width: int
    height: int
    note: str = ""
    colours: tuple[tuple[str, float], ...] = ()
    partly: bool = False  # only the upper part was looked at


def look(data: bytes) -> Picture | None:
    """Return what the bytes say, None when they are no PNG, JPEG, GIF or WebP."""
    readers = ((png.SIGNATURE, _png), (b"\xff\xd8\xff", _jpeg), (b"GIF8", _gif), (b"RIFF", _webp))
    for start, reader in readers:
        if data.startswith(start):
            try:
                return reader(data)
            except (scanlines.PngError, struct.error, IndexError):
                return None
    return None


def _png(data: bytes) -> Picture:
    header, _ = png.read_header(data)
    kinds = {0: "grey", 2: "RGB", 3: "palette", 4: "grey with alpha", 6: "RGB with alpha"}
    note = f"{kinds[header.kind]}, {header.depth} bits"
    try:
        pixels = png.decode(data, MOST_PIXELS)
    except scanlines.TooLargeError:
        return Picture("PNG", header.width, header.height, note)
    return Picture("PNG", header.width, header.height, note, colours(pixels), pixels.height < header.height)


def _jpeg(data: bytes) -> Picture:
    """Walk the segments to the frame header (SOF0 to SOF15 without the three that are not frames)."""
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            raise IndexError
        kind = data[place + 1]
        if kind in (0xFF, 0x01) or 0xD0 <= kind <= 0xD7:  # fill bytes and markers without a length
            place += 1 if kind == 0xFF else 2
            continue
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width, parts = struct.unpack(">HHB", data[place + 5 : place + 10])
            sort = {1: "grey", 3: "colour", 4: "four channels"}.get(parts, f"{parts} channels")
            return Picture("JPEG", width, height, f"{sort}, progressive" if kind == 0xC2 else sort)
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    raise IndexError


def _gif(data: bytes) -> Picture:
    width, height = struct.unpack("<HH", data[6:10])
    return Picture("GIF", width, height, data[3:6].decode("ascii", "replace"))


def _webp(data: bytes) -> Picture:
    kind = data[12:16]
    if data[8:12] != b"WEBP":
        raise IndexError
    if kind == b"VP8X":
        width, height = (int.from_bytes(data[place : place + 3], "little") + 1 for place in (24, 27))
        return Picture("WebP", width, height, "animated" if data[20] & 2 else "extended")
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return Picture("WebP", (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, "lossless")
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", data[26:30])
        return Picture("WebP", width & 0x3FFF, height & 0x3FFF, "lossy")
    raise IndexError


def name_of(red: int, green: int, blue: int) -> str:
    """Return the name of the nearest colour; the eye's weights for red, green and blue."""

    def distance(item: tuple[str, tuple[int, int, int]]) -> int:
        r, g, b = item[1]
        return 3 * (red - r) ** 2 + 4 * (green - g) ** 2 + 2 * (blue - b) ** 2

    return min(NAMED.items(), key=distance)[0]


def colours(pixels: png.Pixels) -> tuple[tuple[str, float], ...]:
    """Return the colours that cover at least a twentieth, largest first, at most five; "transparent" counts as one."""
    total = pixels.width * pixels.height
    step = max(1, round((total / MOST_SAMPLES) ** 0.5))
    counted: collections.Counter[bytes] = collections.Counter()
    for row in pixels.rows[::step]:
        counted.update(row[place : place + 4] for place in range(0, len(row), 4 * step))
    names: collections.Counter[str] = collections.Counter()
    for (red, green, blue, alpha), times in counted.items():
        names["transparent" if alpha < 32 else name_of(red, green, blue)] += times
    seen = names.total()
    return tuple((name, times / seen) for name, times in names.most_common(5) if times / seen >= 0.05)
