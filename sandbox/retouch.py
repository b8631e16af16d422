"""The pictures themselves: drawn from a prompt, edited within a mask, varied; each says that it is the sandbox's."""

from PIL import Image

from sandbox import canvas, errors, imageask, pictures, scene

MOST_PIXELS = 8_300_000  # of a picture that can be edited: the largest that is drawn
ORDERS = ((1, 2, 0), (2, 0, 1), (0, 2, 1), (2, 1, 0), (1, 0, 2))  # of red, green and blue, for variations


def _file(image: Image.Image, wanted: imageask.ImageAsk, note: str) -> bytes:
    return pictures.encode(image, note, wanted.form, int(wanted.values.get("output_compression", 90)))


def drawn(wanted: imageask.ImageAsk, number: int) -> bytes:
    """Return a picture drawn from the prompt, with the prompt on a label; the same again is the same picture."""
    transparent = wanted.values.get("background") == "transparent"
    picture = scene.draw(wanted.prompt, wanted.width or 1024, wanted.height or 1024, number, transparent=transparent)
    scene.label(picture, wanted.prompt)
    return _file(picture.image, wanted, wanted.prompt)


def load(wanted: imageask.ImageAsk) -> tuple[Image.Image, Image.Image | None]:
    """Return the first picture and the mask, in the size wanted; ApiError 400 for what cannot be edited (I7)."""
    image = _decoded(wanted.images[0], "image")
    if wanted.model.classic and image.width != image.height:
        raise errors.bad_request("Uploaded image must be square.", "image")
    mask = _decoded(wanted.mask, "mask") if wanted.mask is not None else None
    if mask and mask.size != image.size:
        raise errors.bad_request("Invalid mask: its size does not match the size of the image.", "mask")
    size = (wanted.width or image.width, wanted.height or image.height)
    nearest = Image.Resampling.NEAREST
    return image.resize(size, nearest), mask.resize(size, nearest) if mask else None


def _decoded(data: bytes, param: str) -> Image.Image:
    try:
        return pictures.decode(data, MOST_PIXELS)
    except pictures.TooLargeError as error:
        raise errors.bad_request(f"Invalid {param}: {error}.", param, "image_too_large") from None
    except pictures.PictureError as error:
        raise errors.bad_request(f"Invalid {param}: {error}.", param, "invalid_image_format") from None


def _holes(image: Image.Image) -> Image.Image:
    """Return 255 where a picture is wholly transparent and 0 elsewhere."""
    return image.getchannel("A").point([255] + [0] * 255)


def edited(wanted: imageask.ImageAsk, source: tuple[Image.Image, Image.Image | None], number: int) -> bytes:
    """Return the picture with the prompt's drawn where the mask is transparent, and nothing else touched.

    Without a mask the picture's own transparency is the mask; where there is none, the things are put onto it.
    """
    image, mask = source
    picture = canvas.Canvas.of(image)
    holes = _holes(mask or image)
    box = holes.getbbox()
    if box:
        part = scene.draw(wanted.prompt, box[2] - box[0], box[3] - box[1], number)
        scene.label(part, wanted.prompt)
        whole = Image.new("RGBA", image.size)
        whole.paste(part.image, box[:2])
        picture.lay_over(whole, holes)
    elif mask is None:
        added = scene.draw(wanted.prompt, image.width, image.height, number, transparent=True)
        picture.lay_over(added.image, added.image.getchannel("A"))
        scene.label(picture, wanted.prompt)
    return _file(picture.image, wanted, f"Edited: {wanted.prompt}")


def varied(wanted: imageask.ImageAsk, source: tuple[Image.Image, Image.Image | None], number: int) -> bytes:
    """Return the picture mirrored and in other colours, each number in its own way, with a label (I8)."""
    image, _ = source
    channels = image.split()
    order = ORDERS[number % len(ORDERS)]
    changed = Image.merge("RGBA", [*(channels[place] for place in order), channels[3]])
    picture = canvas.Canvas.of(changed.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 2 == 0 else changed)
    scene.label(picture, f"Variation {number + 1} of {wanted.n}")
    return _file(picture.image, wanted, "Variation")


def upper_part(picture: bytes, share: float, wanted: imageask.ImageAsk) -> bytes:
    """Return a picture whose lower part is still blank, as while it is being drawn; share is from 0 to 1."""
    image = pictures.decode(picture, imageask.WIDEST * imageask.HIGHEST)
    image.paste((*scene.PAPER, 255), (0, round(image.height * share), image.width, image.height))
    return _file(image, wanted, "Unfinished")
