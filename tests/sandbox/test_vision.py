"""Vision: the truth about attached pictures, sounds and files, and a refusal of what cannot be read (F1, F2)."""

import base64
import re
import struct
from typing import Any

import pytest
from PIL import ExifTags, Image

from sandbox import pictures, vision
from tests.sandbox import drawing
from tests.sandbox.calling import Answer, Door

RED, BLUE = b"\xff\x00\x00\xff", b"\x00\x00\xff\xff"
FLAG = drawing.png(40, [RED * 40] * 30 + [BLUE * 40] * 10)


def flag(form: str, mode: str = "RGB", **options: Any) -> bytes:
    """Return a picture of 128 x 64 pixels, three quarters red and one blue."""
    image = Image.new("RGB", (128, 64), (255, 0, 0))
    image.paste((0, 0, 255), (0, 48, 128, 64))
    return drawing.saved(image.convert(mode), form, **options)


def rotated() -> Image.Exif:
    """Return the note of a camera that was held upright."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    return exif


def data_url(data: bytes, kind: str = "image/png") -> str:
    """Return bytes as a data URL."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


async def show(door: Door, *urls: str, text: str = "What is this?", **fields: Any) -> Answer:
    """Ask about pictures."""
    parts: list[dict[str, Any]] = [{"type": "text", "text": text}]
    parts += [{"type": "image_url", "image_url": {"url": url, **fields}} for url in urls]
    return await door.chat([{"role": "user", "content": parts}])


async def test_a_png_is_told_by_format_size_and_colours(door: Door) -> None:
    text = (await show(door, data_url(FLAG))).text
    assert "sandbox" in text
    assert f"A PNG picture (RGB with alpha), 40 × 40 pixels, {len(FLAG)} bytes." in text
    assert "red (75%), blue (25%)" in text


async def test_it_is_told_in_chinese_when_asked_in_chinese(door: Door) -> None:
    text = (await show(door, data_url(FLAG), text="图里有什么？")).text
    assert "宽 40 像素，高 40 像素" in text
    assert "红色 75%、蓝色 25%" in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (flag("PNG"), "A PNG picture (RGB), 128 × 64"),
        (flag("PNG", "P"), "A PNG picture (palette), 128 × 64"),
        (flag("PNG", "RGBA"), "A PNG picture (RGB with alpha), 128 × 64"),
        (flag("JPEG", quality=95), "A JPEG picture (RGB), 128 × 64"),
        (flag("JPEG", quality=95, progressive=True), "A JPEG picture (RGB, progressive), 128 × 64"),
        (flag("JPEG", "CMYK", quality=95), "A JPEG picture (CMYK), 128 × 64"),
        (flag("JPEG", quality=95, exif=rotated()), "A JPEG picture (RGB), 64 × 128"),
        (flag("GIF"), "A GIF picture (palette), 128 × 64"),
        (flag("WEBP", lossless=True), "A WebP picture (RGB), 128 × 64"),
        (flag("WEBP", quality=95), "A WebP picture (RGB), 128 × 64"),
        (flag("WEBP", "RGBA", lossless=True), "A WebP picture (RGB), 128 × 64"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_every_format_is_told_by_its_size_and_its_true_colours(door: Door, data: bytes, told: str) -> None:
    text = (await show(door, data_url(data))).text
    assert f"{told} pixels, {len(data):,} bytes. Main colours: " in text
    shares = re.fullmatch(r"red \((\d+)%\), blue \((\d+)%\)\.", text.partition("Main colours: ")[2])
    assert shares
    assert abs(int(shares[1]) - 75) <= 3  # a lossy form blurs the edge
    assert abs(int(shares[2]) - 25) <= 3


@pytest.mark.parametrize("form", ["GIF", "WEBP"])
async def test_of_moving_pictures_the_first_is_told(door: Door, form: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ((0, 160, 40), (255, 0, 0))]
    options: dict[str, Any] = {"lossless": True} if form == "WEBP" else {}
    moving = drawing.saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100, **options)
    text = (await show(door, data_url(moving))).text
    assert "animated), 20 × 10 pixels" in text
    assert "Main colours: green (100%)." in text


async def test_deep_grey_is_grey(door: Door) -> None:
    for value, name in ((0, "black"), (0x8000, "grey"), (0xFFFF, "white")):
        deep = Image.frombytes("I;16", (4, 4), value.to_bytes(2, "little") * 16)
        text = (await show(door, data_url(drawing.saved(deep, "PNG")))).text
        assert f"Main colours: {name} (100%)." in text
        assert "A PNG picture (grey, 16 bits), 4 × 4 pixels" in text


async def test_several_pictures_are_told_in_their_order(door: Door) -> None:
    text = (await show(door, data_url(flag("GIF")), data_url(FLAG), detail="low")).text
    assert text.index("1. A GIF") < text.index("2. A PNG")


async def test_a_transparent_picture_is_said_to_be_transparent(door: Door) -> None:
    clear = drawing.png(4, [bytes(16)] * 4)
    assert "transparent (100%)" in (await show(door, data_url(clear))).text


