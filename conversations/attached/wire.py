"""Attached parts as a server takes them (wire.md 1.1), and as they are shown: without their data. Pure."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

from conversations.attached.parts import ATTACHED, FILE, IMAGE, numbers

Json = dict[str, Any]
_DATA = re.compile(r"data:([\w.+/-]+);base64,")


def content(parts: Sequence[Json], text: str) -> list[Json]:
    """A message's content before its files are read: what is attached in its order, then what was written."""
    attached = [dict(part) for part in parts if part["type"] in ATTACHED]
    return [*attached, *([{"type": "text", "text": text}] if text else [])]


def is_all_text(content: str | Sequence[Json]) -> bool:
    """Whether a message is parts of text and nothing else."""
    return not isinstance(content, str) and all(part["type"] == "text" for part in content)


def joined(content: Sequence[Json]) -> str:
    """Parts of text as one: servers that read text alone take no list."""
    return "\n\n".join(part["text"] for part in content)


def is_open(part: Json) -> bool:
    """Whether a part of a request still waits for its file."""
    return part["type"] in ATTACHED and "file" in part and isinstance(part["file"], str)


def image(url: str, detail: str) -> Json:
    """A picture to be seen. `detail` is sent only where it was chosen."""
    return {"type": "image_url", "image_url": {"url": url, **({"detail": detail} if detail else {})}}


def audio(data: bytes, format_: str) -> Json:
    """A recording to be heard."""
    return {"type": "input_audio", "input_audio": {"data": _base64(data), "format": format_}}


def file(name: str, mime: str, data: bytes) -> Json:
    """A file as it is."""
    return {"type": "file", "file": {"filename": name, "file_data": data_url(mime, data)}}


def data_url(mime: str, data: bytes) -> str:
    """Bytes as an address that holds them."""
    return f"data:{mime};base64,{_base64(data)}"


def missing(part: Json, why: str) -> Json:
    """What the model is told of a file that it cannot get."""
    noun = "picture" if part["type"] == IMAGE else "file"
    return {"type": "text", "text": f"[The {noun} “{part['name']}” {why}.]"}


def text(part: Json, pages: Sequence[str], *, paged: bool, cut: bool) -> Json:
    """A file's text between marks, its pages named where they are its own or not all of them are sent."""
    chosen = numbers(part.get("pages"), len(pages)) if pages else []
    name = part["name"].replace('"', "'").replace("\n", " ")
    some = len(chosen) < len(pages)
    which = f' pages="{part["pages"]} of {len(pages)}"' if some else ""
    shown = _marked(pages, chosen) if paged or some else "".join(pages)
    rest = "\n[The rest of the file was not read.]" if cut and not some else ""
    return {"type": "text", "text": f'<file name="{name}"{which}>\n{shown.rstrip()}{rest}\n</file>'}


def _marked(pages: Sequence[str], chosen: Sequence[int]) -> str:
    return "\n".join(f"[Page {number}]\n{pages[number - 1].strip()}\n" for number in chosen)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def without_data(messages: Sequence[Any]) -> list[Any]:
    """A request's messages with a note in place of each file's data: its kind, bytes, and a digest to know it by."""
    return [
        {**message, "content": [_noted(part) for part in message["content"]]}
        if isinstance(message.get("content"), list)
        else message
        for message in messages
    ]


def _noted(part: Mapping[str, Any]) -> Json:
    match part.get("type"):
        case "image_url":
            return {**part, "image_url": {**part["image_url"], "url": _note(part["image_url"]["url"])}}
        case "input_audio":
            return {**part, "input_audio": {**part["input_audio"], "data": _note(part["input_audio"]["data"])}}
        case "file" if isinstance(part.get("file"), Mapping):
            return {**part, "file": {**part["file"], "file_data": _note(part["file"].get("file_data", ""))}}
    return dict(part)


def _note(data: str) -> str:
    """What stands in place of base64; an address stays."""
    match = _DATA.match(data)
    if not match and "://" in data[:10]:
        return data
    begin = match[0] if match else ""
    raw = base64.b64decode(data[len(begin) :])
    return f"{begin}<{len(raw)} bytes, sha256 {hashlib.sha256(raw).hexdigest()[:16]}>"


def unread(part: Json) -> Json:
    """A part of a request whose files have not been read: what it will be, for who looks at it."""
    if not is_open(part):
        return part
    note = f"<{part['name']}>"
    if part["type"] == IMAGE:
        return image(note, part.get("detail", ""))
    return {"type": FILE, "file": {"filename": part["name"]}}
