"""A canvas: Pillow's drawing in pixels that may be fractions, with gradients and the sandbox's own letters."""

import collections.abc

from PIL import Image, ImageDraw

from sandbox import font

Colour = tuple[int, int, int]


class Canvas:
    """width by height pixels, transparent at first; x to the right, y down, in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGBA", (width, height))
        self._pen = ImageDraw.Draw(self.image)

    @classmethod
    def of(cls, image: Image.Image) -> "Canvas":
        """Return a canvas with a copy of an RGBA picture on it."""
        canvas = cls(image.width, image.height)
        canvas.image.paste(image)
        return canvas

    @property
    def width(self) -> int:
        """Return the width in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Return the height in pixels."""
        return self.image.height

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Paint the pixels from left and top up to right and bottom; none when there are none."""
        x, y, over, under = round(left), round(top), round(right) - 1, round(bottom) - 1
        if x <= over and y <= under:
            self._pen.rectangle((x, y, over, under), fill=colour)

    def ellipse(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """Paint an ellipse around (x, y) with the given half axes."""
        self._pen.ellipse((x - across, y - down, x + across, y + down), fill=colour)

    def polygon(self, points: collections.abc.Sequence[tuple[float, float]], colour: Colour) -> None:
        """Paint a polygon."""
        self._pen.polygon(points, fill=colour)

    def gradient(self, top: int, bottom: int, upper: Colour, lower: Colour) -> None:
        """Paint whole rows from one colour to another."""
        for y in range(max(0, top), min(self.height, bottom)):
            share = (y - top) / max(1, bottom - top - 1)
            red, green, blue = (round(a + (b - a) * share) for a, b in zip(upper, lower, strict=True))
            self.rectangle(0, y, self.width, y + 1, (red, green, blue))

    def text(self, x: int, y: int, words: str, dot: int, colour: Colour) -> None:
        """Write a line of text; dot is the size of one dot of the font in pixels."""
        for place, character in enumerate(words):
            left = x + place * (font.WIDTH + 1) * dot
            for row, first, last in font.runs(character):
                top = y + row * dot
                self.rectangle(left + first * dot, top, left + last * dot, top + dot, colour)

    def lay_over(self, other: Image.Image, holes: Image.Image) -> None:
        """Take another picture's pixels where the holes, a grey picture of 0 and 255, are 255 (I7)."""
        self.image.paste(other, (0, 0), holes)