async def test_of_a_very_large_picture_only_the_size_is_told(door: Door) -> None:
    huge = drawing.saved(Image.new("1", (6000, 3000)), "PNG")
    text = (await show(door, data_url(huge))).text
    assert "6000 × 3000 pixels" in text
    assert "too large for the sandbox to tell its colours" in text


async def test_the_sandbox_fetches_nothing_from_the_net(door: Door) -> None:
    text = (await show(door, "https://example.com/secret/cat.png?x=1")).text
    assert "`example.com`" in text
    assert "fetches nothing" in text


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("data:image/png;base64,@@@", "invalid_base64"),
        ("just text", "invalid_value"),
        (data_url(b"BM bitmap"), "invalid_image_format"),
        (data_url(FLAG[:40]), "invalid_image_format"),
        (data_url(FLAG[:-30]), "invalid_image_format"),
        (data_url(drawing.saved(Image.new("RGB", (9, 9)), "BMP")), "invalid_image_format"),
        (data_url(flag("JPEG")[:300]), "invalid_image_format"),
        (data_url(b"RIFF"), "invalid_image_format"),
    ],
)
async def test_what_is_no_picture_is_refused(door: Door, url: str, code: str) -> None:
    answer = await show(door, url)
    assert (answer.status, answer.error["code"]) == (400, code)
    assert answer.error["param"] == "messages[0].content[1].image_url.url"


async def test_a_recording_is_told_by_length(door: Door) -> None:
    head = b"RIFF\x00\x00\x00\x00WAVEfmt \x10\x00\x00\x00" + struct.pack("<HHIIHH", 1, 1, 8000, 8000, 1, 8)
    wav = head + b"data" + struct.pack("<I", 12000) + bytes(12000)
    part = {"type": "input_audio", "input_audio": {"data": base64.b64encode(wav).decode(), "format": "wav"}}
    assert "12,044 bytes, 1.5 seconds" in (await door.chat([{"role": "user", "content": [part]}])).text


async def test_a_file_is_told_by_name_size_and_beginning(door: Door) -> None:
    part = {"type": "file", "file": {"filename": "a.md", "file_data": data_url(b"# Hello\n```\n", "text/markdown")}}
    text = (await door.chat([{"role": "user", "content": [part]}])).text
    assert "The file `a.md`, 12 bytes." in text
    assert "````text\n# Hello\n```\n````" in text


async def test_an_uploaded_file_is_found_by_its_id(door: Door) -> None:
    kept = (await door.form("/v1/files", {"purpose": "user_data"}, {"file": ("b.bin", b"\xff\x00")})).json
    part = {"type": "file", "file": {"file_id": kept["id"]}}
    assert "The file `b.bin`, 2 bytes." in (await door.chat([{"role": "user", "content": [part]}])).text
    lost = {"type": "file", "file": {"file_id": "file-none"}}
    assert (await door.chat([{"role": "user", "content": [lost]}])).status == 404


def test_colours_are_called_by_their_nearest_name() -> None:
    assert pictures.name_of(250, 5, 5) == "red"
    assert pictures.name_of(128, 128, 130) == "grey"
    assert pictures.name_of(3, 2, 1) == "black"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}}, "A mp3 recording, 3 bytes."),
        ({"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}, "A wav recording, 3 bytes."),
        ({"type": "file", "file": {"file_data": "data:text/plain,a%20b"}}, "The file `file`, 3 bytes. It begins:"),
    ],
)
async def test_less_is_told_where_less_is_known(door: Door, part: dict[str, Any], told: str) -> None:
    assert told in (await door.chat([{"role": "user", "content": [part]}])).text


@pytest.mark.parametrize(
    "part",
    [
        {"type": "input_audio", "input_audio": {"data": "@", "format": "wav"}},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "ogg"}},
        {"type": "input_audio", "input_audio": {"format": "wav"}},
        {"type": "image_url", "image_url": {"url": "data:,", "detail": "much"}},
        {"type": "file", "file": {}},
        {"type": "image_url"},
        {"type": "video"},
        {"text": "x"},
        {"type": "text"},
    ],
    ids=str,
)
async def test_a_broken_part_is_refused(door: Door, part: dict[str, Any]) -> None:
    answer = await door.chat([{"role": "user", "content": [part]}])
    assert (answer.status, answer.error["param"][:23]) == (400, "messages[0].content[0]."[:23])


async def test_sounds_files_and_links_are_told_in_chinese_too(door: Door) -> None:
    parts = [
        {"type": "text", "text": "这些是什么？"},
        {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
        {"type": "file", "file": {"filename": "a.txt", "file_data": "data:text/plain,abc"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}},
    ]
    text = (await door.chat([{"role": "user", "content": parts}])).text
    for told in (
        "沙盒（sandbox）",
        "1. MP3 音频，3 字节。",
        "2. 文件 `a.txt`，3 字节。 开头是：",
        "`example.com` 上的一张图片",
    ):
        assert told in text


def test_a_character_cut_by_the_end_of_the_beginning_is_left_out() -> None:
    text = "x" * 1199 + "图" * 10
    assert vision.beginning(text.encode()[: vision.BEGINNING]) == "x" * 1199
    assert vision.beginning(b"\xff\xfe binary") == ""
