"""Pictures for tests: rows of RGBA bytes to a file and back, by the library."""

import io
from typing import Any

from PIL import Image


def png(width: int, rows: list[bytes]) -> bytes:
    """Return a PNG of these rows."""
    return saved(Image.frombytes("RGBA", (width, len(rows)), b"".join(rows)), "PNG")


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    """Return a picture as a file."""
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """Return a file's pixels as RGBA."""
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGBA")


def rows(data: bytes) -> list[bytes]:
    """Return a file's pixels as rows of RGBA bytes."""
    image = opened(data)
    pixels = image.tobytes()
    return [pixels[place : place + 4 * image.width] for place in range(0, len(pixels), 4 * image.width)]
