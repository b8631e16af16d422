"""PNG: what was painted comes back, whatever the filter, depth, colour type or interlacing; rubbish is refused."""

import contextlib
import itertools
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import png, scanlines

ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def filtered(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """Return a row with one of the five filters put on, as the specification writes them."""
    out = bytearray([kind])
    for place, value in enumerate(row):
        left = row[place - step] if place >= step else 0
        corner = above[place - step] if place >= step else 0
        up = above[place]
        guess = min((left, up, corner), key=lambda one: abs(left + up - corner - one))
        out.append((value - (0, left, up, (left + up) // 2, guess)[kind]) % 256)
    return bytes(out)


def rows_of(samples: list[list[tuple[int, ...]]], depth: int) -> list[bytes]:
    """Return the packed bytes of rows of pixels."""
    rows = []
    for line in samples:
        bits = "".join(f"{value:0{depth}b}" for pixel in line for value in pixel)
        bits += "0" * (-len(bits) % 8)
        rows.append(bytes(int(bits[place : place + 8], 2) for place in range(0, len(bits), 8)))
    return rows


def written(
    samples: list[list[tuple[int, ...]]], kind: int, depth: int, interlaced: bool, dice: random.Random
) -> bytes:
    """Return a PNG of the given pixels, with a filter by chance for each row, and its data cut into pieces."""
    height, width = len(samples), len(samples[0])
    passes = [samples]
    if interlaced:
        passes = [[line[x::across] for line in samples[y::down]] for x, y, across, down in ADAM7]
    step = max(1, len(samples[0][0]) * depth // 8)
    data = b""
    for part in passes:
        rows = rows_of(part, depth) if part and part[0] else []
        for above, row in itertools.pairwise([bytes(len(rows[0])), *rows] if rows else []):
            data += filtered(dice.randrange(5), row, above, step)
    packed = zlib.compress(data)
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    palette = png.chunk(b"PLTE", bytes(range(256)) * 3) if kind == 3 else b""
    pieces = [png.chunk(b"IDAT", packed[place : place + 50]) for place in range(0, len(packed), 50)]
    return b"".join([png.SIGNATURE, png.chunk(b"IHDR", head), palette, *pieces, png.chunk(b"IEND", b"")])


def expected(pixel: tuple[int, ...], kind: int, depth: int) -> bytes:
    """Return the RGBA of a pixel; 16-bit samples by their high byte."""
    values = [value >> 8 if depth == 16 else value for value in pixel]
    if kind == 3:
        entry = bytes(range(256)) * 3
        return bytes((*entry[3 * values[0] : 3 * values[0] + 3], 255))
    if depth < 8:
        values = [value * 255 // ((1 << depth) - 1) for value in values]
    colour = values[:1] * 3 if kind in (0, 4) else values[:3]
    return bytes((*colour, values[-1] if kind in (4, 6) else 255))


FORMS = [(kind, depth) for kind, depths in png.DEPTHS.items() for depth in depths]


@pytest.mark.parametrize(("kind", "depth"), FORMS)
@pytest.mark.parametrize("interlaced", [False, True])
@settings(max_examples=15, deadline=None)
@given(width=st.integers(1, 19), height=st.integers(1, 11), seed=st.integers(0, 2**32))
def test_every_form_of_png_gives_its_pixels(
    kind: int, depth: int, interlaced: bool, width: int, height: int, seed: int
) -> None:
    dice = random.Random(seed)
    channels = scanlines.CHANNELS[kind]
    samples = [
        [tuple(dice.randrange(1 << depth) for _ in range(channels)) for _ in range(width)] for _ in range(height)
    ]
    pixels = png.decode(written(samples, kind, depth, interlaced, dice), 10_000)
    assert pixels.rows == [b"".join(expected(pixel, kind, depth) for pixel in line) for line in samples]


@given(width=st.integers(1, 9), height=st.integers(1, 9), seed=st.integers(0, 999), opaque=st.booleans())
def test_what_is_encoded_decodes_to_the_same(width: int, height: int, seed: int, opaque: bool) -> None:
    dice = random.Random(seed)
    rows = [bytearray(dice.randbytes(4 * width)) for _ in range(height)]
    if opaque:
        for row in rows:
            row[3::4] = b"\xff" * width
    pixels = png.Pixels(width, [bytes(row) for row in rows])
    data = png.encode(pixels, {"Software": "sandbox", "Description": "图"})
    assert png.decode(data, 1000) == pixels
    assert "图".encode() in data


def test_a_large_picture_is_read_from_the_top_only() -> None:
    data = png.encode(png.Pixels(10, [bytes([number]) * 40 for number in range(100)]))
    pixels = png.decode(data, 55)
    assert (pixels.width, pixels.height, pixels.rows[4]) == (10, 5, bytes([4]) * 40)
    with pytest.raises(scanlines.TooLargeError):
        png.decode(data, 9)


def test_a_small_file_that_claims_to_be_huge_costs_no_memory() -> None:
    head = struct.pack(">IIBBBBB", 100_000, 2**31 - 1, 8, 6, 0, 0, 0)
    bomb = png.SIGNATURE + png.chunk(b"IHDR", head) + png.chunk(b"IDAT", zlib.compress(bytes(10**8)))
    assert png.decode(bomb, 100_000).height == 1


@given(st.binary(max_size=60), st.booleans())
def test_rubbish_is_refused_and_nothing_else_happens(data: bytes, signed: bool) -> None:
    with pytest.raises(scanlines.PngError):
        png.decode(png.SIGNATURE + data if signed else data, 1000)


@given(st.data())
def test_a_damaged_png_is_refused_or_read(data: st.DataObject) -> None:
    good = bytearray(png.encode(png.Pixels(5, [bytes(range(20))] * 5)))
    good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    with contextlib.suppress(scanlines.PngError):
        png.decode(bytes(good[:cut]), 10**6)
