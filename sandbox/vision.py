"""What the guide says about attached pictures, sounds and files: true things, read from their bytes (F1, F2)."""

import base64
import binascii
import re
import struct
import urllib.parse

from sandbox import errors, files, house, messages, phrases, pictures

DATA_URL = re.compile(r"data:([\w.+/-]*)((?:;[^,;]*)*),", re.IGNORECASE)
UNSUPPORTED = (
    "You uploaded an unsupported image. Please make sure your image is valid and has one of the following formats: "
    "['png', 'jpeg', 'gif', 'webp']."
)
SHOWN = 300  # characters of a text file that are quoted
BEGINNING = 4 * SHOWN  # bytes that hold them
OPENINGS = (
    {"en": "The **sandbox** read what you attached:", "zh": "**沙盒（sandbox）**读取了你的附件："},
    {
        "en": "The **sandbox** cannot understand a picture, but it can read its bytes:",
        "zh": "**沙盒（sandbox）**看不懂图片的内容，但能读出它的数据：",
    },
)
CHINESE = {
    "black": "黑色", "dark grey": "深灰", "grey": "灰色", "light grey": "浅灰", "white": "白色", "red": "红色",
    "dark red": "深红", "orange": "橙色", "brown": "棕色", "yellow": "黄色", "beige": "米色", "olive": "橄榄色",
    "lime": "黄绿", "green": "绿色", "dark green": "深绿", "teal": "蓝绿", "cyan": "青色", "light blue": "浅蓝",
    "blue": "蓝色", "dark blue": "深蓝", "purple": "紫色", "violet": "淡紫", "magenta": "品红", "pink": "粉色",
    "transparent": "透明",
}  # fmt: skip


def tell(turns: list[messages.Message], here: house.House) -> str:
    """Return what is attached to the last user message, "" for nothing; ApiError 400 for a broken attachment."""
    turn = next((turn for turn in reversed(turns) if turn.role == "user"), None)
    if turn is None or not turn.parts:
        return ""
    speech = phrases.language(turn.text)
    images = sum(part.kind == "image_url" for part in turn.parts)
    lines = []
    for part in turn.parts:
        if part.kind == "image_url":
            lines.append(_image(part, speech))
        elif part.kind == "input_audio":
            lines.append(_audio(part, speech))
        else:
            lines.append(_file(part, here, speech))
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)] if len(lines) > 1 else lines
    return "\n".join([OPENINGS[images > 0][speech], "", *numbered])


def unpack(url: str, param: str) -> tuple[str, bytes]:
    """Return media type and bytes of a data URL; ApiError 400 when it is broken."""
    match = DATA_URL.match(url)
    if not match:
        raise errors.bad_request(f"Invalid '{param}': expected a base64-encoded data URL.", param, "invalid_value")
    body = urllib.parse.unquote(url[match.end() :])
    try:
        data = base64.b64decode(body, validate=True) if "base64" in match[2].lower() else body.encode()
    except binascii.Error:
        raise errors.bad_request("Invalid base64 data in the data URL.", param, "invalid_base64") from None
    return match[1].lower(), data


def _image(part: messages.Part, speech: str) -> str:
    url = part.value["url"]
    if re.match(r"https?://", url, re.IGNORECASE):
        host = urllib.parse.urlsplit(url).netloc
        if speech == "zh":
            return f"`{host}` 上的一张图片。沙盒不会去下载网址，请直接上传图片。"
        return f"A picture at `{host}`. The sandbox fetches nothing from the net: attach the picture itself."
    _, data = unpack(url, f"{part.param}.url")
    seen = pictures.look(data)
    if seen is None:
        raise errors.bad_request(UNSUPPORTED, f"{part.param}.url", "invalid_image_format")
    return describe(seen, len(data), speech)


def describe(seen: pictures.Picture, size: int, speech: str) -> str:
    """Return a sentence about a picture of size bytes."""
    if speech == "zh":
        words = "、".join(f"{CHINESE[name]} {share:.0%}" for name, share in seen.colours)
        told = f"主要颜色：{words}。" if words else "图片太大，沙盒没有读它的颜色。"
        return f"{seen.format} 图片，宽 {seen.width} 像素，高 {seen.height} 像素，{size:,} 字节。{told}"
    words = ", ".join(f"{name} ({share:.0%})" for name, share in seen.colours)
    told = f"Main colours: {words}." if words else "It is too large for the sandbox to tell its colours."
    note = f" ({seen.note})" if seen.note else ""
    return f"A {seen.format} picture{note}, {seen.width} × {seen.height} pixels, {size:,} bytes. {told}"


def _audio(part: messages.Part, speech: str) -> str:
    try:
        data = base64.b64decode(part.value["data"], validate=True)
    except binascii.Error:
        raise errors.bad_request("Invalid base64 data.", f"{part.param}.data", "invalid_base64") from None
    form = part.value["format"]
    seconds = wav_seconds(data) if form == "wav" else None
    if speech == "zh":
        return f"{form.upper()} 音频，{len(data):,} 字节" + (f"，{seconds:.1f} 秒。" if seconds is not None else "。")
    return f"A {form} recording, {len(data):,} bytes" + (f", {seconds:.1f} seconds." if seconds is not None else ".")


def wav_seconds(data: bytes) -> float | None:
    """Return how long a WAV recording is, None when its header cannot be read."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return None
    place, rate = 12, 0
    while place + 8 <= len(data):
        name, length = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        if name == b"fmt " and len(data) >= place + 20:
            (rate,) = struct.unpack("<I", data[place + 16 : place + 20])  # bytes a second
        elif name == b"data":
            return min(length, len(data) - place - 8) / rate if rate else None
        place += 8 + length + length % 2
    return None


def _file(part: messages.Part, here: house.House, speech: str) -> str:
    name, size, data = _opened(part, here)
    text = beginning(data)
    told = f"文件 `{name}`，{size:,} 字节。" if speech == "zh" else f"The file `{name}`, {size:,} bytes."
    if not text.strip():
        return told
    shown = text[:SHOWN].rstrip()
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown)), 3)
    begins = "开头是：" if speech == "zh" else "It begins:"
    return f"{told} {begins}\n\n{fence}text\n{shown}\n{fence}"


def beginning(data: bytes) -> str:
    """Return the text that some bytes are, "" when they are none; a character cut at their end is left out."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        return data[: error.start].decode() if len(data) == BEGINNING and error.start > len(data) - 4 else ""


def _opened(part: messages.Part, here: house.House) -> tuple[str, int, bytes]:
    """Return name, size and beginning of a file part."""
    value = part.value
    if value.get("file_id"):
        record = files.find(here, str(value["file_id"]), f"{part.param}.file_id")
        with files.path_of(here, record["id"]).open("rb") as source:
            return record["filename"], record["bytes"], source.read(BEGINNING)
    if value.get("file_data"):
        _, data = unpack(str(value["file_data"]), f"{part.param}.file_data")
        return str(value.get("filename") or "file"), len(data), data[:BEGINNING]
    raise errors.missing(f"{part.param}.file_id")
