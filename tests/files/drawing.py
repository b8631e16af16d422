"""Pictures to try: good ones in every form, and such as want to do harm."""

import io
import struct
import zlib
from typing import Any

from PIL import Image


def drawn(mode: str, form: str, size: tuple[int, int] = (300, 200), **options: Any) -> bytes:
    """A plain picture."""
    out = io.BytesIO()
    Image.new(mode, size).save(out, form, **options)
    return out.getvalue()


def noisy(form: str, size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    """A picture that does not compress."""
    out = io.BytesIO()
    Image.effect_noise(size, 80).convert("RGB").save(out, form, **options)
    return out.getvalue()


def animated(form: str) -> bytes:
    """Three frames."""
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "blue", "green")]
    out = io.BytesIO()
    frames[0].save(out, form, save_all=True, append_images=frames[1:])
    return out.getvalue()


def turned() -> bytes:
    """300 × 200 as stored, to be looked at as 200 × 300, with a camera's name and a place in its metadata."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET CAMERA"
    return drawn("RGB", "JPEG", exif=exif, comment=b"SECRET COMMENT")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, rows: bytes = b"") -> bytes:
    """A PNG whose header says what it likes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + body + chunk(b"IEND", b"")


def webp_canvas(width: int, height: int) -> bytes:
    """The beginning of a WebP with a canvas of that size, which its decoder would allot at once."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + b"\x12\0\0\0" + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def many_scans(count: int) -> bytes:
    """A progressive JPEG of many pixels whose last round comes again and again."""
    data = drawn("L", "JPEG", (4000, 4000), progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * count + b"\xff\xd9"
