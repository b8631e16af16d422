"""A request for pictures: fields checked for both generations of models, and read from JSON or a form (wire.md 4)."""

import dataclasses
import re
from typing import Any

from sandbox import asgi, checks, errors, files, house, models, multipart, vision

BODY_LIMIT = 256 * 1024 * 1024  # bytes of a form
IMAGE_LIMIT = 50 * 1024 * 1024
SMALL_LIMIT = 4 * 1024 * 1024  # of masks, and of everything with the classic model
IMAGES_MOST = 16
WIDEST, HIGHEST = 3840, 2160
CLASSIC_SIZES = ("256x256", "512x512", "1024x1024", "1792x1024", "1024x1792")
COMMON: dict[str, checks.Check] = {
    "model": checks.text(),
    "prompt": checks.text(32_000, 1),
    "n": checks.integer(1, 10),
    "size": checks.text(),
    "user": checks.text(),
    "safety_identifier": checks.text(64),
}
TODAY: dict[str, checks.Check] = COMMON | {
    "quality": checks.word("auto", "low", "medium", "high", "xhigh", "max"),
    "background": checks.word("transparent", "opaque", "auto"),
    "output_format": checks.word("png", "jpeg", "webp"),
    "output_compression": checks.integer(0, 100),
    "moderation": checks.word("low", "auto"),
    "stream": checks.flag,
    "partial_images": checks.integer(0, 3),
    "input_fidelity": checks.word("high", "low"),
}
CLASSIC: dict[str, checks.Check] = COMMON | {
    "prompt": checks.text(4000, 1),
    "quality": checks.word("standard", "hd"),
    "style": checks.word("vivid", "natural"),
    "response_format": checks.word("url", "b64_json"),
}
REFUSED = re.compile(r"\b(content policy|refuse this|moderation test)\b", re.IGNORECASE)


@dataclasses.dataclass(frozen=True)
class ImageAsk:
    """A checked request; width and height are 0 for "as large as the picture that is edited"."""

    model: models.Model
    values: dict[str, Any]
    width: int
    height: int
    images: tuple[bytes, ...] = ()
    mask: bytes | None = None

    @property
    def prompt(self) -> str:
        """Return the prompt, "" for variations."""
        return str(self.values.get("prompt", ""))

    @property
    def form(self) -> str:
        """Return the form of the file: png, jpeg or webp."""
        return str(self.values.get("output_format", "png"))

    @property
    def n(self) -> int:
        """Return how many pictures are wanted (I2)."""
        return int(self.values.get("n", 1))


def check(body: dict[str, Any], default: str, *, edits: bool = False) -> ImageAsk:
    """Return a request without its pictures; ApiError 400 or 404 for the first fault."""
    model = models.for_kind(checks.text()(body.get("model") or default, "model"), "image", "v1/images")
    values = checks.fields(body, CLASSIC if model.classic else TODAY)
    if "input_fidelity" in values and not edits:
        raise errors.bad_request("Unknown parameter: 'input_fidelity'.", "input_fidelity", "unknown_parameter")
    if values.get("output_format") == "jpeg" and values.get("background") == "transparent":
        raise errors.bad_request("Transparent backgrounds need the output format 'png' or 'webp'.", "background")
    if values.get("partial_images") and not values.get("stream"):
        raise errors.bad_request("The 'partial_images' parameter is only allowed with 'stream'.", "partial_images")
    if REFUSED.search(values.get("prompt", "")):
        message = "Your request was rejected as a result of our safety system (sandbox: you asked for it)."
        raise errors.bad_request(message, "prompt", "content_policy_violation")
    width, height = size(values.get("size", "1024x1024" if not edits else "auto"), model)
    return ImageAsk(model, values, width, height)


def size(text: str, model: models.Model) -> tuple[int, int]:
    """Return width and height in pixels, (0, 0) for auto; ApiError 400 for what the model cannot draw (I3)."""
    match = re.fullmatch(r"(\d{2,5})x(\d{2,5})", text)
    width, height = (int(match[1]), int(match[2])) if match else (0, 0)
    if model.classic:
        if text != "auto":
            checks.word(*CLASSIC_SIZES)(text, "size")
        return width, height
    if text == "auto":
        return 0, 0
    fits = width * height <= WIDEST * HIGHEST and max(width, height) <= WIDEST
    if not match or width % 16 or height % 16 or not 1 / 3 <= width / height <= 3 or not fits:
        message = (
            f"Invalid value: '{errors.clip(text)}'. Supported values: 'auto', '1024x1024', '1536x1024', '1024x1536' "
            f"and other sizes divisible by 16 from 1:3 to 3:1 up to {WIDEST}x{HIGHEST}."
        )
        raise errors.bad_request(message, "size", "invalid_value")
    return width, height


async def read_edit(here: house.House, request: asgi.Request, default: str, *, prompt: bool) -> ImageAsk:
    """Return a request with the pictures to change, from a form or from JSON; prompt tells whether one is needed."""
    if request.headers.get("content-type", "").lower().startswith("application/json"):
        body = await request.json()
        images, mask = _linked(here, body)
    else:
        form = await multipart.read(request, BODY_LIMIT)
        try:
            body = _plain({name: values[-1] for name, values in form.fields.items()})
            images = [(upload.read(), "image") for upload in form.files("image")]
            mask = next((upload.read() for upload in form.files("mask")), None)
        finally:
            form.close()
    if prompt and not body.get("prompt"):
        raise errors.missing("prompt")
    wanted = check(body, default, edits=True)
    limit = SMALL_LIMIT if wanted.model.classic else IMAGE_LIMIT
    most = 1 if wanted.model.classic else IMAGES_MOST
    if not images:
        raise errors.missing("image")
    if len(images) > most:
        raise errors.bad_request(f"Too many images: at most {most} with the model '{wanted.model.id}'.", "image")
    for data, param in images:
        if len(data) >= limit:
            raise errors.bad_request(f"Uploaded image must be less than {limit // 2**20} MB.", param)
    if mask is not None and len(mask) >= SMALL_LIMIT:
        raise errors.bad_request("Uploaded mask must be a PNG and less than 4 MB.", "mask")
    return dataclasses.replace(wanted, images=tuple(data for data, _ in images), mask=mask)


def _plain(fields: dict[str, str]) -> dict[str, Any]:
    """Return a form's fields as JSON would have them: numbers and booleans out of text."""
    body: dict[str, Any] = dict(fields)
    for name in ("n", "output_compression", "partial_images"):
        if re.fullmatch(r"-?\d{1,9}", fields.get(name, "")):
            body[name] = int(fields[name])
    if fields.get("stream") in ("true", "false"):
        body["stream"] = fields["stream"] == "true"
    return body


def _linked(here: house.House, body: dict[str, Any]) -> tuple[list[tuple[bytes, str]], bytes | None]:
    """Take the pictures out of a JSON body: data URLs, or ids of files."""
    images = checks.array(checks.mapping)(body.pop("images", None) or [], "images")
    mask = body.pop("mask", None)
    found = [(_fetch(here, one, f"images[{place}]"), f"images[{place}]") for place, one in enumerate(images)]
    return found, None if mask is None else _fetch(here, checks.mapping(mask, "mask"), "mask")


def _fetch(here: house.House, one: dict[str, Any], param: str) -> bytes:
    if one.get("file_id"):
        return files.path_of(here, files.find(here, str(one["file_id"]), f"{param}.file_id")["id"]).read_bytes()
    return vision.unpack(checks.text()(one.get("image_url"), f"{param}.image_url"), f"{param}.image_url")[1]
