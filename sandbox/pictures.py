"""Pictures in and out, by Pillow: what their bytes say, their pixels within limits, and pixels to a file."""

import collections
import dataclasses
import io
import struct
import threading
import zlib

from PIL import ExifTags, Image, PngImagePlugin

FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
NAMES = {"MPO": "JPEG", "WEBP": "WebP"}  # MPO: a JPEG with more pictures behind the first, as phones write them
MOST_PIXELS = 13_000_000  # of a picture whose colours are told: what a phone takes, 50 to 80 MB while it is decoded
MOST_SCANS = 60  # of a JPEG; each costs a pass over all pixels and may be a few bytes long
SAMPLES = 150  # pixels a side that are counted
# What Pillow raises for files that are damaged on purpose, warnings included where they are errors.
FAULTS = (
    OSError, ValueError, SyntaxError, TypeError, LookupError, ArithmeticError, AttributeError, EOFError, struct.error,
    zlib.error, MemoryError, Warning, Image.DecompressionBombError,
)  # fmt: skip
MODES = {
    "1": "black and white", "L": "grey", "LA": "grey with alpha", "I;16": "grey, 16 bits", "P": "palette",
    "PA": "palette with alpha", "RGB": "RGB", "RGBA": "RGB with alpha", "RGBX": "RGB", "CMYK": "CMYK",
}  # fmt: skip
NAMED = {
    "black": (0, 0, 0), "dark grey": (70, 70, 70), "grey": (128, 128, 128), "light grey": (200, 200, 200),
    "white": (255, 255, 255), "red": (220, 30, 30), "dark red": (128, 0, 0), "orange": (255, 150, 20),
    "brown": (130, 80, 40), "yellow": (250, 230, 40), "beige": (240, 220, 180), "olive": (128, 128, 0),
    "lime": (150, 230, 50), "green": (30, 160, 50), "dark green": (0, 80, 20), "teal": (0, 128, 128),
    "cyan": (60, 220, 230), "light blue": (160, 210, 250), "blue": (40, 80, 220), "dark blue": (10, 20, 110),
    "purple": (120, 40, 160), "violet": (180, 130, 240), "magenta": (230, 40, 200), "pink": (255, 170, 190),
}  # fmt: skip

_one_at_a_time = threading.Lock()  # so that the memory of many is that of one


class PictureError(ValueError):
    """Bytes that are no PNG, JPEG, GIF or WebP, or a damaged one."""


class TooLargeError(PictureError):
    """A picture of more pixels than the caller wants to spend time and memory on."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture: format, size in pixels as it is shown, and colours as (name, share from 0 to 1)."""

    format: str
    width: int
    height: int
    note: str = ""
    colours: tuple[tuple[str, float], ...] = ()


def look(data: bytes) -> Picture | None:
    """Return what the bytes say, None for what is no whole PNG, JPEG, GIF or WebP; no colours of very large ones."""
    try:
        with _one_at_a_time, _opened(data) as image:
            width, height = image.size
            if image.getexif().get(ExifTags.Base.Orientation, 1) in (5, 6, 7, 8):  # it is shown lying on its side
                width, height = height, width
            words = [MODES.get(image.mode, image.mode)]
            words += ["progressive"] if image.info.get("progressive") else []
            words += ["animated"] if getattr(image, "is_animated", False) else []
            told = Picture(NAMES.get(image.format or "", image.format or ""), width, height, ", ".join(words))
            if width * height > MOST_PIXELS:
                return told
            image.seek(0)
            return dataclasses.replace(told, colours=colours(_sample(image)))
    except (PictureError, *FAULTS):
        return None


def decode(data: bytes, most: int) -> Image.Image:
    """Return the pixels as RGBA; PictureError for what cannot be read, TooLargeError beyond `most` pixels."""
    try:
        with _one_at_a_time, _opened(data) as image:
            if image.width * image.height > most:
                raise TooLargeError(f"more than {most} pixels")
            return _rgba(image)
    except PictureError:
        raise
    except FAULTS:
        raise PictureError("not a whole PNG, JPEG, GIF or WebP picture") from None


def encode(image: Image.Image, note: str, form: str = "png", quality: int = 90) -> bytes:
    """Return a file in a form (png, jpeg, webp) that says who made it and the note; opaque where all of it is."""
    out = io.BytesIO()
    note = note.encode("utf-8", "replace").decode()
    if form == "jpeg" or image.getextrema()[-1] == (255, 255):
        image = image.convert("RGB")
    if form == "png":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("Software", "sandbox")
        texts.add_itxt("Description", note)
        image.save(out, "PNG", pnginfo=texts)
    else:
        exif = Image.Exif()
        exif[ExifTags.Base.Software] = "sandbox"
        exif[ExifTags.Base.ImageDescription] = note
        image.save(out, form.upper(), quality=quality, exif=exif)
    return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    """Return a picture of which only the header was read."""
    if data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MOST_SCANS:
        raise PictureError("a JPEG of too many scans")
    return Image.open(io.BytesIO(data), formats=FORMATS)


def _rgba(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey: the upper eight
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA")


def _sample(image: Image.Image) -> Image.Image:
    """Return some pixels, evenly taken, as RGBA."""
    image.draft("RGB", (2 * SAMPLES, 2 * SAMPLES))  # a JPEG can be decoded at an eighth of its size
    size = (min(image.width, SAMPLES), min(image.height, SAMPLES))
    return _rgba(image.resize(size, Image.Resampling.NEAREST))


def name_of(red: int, green: int, blue: int) -> str:
    """Return the name of the nearest colour; the eye's weights for red, green and blue."""

    def distance(item: tuple[str, tuple[int, int, int]]) -> int:
        r, g, b = item[1]
        return 3 * (red - r) ** 2 + 4 * (green - g) ** 2 + 2 * (blue - b) ** 2

    return min(NAMED.items(), key=distance)[0]


def colours(image: Image.Image) -> tuple[tuple[str, float], ...]:
    """Return the colours that cover at least a twentieth, largest first, at most five; "transparent" counts as one."""
    data = image.tobytes()
    names: collections.Counter[str] = collections.Counter()
    for pixel, times in collections.Counter(data[place : place + 4] for place in range(0, len(data), 4)).items():
        names["transparent" if pixel[3] < 32 else name_of(pixel[0], pixel[1], pixel[2])] += times
    seen = names.total()
    return tuple((name, times / seen) for name, times in names.most_common(5) if times / seen >= 0.05)
