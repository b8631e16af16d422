"""What pictures will probably cost, before they are asked for. Pure: integers in, micro-units out.

Servers sell pictures by the piece, by size and quality, or by tokens. A token's number is known when the answer is
there; until then the published table of OpenAI's holds, taken by the picture's area.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from billing import pricing, tokens
from billing.pricing import Counts, Rates
from images import takes

# Output tokens of a picture of 1024 x 1024 pixels; what a server chooses by itself is the dearest it may choose.
_TOKENS = {"low": 272, "medium": 1_056, "high": 4_160, "xhigh": 8_320, "max": 16_640, "standard": 1_056, "hd": 4_160}
_DEAREST = 4_160
_AREA = 1_024 * 1_024
_PER_PARTIAL = 100  # output tokens of a partial picture
_PER_SOURCE = 1_600  # input tokens of a picture that is changed, at the most


@dataclasses.dataclass(frozen=True)
class Wanted:
    """What was asked for, as far as it costs something."""

    prompt: str
    asked: int
    params: Mapping[str, Any]
    sources: int = 0


def prompt_tokens(wanted: Wanted) -> int:
    """About how many input tokens there are, the sources included."""
    return tokens.estimate(wanted.prompt) + _PER_SOURCE * wanted.sources


def completion_tokens(wanted: Wanted, pictures: int | None = None) -> int:
    """About how many output tokens so many pictures have: all that were asked for, unless another number is given."""
    width, height = takes.size_of(str(wanted.params.get("size", "")))
    each = -(-_TOKENS.get(str(wanted.params.get("quality", "")), _DEAREST) * width * height // _AREA)
    partial = _PER_PARTIAL * int(wanted.params.get("partial_images") or 0)
    return (wanted.asked if pictures is None else pictures) * (each + partial)


def pieces(rates: Rates, params: Mapping[str, Any], pictures: int) -> dict[str, int]:
    """The unit that so many pictures count as: by size and quality where that has a price, else a picture."""
    size, quality = str(params.get("size", "")), str(params.get("quality", ""))
    names = [f"image:{size} {quality}", f"image:{size}", f"image:{quality}"]
    return {next((name for name in names if name in rates), "image"): pictures}


def estimate(rates: Rates, wanted: Wanted) -> int | None:
    """Micro-units; None when a price that is needed is unknown."""
    others = pieces(rates, wanted.params, wanted.asked)
    rates = pricing.for_pictures(rates)
    return pricing.most(rates, Counts(prompt_tokens(wanted), completion_tokens(wanted), others=others))
