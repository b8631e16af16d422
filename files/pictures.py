"""Pictures from strangers, decoded safely: bounded pixels, one at a time; what is made of them is drawn anew."""

import dataclasses
import io
import struct
import threading
import zlib
from typing import BinaryIO

from PIL import Image, ImageCms, ImageOps

from files.errors import FileTooLarge, PictureBroken, TooManyPixels

MAX_PIXELS = 50_400_000  # a phone's 8,192 × 6,144; at four bytes each the most that one decoding takes
MOST_SIDE = 32_768
# Decoders read a file whole, some of its parts twice more: 200 MB of nothing behind a small picture took 640 MB.
MOST_BYTES = 64 * 1024 * 1024
SIZES = (96, 256, 512)  # of thumbnails: squares
FORMATS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",  # several in one, as phones make them: browsers show the first
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "BMP": "image/bmp",
}
MIMES = frozenset(FORMATS.values())
_OPENED = tuple(name for name in FORMATS if name != "MPO")  # Pillow finds those behind JPEG
_TURNED = range(5, 9)  # EXIF orientations that swap width and height
_QUALITY = 82
# What Pillow's decoders say to bytes that are no picture, or half of one.
_BROKEN = (
    *(OSError, SyntaxError, ValueError, EOFError, OverflowError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, NotImplementedError, MemoryError, RuntimeError, struct.error, zlib.error),
)
_MOST_SCANNED = 30 * MAX_PIXELS  # progressive JPEGs have ten rounds or so
_one_at_a_time = threading.Lock()  # memory is bounded by one decoding, however many people send pictures
Image.MAX_IMAGE_PIXELS = None  # we look at the size ourselves, before anything is decoded


@dataclasses.dataclass(frozen=True)
class Picture:
    """A picture that decodes to its last row. `width` and `height` as it is to be looked at; `thumbnails` by SIZES."""

    mime: str
    width: int
    height: int
    thumbnails: dict[int, bytes]


@dataclasses.dataclass(frozen=True)
class Copy:
    """A picture drawn anew, without metadata."""

    data: bytes
    mime: str
    width: int
    height: int


def check(stream: BinaryIO) -> Picture:
    """Decode a picture whole. Raises PictureBroken, TooManyPixels, FileTooLarge."""
    with _one_at_a_time:
        try:
            with _opened(stream) as image:
                width, height = _as_seen(image)
                small = _plain(_loaded(image, _covering(image.size, SIZES[-1])), _covering(image.size, SIZES[-1]))
                return Picture(FORMATS[str(image.format)], width, height, _thumbnails(small))
        except _BROKEN as error:
            raise PictureBroken() from error


def scaled(stream: BinaryIO, *, longest: int, mime: str = "") -> Copy:
    """A copy whose longer side is `longest` pixels or less, drawn anew: no metadata, colours as sRGB, turned upright.

    `mime` is image/png, image/jpeg or image/webp; left out, JPEG where nothing is transparent, else PNG.
    Raises PictureBroken, TooManyPixels.
    """
    with _one_at_a_time:
        try:
            with _opened(stream) as image:
                box = _fitting(image.size, longest)
                made = _plain(_loaded(image, box), box)
        except _BROKEN as error:
            raise PictureBroken() from error
    mime = mime or ("image/png" if made.mode == "RGBA" else "image/jpeg")
    return Copy(_encoded(made, mime), mime, *made.size)


def _opened(stream: BinaryIO) -> Image.Image:
    """The picture, whose header alone was read."""
    size = stream.seek(0, 2)
    if size > MOST_BYTES:
        raise FileTooLarge(size=size, limit=MOST_BYTES)
    stream.seek(0)
    _bound(*_size_of_webp(stream.read(30)))
    stream.seek(0)
    image = Image.open(stream, formats=_OPENED)
    _bound(*image.size)
    if image.format in ("JPEG", "MPO") and _scans(stream) * image.width * image.height > _MOST_SCANNED:
        raise PictureBroken()
    return image


def _scans(stream: BinaryIO) -> int:
    """How often a JPEG goes over all its pixels: a small one can have thousands of nearly empty rounds."""
    stream.seek(0)
    return sum(piece.count(b"\xff\xda") for piece in iter(lambda: stream.read(1 << 20), b""))


def _bound(width: int, height: int) -> None:
    if width * height > MAX_PIXELS or max(width, height) > MOST_SIDE:
        raise TooManyPixels(width=width, height=height, limit=MAX_PIXELS)


def _size_of_webp(head: bytes) -> tuple[int, int]:
    """Width and height of a WebP's canvas, which its decoder would allot while opening; nothing for other formats."""
    if len(head) < 30 or head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return 0, 0
    if head[12:16] == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if head[12:16] == b"VP8L":
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return struct.unpack("<H", head[26:28])[0] & 0x3FFF, struct.unpack("<H", head[28:30])[0] & 0x3FFF


def _as_seen(image: Image.Image) -> tuple[int, int]:
    turned = image.getexif().get(0x0112) in _TURNED
    return (image.height, image.width) if turned else image.size


def _covering(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size whose shorter side is `side`, or the picture's own when it is smaller."""
    scale = min(1.0, side / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _fitting(size: tuple[int, int], longest: int) -> tuple[int, int]:
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _loaded(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Every row decoded; of a JPEG only as many pixels as are needed."""
    image.draft(None, box)
    image.load()
    return image


def _plain(image: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Scaled to `box`, 8 bits of sRGB with transparency where there is any, turned upright, nothing else attached."""
    orientation, profile = image.getexif().get(0x0112, 1), image.info.get("icc_profile")
    transparent = image.has_transparency_data
    if image.mode.startswith(("I", "F")):  # one channel of 16 bits or more
        image = image.point(lambda value: value * (1 / 256)).convert("L") if image.mode != "F" else image.convert("L")
    elif image.mode not in ("L", "RGB", "RGBA", "CMYK"):
        image = image.convert("RGBA" if transparent else "RGB")
    small = image.resize(box, Image.Resampling.LANCZOS, reducing_gap=2.0) if image.size != box else image.copy()
    small = _in_srgb(small, profile)
    if small.mode not in ("RGB", "RGBA"):
        small = small.convert("RGBA" if transparent else "RGB")
    small.info = {}
    small.getexif()[0x0112] = orientation
    small = ImageOps.exif_transpose(small)
    small.info = {}
    return small


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as browsers have them by default; a profile that makes no sense is left out."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    try:
        found = ImageCms.profileToProfile(
            image,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB" if image.mode == "CMYK" else image.mode,
        )
    except (ImageCms.PyCMSError, *_BROKEN):
        return image
    return found or image


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    """Squares from the middle, each from the one before."""
    found = {}
    for side in reversed(SIZES):
        fit = min(side, *image.size)
        image = ImageOps.fit(image, (fit, fit), Image.Resampling.LANCZOS)
        image.info = {}
        found[side] = _encoded(image, "image/webp")
    return found


def _encoded(image: Image.Image, mime: str) -> bytes:
    out = io.BytesIO()
    if mime == "image/png":
        image.save(out, "PNG")
    elif mime == "image/jpeg":
        flat = image.convert("RGB") if image.mode != "RGBA" else _on_white(image)
        flat.save(out, "JPEG", quality=_QUALITY + 5)
    elif mime == "image/webp":
        image.save(out, "WEBP", quality=_QUALITY)
    else:
        raise ValueError(mime)
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground
