"""A canvas of RGBA rows that is painted in horizontal runs, which is quick enough without a picture library."""

import collections.abc
import math

from sandbox import font, png

Colour = tuple[int, int, int]
Edges = collections.abc.Callable[[float], tuple[float, float]]


class Canvas:
    """width by height pixels, transparent at first; x to the right, y down, in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.rows = [bytearray(4 * width) for _ in range(height)]

    @classmethod
    def of(cls, pixels: png.Pixels) -> "Canvas":
        """Return a canvas with a picture on it."""
        canvas = cls(pixels.width, 0)
        canvas.height = pixels.height
        canvas.rows = [bytearray(row) for row in pixels.rows]
        return canvas

    def pixels(self) -> png.Pixels:
        """Return what was painted."""
        return png.Pixels(self.width, [bytes(row) for row in self.rows])

    def run(self, y: float, left: float, right: float, colour: Colour) -> None:
        """Paint the pixels of one row from left up to right; what is outside is left out."""
        row, first, last = int(y), max(0, round(left)), min(self.width, round(right))
        if 0 <= row < self.height and first < last:
            self.rows[row][4 * first : 4 * last] = bytes((*colour, 255)) * (last - first)

    def shape(self, top: float, bottom: float, edges: Edges, colour: Colour) -> None:
        """Paint a shape row by row; edges gives left and right at a y."""
        for y in range(max(0, round(top)), min(self.height, round(bottom))):
            self.run(y, *edges(y + 0.5), colour)

    def rectangle(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """Paint a rectangle."""
        self.shape(top, bottom, lambda y: (left, right), colour)

    def ellipse(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """Paint an ellipse around (x, y) with the given half axes."""

        def edges(at: float) -> tuple[float, float]:
            half = across * math.sqrt(max(0.0, 1 - ((at - y) / down) ** 2))
            return x - half, x + half

        self.shape(y - down, y + down, edges, colour)

    def polygon(self, points: collections.abc.Sequence[tuple[float, float]], colour: Colour) -> None:
        """Paint a polygon, by the even-odd rule."""
        pairs = list(zip(points, [*points[1:], points[0]], strict=True))
        top, bottom = min(y for _, y in points), max(y for _, y in points)
        for y in range(max(0, round(top)), min(self.height, round(bottom))):
            at = y + 0.5
            crossings = sorted(
                x1 + (at - y1) * (x2 - x1) / (y2 - y1) for (x1, y1), (x2, y2) in pairs if (y1 <= at) != (y2 <= at)
            )
            for left, right in zip(crossings[::2], crossings[1::2], strict=False):
                self.run(y, left, right, colour)

    def gradient(self, top: int, bottom: int, upper: Colour, lower: Colour) -> None:
        """Paint whole rows from one colour to another."""
        for y in range(max(0, top), min(self.height, bottom)):
            share = (y - top) / max(1, bottom - top - 1)
            mixed = bytes(round(a + (b - a) * share) for a, b in zip(upper, lower, strict=True))
            self.rows[y][:] = (mixed + b"\xff") * self.width

    def text(self, x: int, y: int, words: str, dot: int, colour: Colour) -> None:
        """Write a line of text; dot is the size of one dot of the font in pixels."""
        for place, character in enumerate(words):
            left = x + place * (font.WIDTH + 1) * dot
            for row, first, last in font.runs(character):
                for down in range(dot):
                    self.run(y + row * dot + down, left + first * dot, left + last * dot, colour)

    def lay_over(self, other: "Canvas", mask: collections.abc.Sequence[bytes]) -> None:
        """Take another canvas' pixels where the mask, a byte a pixel, is 0 (I7); all three have one size."""
        for row, new, alpha in zip(self.rows, other.rows, mask, strict=True):
            place = alpha.find(0)
            while place >= 0:
                end = place
                while end < self.width and not alpha[end]:
                    end += 1
                row[4 * place : 4 * end] = new[4 * place : 4 * end]
                place = alpha.find(0, end)


def scaled(pixels: png.Pixels, width: int, height: int) -> png.Pixels:
    """Return a picture in another size, by its nearest pixels."""
    if (pixels.width, pixels.height) == (width, height):
        return pixels
    columns = [place * pixels.width // width for place in range(width)]
    rows: list[bytes] = []
    taken = -1
    for place in range(height):
        source = place * pixels.height // height
        if source == taken:
            rows.append(rows[-1])
            continue
        row, taken = pixels.rows[source], source
        rows.append(b"".join([row[4 * column : 4 * column + 4] for column in columns]))
    return png.Pixels(width, rows)
