"""Small pictures in large files: decoders read a file whole, so that its bytes are bounded as its pixels are."""

import io
import struct
from typing import Any

import pytest
from PIL import Image

from files import contents, pictures
from files.errors import FileTooLarge
from files.models import Kind

PADDING = 5_000


def padded(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(out, kind)
    data, junk = out.getvalue(), bytes(PADDING)
    if kind == "WEBP":
        body = data[8:] + b"JUNK" + struct.pack("<I", PADDING) + junk
        return b"RIFF" + struct.pack("<I", len(body)) + body
    return data + junk


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG", "GIF"])
def test_a_picture_with_more_bytes_than_are_decoded_is_refused_unread(kind: str, monkeypatch: Any) -> None:
    stream = io.BytesIO(padded(kind))
    assert pictures.check(stream).width == 64
    monkeypatch.setattr(pictures, "MOST_BYTES", PADDING)
    monkeypatch.setattr(pictures.Image, "open", lambda *args, **options: pytest.fail("it was opened"))
    for look in (lambda: pictures.check(stream), lambda: pictures.scaled(stream, longest=10)):
        with pytest.raises(FileTooLarge) as refused:
            look()
        assert refused.value.data["limit"] == PADDING


def test_it_is_refused_by_its_first_part(settings: Any) -> None:
    settings.MAX_FILE_BYTES = 4 * pictures.MOST_BYTES
    contents.check_size(pictures.MOST_BYTES, Kind.IMAGE)
    contents.check_size(pictures.MOST_BYTES + 1, Kind.TEXT)
    with pytest.raises(FileTooLarge):
        contents.check_size(pictures.MOST_BYTES + 1, Kind.IMAGE)
