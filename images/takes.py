"""What each model of pictures takes, by its name: sizes, numbers, settings, sources. Pure; the one place to update.

A row holds for ids that match its pattern, as in providers/known_models; the longest pattern counts. What is not in a
row is neither offered nor sent; a model that no row knows is offered what nearly every server takes.
"""

import dataclasses
import functools
import re
from collections.abc import Mapping
from typing import Any

from images.models import MOST_PICTURES, PROMPT_LENGTH, Kind
from providers import known_models

MIB = 1024 * 1024
PNG, JPEG, WEBP = "image/png", "image/jpeg", "image/webp"
AUTO = "auto"
_SIZE = re.compile(r"([1-9]\d{1,4})x([1-9]\d{1,4})")


@dataclasses.dataclass(frozen=True)
class FreeSize:
    """Any width and height in pixels: multiples of `step`, within these bounds, none over `ratio` times the other."""

    step: int
    widest: int
    highest: int
    ratio: int = 3
    smallest: int = 256

    def fits(self, width: int, height: int) -> bool:
        """Whether a picture may have this size."""
        longest, shortest = max(width, height), min(width, height)
        bounds = width * height <= self.widest * self.highest and longest <= max(self.widest, self.highest)
        whole = width % self.step == 0 and height % self.step == 0
        return whole and bounds and shortest >= self.smallest and longest <= shortest * self.ratio


@dataclasses.dataclass(frozen=True)
class Takes:
    """What one model takes. An empty tuple: it has no such setting, so it is neither offered nor sent.

    `partial`: partial pictures that a stream may bring; None: it does not stream. `sources`: pictures to edit at once;
    `square`: they must be square. Limits are in bytes, `prompt` in characters. `retired`: verbs that it had once.
    """

    sizes: tuple[str, ...] = ()
    free: FreeSize | None = None
    most: int = MOST_PICTURES
    quality: tuple[str, ...] = ()
    background: tuple[str, ...] = ()
    output_format: tuple[str, ...] = ()
    output_compression: bool = False
    style: tuple[str, ...] = ()
    response_format: tuple[str, ...] = ()
    moderation: tuple[str, ...] = ()
    input_fidelity: tuple[str, ...] = ()
    partial: int | None = None
    prompt: int = PROMPT_LENGTH
    kinds: tuple[str, ...] = (Kind.GENERATE,)
    sources: int = 1
    source_types: tuple[str, ...] = (PNG, JPEG, WEBP)
    source_limit: int = 50 * MIB
    mask: bool = True
    mask_limit: int = 4 * MIB
    square: bool = False
    retired: tuple[str, ...] = ()
    known: bool = True

    def words(self, name: str) -> tuple[str, ...]:
        """The values that a setting of this name may have."""
        found: tuple[str, ...] = getattr(self, name)
        return found

    def takes_size(self, size: str) -> bool:
        """Whether a picture may have this size."""
        found = _SIZE.fullmatch(size)
        return size in self.sizes or bool(self.free and found and self.free.fits(int(found[1]), int(found[2])))

    def without(self, names: frozenset[str]) -> "Takes":
        """The same model at a server that was seen to refuse these settings."""
        gone: dict[str, Any] = dict.fromkeys(names & set(WORDS), ())
        if "size" in names:
            gone |= {"sizes": (), "free": None}
        if "output_compression" in names:
            gone["output_compression"] = False
        if "n" in names:
            gone["most"] = 1
        if names & {"stream", "partial_images"}:
            gone["partial"] = None
        return dataclasses.replace(self, **gone) if gone else self

    def as_json(self) -> dict[str, Any]:
        """As docs/protocol.md describes it."""
        return dataclasses.asdict(self)


# Settings whose value is one of a few words, in the order in which they are offered.
WORDS = ("quality", "background", "output_format", "style", "moderation", "input_fidelity", "response_format")

_EVERY = (Kind.GENERATE, Kind.EDIT, Kind.VARY)
_GPT = Takes(
    sizes=(AUTO, "1024x1024", "1536x1024", "1024x1536"),
    quality=(AUTO, "low", "medium", "high"),
    background=(AUTO, "transparent", "opaque"),
    output_format=("png", "jpeg", "webp"),
    output_compression=True,
    moderation=(AUTO, "low"),
    input_fidelity=("low", "high"),
    partial=3,
    kinds=(Kind.GENERATE, Kind.EDIT),
    sources=16,
    retired=(Kind.VARY,),
)
_FREE = FreeSize(step=16, widest=3840, highest=2160)
_DALLE = Takes(
    sizes=("1024x1024", "512x512", "256x256"),
    response_format=("b64_json", "url"),
    prompt=1_000,
    kinds=_EVERY,
    source_types=(PNG,),
    source_limit=4 * MIB,
    square=True,
)
_DALLE_3 = dataclasses.replace(
    _DALLE,
    sizes=("1024x1024", "1792x1024", "1024x1792"),
    most=1,
    quality=("standard", "hd"),
    style=("vivid", "natural"),
    prompt=4_000,
    kinds=(Kind.GENERATE,),
)
_CLASSIC = dataclasses.replace(
    _DALLE_3,
    sizes=("1024x1024", "512x512", "256x256", "1792x1024", "1024x1792"),
    most=MOST_PICTURES,
    kinds=_EVERY,
)
_NEWEST_QUALITY = (AUTO, "low", "medium", "high", "xhigh", "max")
_TABLE: Mapping[str, Takes] = {
    "gpt-image*": _GPT,
    "gpt-image-1-mini*": dataclasses.replace(_GPT, input_fidelity=()),
    "gpt-image-2*": dataclasses.replace(_GPT, free=_FREE, quality=_NEWEST_QUALITY),
    "chatgpt-image*": _GPT,
    "dall-e-2*": _DALLE,
    "dall-e-3*": _DALLE_3,
    "sandbox-image*": dataclasses.replace(_GPT, free=_FREE, quality=_NEWEST_QUALITY),
    "sandbox-image-classic": _CLASSIC,
}
# No row knows it: the sizes that most servers draw, and none of the settings that only some have.
UNKNOWN = Takes(sizes=("1024x1024", "512x512", "1536x1024", "1024x1536"), free=FreeSize(8, 4096, 4096, 4, 64),
                kinds=_EVERY, sources=16, known=False)  # fmt: skip


@functools.lru_cache(maxsize=4_096)
def by_name(model_id: str) -> Takes:
    """What a model of this name takes."""
    pattern = known_models.longest_match(_TABLE, model_id)
    return _TABLE[pattern] if pattern else UNKNOWN


def size_of(size: str) -> tuple[int, int]:
    """Width and height in pixels; of `auto`, the largest of those that it may choose."""
    found = _SIZE.fullmatch(size)
    return (int(found[1]), int(found[2])) if found else (1536, 1024)
