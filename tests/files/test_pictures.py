"""Pictures from strangers: what is decoded, what is refused, and what the copies made of them carry."""

import io
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from files import pictures
from files.errors import PictureBroken, TooManyPixels
from live.errors import Refused
from tests.files import drawing
from tests.files.drawing import animated, drawn, noisy, png, turned

GOOD = {
    "RGB PNG": drawn("RGB", "PNG"),
    "RGBA PNG": drawn("RGBA", "PNG"),
    "grey PNG": drawn("L", "PNG"),
    "grey PNG with transparency": drawn("LA", "PNG"),
    "PNG with a palette": drawn("P", "PNG"),
    "PNG of one bit": drawn("1", "PNG"),
    "PNG of 16 bits": drawn("I;16", "PNG"),
    "CMYK JPEG": drawn("CMYK", "JPEG"),
    "grey JPEG": drawn("L", "JPEG"),
    "JPEG": drawn("RGB", "JPEG"),
    "progressive JPEG": drawn("RGB", "JPEG", progressive=True),
    "GIF": drawn("P", "GIF"),
    "WebP": drawn("RGBA", "WEBP"),
    "AVIF": drawn("RGB", "AVIF"),
    "BMP": drawn("RGB", "BMP"),
    "one pixel": drawn("RGB", "PNG", (1, 1)),
    "a line": drawn("RGB", "PNG", (5000, 1)),
    "PNG with a zip behind it": drawn("RGB", "PNG") + b"PK\x03\x04 and so on",
}
FORMS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
TOO_LARGE = {
    "a small PNG with a giant canvas": png(30_000, 30_000, rows=b"\0" * 90_000),
    "a line without end": png(2_000_000, 1),
    "a WebP with a giant canvas": drawing.webp_canvas(16_000, 16_000),
}
BROKEN = {
    "a PNG of 0 by 0": png(0, 0),
    "a PNG with too few rows": png(500, 500, rows=b"\0" * 100),
    "a PNG with a text of 100 MB": png(5, 5, drawing.chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 10**8, 9))),
    "a JPEG with a thousand rounds": drawing.many_scans(1_000),
    **{f"half a {form}": noisy(form)[: len(noisy(form)) // 2] for form in FORMS},
    **{f"the head of a {form}": noisy(form)[:40] for form in FORMS},
}


@pytest.mark.parametrize("data", GOOD.values(), ids=list(GOOD))
def test_whatever_is_a_picture_is_one(data: bytes) -> None:
    found = pictures.check(io.BytesIO(data))

    thumbnails = [Image.open(io.BytesIO(thumbnail)) for thumbnail in found.thumbnails.values()]
    assert sorted(found.thumbnails) == list(pictures.SIZES)
    assert all(one.format == "WEBP" and one.width == one.height for one in thumbnails)


@pytest.mark.parametrize("data", TOO_LARGE.values(), ids=list(TOO_LARGE))
def test_too_many_pixels_are_refused_before_they_are_decoded(data: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(TooManyPixels):
        pictures.check(io.BytesIO(data))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("data", BROKEN.values(), ids=list(BROKEN))
def test_what_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(PictureBroken):
        pictures.check(io.BytesIO(data))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_of_an_animation_the_first_picture_counts(form: str) -> None:
    found = pictures.check(io.BytesIO(animated(form)))

    thumbnail = Image.open(io.BytesIO(found.thumbnails[96])).convert("RGB")
    red, _, blue = thumbnail.getpixel((5, 5))
    assert (found.width, found.height) == (50, 40)
    assert red > 200 > 60 > blue


def test_a_turned_picture_stands_upright_and_its_copies_tell_nothing() -> None:
    found = pictures.check(io.BytesIO(turned()))
    copy = pictures.scaled(io.BytesIO(turned()), longest=150)

    assert (found.width, found.height) == (200, 300)
    assert (copy.mime, copy.width, copy.height) == ("image/jpeg", 100, 150)
    for data in (*found.thumbnails.values(), copy.data):
        assert b"SECRET" not in data
        assert b"Exif" not in data


def test_16_bits_keep_their_shades() -> None:
    ramp = Image.new("I;16", (256, 256))
    ramp.putdata([row * 257 for row in range(256) for _ in range(256)])
    out = io.BytesIO()
    ramp.save(out, "PNG")

    copy = Image.open(io.BytesIO(pictures.scaled(out, longest=256, mime="image/png").data)).convert("L")

    assert [abs(copy.getpixel((9, row)) - row) <= 2 for row in (0, 64, 128, 255)] == [True] * 4


@pytest.mark.parametrize(("mime", "form"), [("image/png", "PNG"), ("image/jpeg", "JPEG"), ("image/webp", "WEBP")])
def test_a_copy_has_the_form_that_is_asked_for(mime: str, form: str) -> None:
    copy = pictures.scaled(io.BytesIO(drawn("RGBA", "PNG", (900, 30))), longest=300, mime=mime)

    found = Image.open(io.BytesIO(copy.data))
    assert (found.format, found.size, copy.mime) == (form, (300, 10), mime)


def test_a_copy_is_never_larger_than_the_picture() -> None:
    copy = pictures.scaled(io.BytesIO(drawn("RGB", "PNG", (30, 20))), longest=300)

    assert (copy.width, copy.height) == (30, 20)


@given(st.sampled_from(FORMS), st.data())
def test_bytes_that_were_changed_are_a_picture_or_refused(form: str, data: st.DataObject) -> None:
    picture = bytearray(drawn("RGB", form, (20, 20)))
    for _ in range(3):
        place = data.draw(st.integers(0, len(picture) - 1))
        picture[place] = data.draw(st.integers(0, 255))
    try:
        pictures.check(io.BytesIO(bytes(picture)))
    except Refused as refusal:
        assert refusal.code in ("picture_broken", "too_many_pixels")
