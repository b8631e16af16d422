"""The pictures themselves: drawn from a prompt, edited within a mask, varied; each says that it is the sandbox's."""

from sandbox import canvas, errors, imageask, png, scanlines, scene

MOST_PIXELS = 4_200_000  # of a picture that can be edited: a second's work or two
INVERTED = bytes(255 - value for value in range(256))


def _notes(text: str) -> dict[str, str]:
    return {"Software": "sandbox", "Description": text}


def drawn(wanted: imageask.ImageAsk, number: int) -> bytes:
    """Return a PNG drawn from the prompt, with the prompt on a label; the same again is the same picture."""
    transparent = wanted.values.get("background") == "transparent"
    picture = scene.draw(wanted.prompt, wanted.width or 1024, wanted.height or 1024, number, transparent=transparent)
    scene.label(picture, wanted.prompt)
    return png.encode(picture.pixels(), _notes(wanted.prompt))


def load(wanted: imageask.ImageAsk) -> tuple[png.Pixels, png.Pixels | None]:
    """Return the first picture and the mask, in the size wanted; ApiError 400 for what cannot be edited (I7)."""
    image = _decoded(wanted.images[0], "image")
    if wanted.model.classic and image.width != image.height:
        raise errors.bad_request("Uploaded image must be square.", "image")
    mask = _decoded(wanted.mask, "mask") if wanted.mask is not None else None
    if mask and (mask.width, mask.height) != (image.width, image.height):
        raise errors.bad_request("Invalid mask: its size does not match the size of the image.", "mask")
    width, height = wanted.width or image.width, wanted.height or image.height
    return canvas.scaled(image, width, height), canvas.scaled(mask, width, height) if mask else None


def _decoded(data: bytes, param: str) -> png.Pixels:
    try:
        pixels = png.decode(data, MOST_PIXELS)
        header, _ = png.read_header(data)
    except scanlines.PngError as error:
        message = f"Invalid {param}: the sandbox can only edit whole PNG pictures ({error})."
        raise errors.bad_request(message, param, "invalid_image_format") from None
    if pixels.height < header.height:
        raise errors.bad_request(f"Invalid {param}: more than {MOST_PIXELS} pixels.", param, "image_too_large")
    return pixels


def _alpha(pixels: png.Pixels) -> list[bytes]:
    return [row[3::4] for row in pixels.rows]


def edited(wanted: imageask.ImageAsk, source: tuple[png.Pixels, png.Pixels | None], number: int) -> bytes:
    """Return the picture with the prompt's drawn where the mask is transparent, and nothing else touched.

    Without a mask the picture's own transparency is the mask; where there is none, the things are put onto it.
    """
    image, mask = source
    picture = canvas.Canvas.of(image)
    alpha = _alpha(mask or image)
    if any(0 in row for row in alpha):
        picture.lay_over(_framed(wanted.prompt, alpha, number), alpha)
    elif mask is None:
        added = scene.draw(wanted.prompt, image.width, image.height, number, transparent=True)
        picture.lay_over(added, [row.translate(INVERTED) for row in _alpha(added.pixels())])
        scene.label(picture, wanted.prompt)
    return png.encode(picture.pixels(), _notes(f"Edited: {wanted.prompt}"))


def _framed(prompt: str, alpha: list[bytes], number: int) -> canvas.Canvas:
    """Return a canvas with the prompt's picture, label included, within the box around the mask's hole."""
    holes = [place for place, row in enumerate(alpha) if 0 in row]
    top, bottom = holes[0], holes[-1] + 1
    left = min(alpha[place].find(0) for place in holes)
    right = max(alpha[place].rfind(0) for place in holes) + 1
    part = scene.draw(prompt, right - left, bottom - top, number)
    scene.label(part, prompt)
    whole = canvas.Canvas(len(alpha[0]), len(alpha))
    for place, row in enumerate(part.rows):
        whole.rows[top + place][4 * left : 4 * right] = row
    return whole


def varied(wanted: imageask.ImageAsk, source: tuple[png.Pixels, png.Pixels | None], number: int) -> bytes:
    """Return the picture mirrored and in other colours, each number in its own way, with a label (I8)."""
    image, _ = source
    orders = ((1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2))
    order = orders[number % len(orders)]
    picture = canvas.Canvas(image.width, image.height)
    for row, new in zip(image.rows, picture.rows, strict=True):
        for place, taken in enumerate((*order, 3)):
            channel = row[taken::4]
            new[place::4] = channel[::-1] if number % 2 == 0 else channel
    scene.label(picture, f"Variation {number + 1} of {wanted.n}")
    return png.encode(picture.pixels(), _notes("Variation"))


def upper_part(picture: bytes, share: float) -> bytes:
    """Return a picture whose lower part is still blank, as while it is being drawn; share is from 0 to 1."""
    pixels = png.decode(picture, imageask.WIDEST * imageask.HIGHEST)
    begun = round(pixels.height * share)
    blank = bytes((*scene.PAPER, 255)) * pixels.width
    return png.encode(png.Pixels(pixels.width, pixels.rows[:begun] + [blank] * (pixels.height - begun)))
