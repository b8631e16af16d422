"""Pictures from anyone: damaged, lying and enormous ones end in None or a fault of ours, in bounded memory."""

import contextlib
import functools
import resource
import struct
import zlib

import hypothesis
import hypothesis.strategies as st
import pytest
from PIL import Image

from sandbox import pictures
from tests.sandbox import drawing

MIB = 1024 * 1024


def gradient(form: str, mode: str = "RGB", **options: object) -> bytes:
    """Return a small picture of many colours."""
    image = Image.merge("RGB", [Image.linear_gradient("L").resize((24, 16)).rotate(90 * turn) for turn in range(3)])
    return drawing.saved(image.convert(mode), form, **options)


FILES = [
    gradient("PNG"),
    gradient("PNG", "P"),
    gradient("PNG", "RGBA"),
    gradient("JPEG"),
    gradient("JPEG", progressive=True),
    gradient("GIF"),
    gradient("WEBP"),
    gradient("WEBP", "RGBA", lossless=True),
]


def chunk(name: bytes, data: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of(width: int, height: int, data: bytes, *more: bytes) -> bytes:
    """Return a PNG that says this size and holds these packed bytes."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + b"".join(more) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@functools.cache
def packed(size: int) -> bytes:
    """Return that many packed zeros, without ever having them all."""
    squeeze = zlib.compressobj()
    return b"".join(squeeze.compress(bytes(MIB)) for _ in range(size // MIB)) + squeeze.flush()


def peak() -> int:
    """Return the peak memory of this process in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@hypothesis.given(st.sampled_from(FILES), st.data())
def test_a_damaged_picture_is_told_or_not_but_never_an_accident(file: bytes, data: st.DataObject) -> None:
    broken = bytearray(file)
    for _ in range(data.draw(st.integers(1, 6))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(broken[: data.draw(st.integers(0, len(broken)))])
    for one in (bytes(broken), cut):
        pictures.look(one)
        with contextlib.suppress(pictures.PictureError):
            pictures.decode(one, 10_000)


@hypothesis.given(st.sampled_from([file[:12] for file in FILES]), st.binary(max_size=200))
def test_any_bytes_behind_a_true_beginning(start: bytes, rest: bytes) -> None:
    pictures.look(start + rest)


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_what_was_made_is_read_again(form: str) -> None:
    image = Image.new("RGBA", (30, 20), (0, 128, 128, 255))
    data = pictures.encode(image, "图 \ud800", form)
    seen = pictures.look(data)
    assert seen is not None
    assert (seen.format.lower(), seen.width, seen.height, seen.colours) == (form, 30, 20, (("teal", 1.0),))
    assert pictures.decode(data, 600).size == (30, 20)
    with pytest.raises(pictures.TooLargeError):
        pictures.decode(data, 599)


@pytest.mark.parametrize("side", [9_000, 12_000, 60_000])
def test_a_picture_that_says_it_is_enormous_is_not_unpacked(side: int) -> None:
    before = peak()
    bomb = png_of(side, side, packed(50 * MIB))
    seen = pictures.look(bomb)
    assert seen is None or (seen.width, seen.colours) == (side, ())
    with pytest.raises(pictures.PictureError):
        pictures.decode(bomb, pictures.MOST_PIXELS)
    assert peak() - before < 200 * MIB  # the smallest would need 243 MB, its own bytes twice are in it


def test_more_data_than_the_size_needs_is_left_packed() -> None:
    before = peak()
    bomb = png_of(10, 10, packed(64 * MIB))
    pictures.look(bomb)
    assert peak() - before < 32 * MIB


def test_packed_notes_are_left_packed() -> None:
    before = peak()
    note = chunk(b"zTXt", b"Comment\0\0" + packed(64 * MIB))
    pixels = zlib.compress((b"\0" + b"\xff\0\0" * 10) * 10)
    pictures.look(png_of(10, 10, pixels, note))
    assert peak() - before < 32 * MIB


def test_a_jpeg_of_a_thousand_scans_is_not_decoded() -> None:
    data = drawing.saved(Image.new("RGB", (2000, 2000)), "JPEG", progressive=True)
    last = data.rfind(b"\xff\xda")
    scan = data[last:-2]
    assert pictures.look(data) is not None
    assert pictures.look(data[:-2] + scan * 1000 + b"\xff\xd9") is None
