"""The things that the sandbox can draw, and the words that name them, in English and Chinese."""

import collections.abc
import math
import random

from sandbox import canvas

Colour = canvas.Colour
Painter = collections.abc.Callable[[canvas.Canvas, float, Colour, random.Random], None]
WORDS = {  # in the order in which they are painted: what is behind comes first
    "star": r"\bstars\b|\bstarry|星空|星星",
    "sun": r"\bsun\b|sunset|sunrise|sunny|太阳|太陽|日出|日落",
    "moon": r"\bmoon|月亮|月球|明月",
    "cloud": r"\bclouds?\b|cloudy|云|雲",
    "mountain": r"\bmountains?\b|\bhills?\b|山",
    "sea": r"\bsea\b|\bocean|\blake|\bwater\b|\briver|海|湖|河",
    "sand": r"\bsand\b|\bbeach|\bdesert|沙滩|沙漠",
    "road": r"\broads?\b|\bstreet|路",
    "tree": r"\btrees?\b|\bforest|\bwoods\b|树|樹|森林",
    "house": r"\bhouses?\b|\bhome\b|\bhut\b|\bcabin|房子|屋|家",
    "boat": r"\bboats?\b|\bships?\b|\bsail|船",
    "car": r"\bcars?\b|\btaxi|汽车|車|车",
    "flower": r"\bflowers?\b|\brose\b|\btulip|花",
    "cat": r"\bcats?\b|\bkitten|猫|貓",
    "fish": r"\bfish\b|鱼|魚",
    "bird": r"\bbirds?\b|鸟|鳥",
    "heart": r"\bhearts?\b|\blove\b|心",
    "circle": r"\bcircles?\b|\bballs?\b|圆|球",
    "square": r"\bsquares?\b|\bbox\b|\bcube|方块|正方",
    "triangle": r"\btriangles?\b|\bpyramids?\b|三角",
}
SKY = ("star", "sun", "moon", "cloud", "bird")
GROUNDS = ("mountain", "sea", "sand", "road")
ON_LAND = ("tree", "house", "car", "flower", "cat")
SIGNS = ("heart", "circle", "square", "triangle")
OWN: dict[str, Colour] = {
    "star": (250, 246, 210), "sun": (250, 206, 70), "moon": (240, 238, 220), "cloud": (250, 250, 252),
    "mountain": (120, 128, 146), "sea": (48, 112, 176), "sand": (228, 204, 150), "road": (90, 92, 98),
    "tree": (62, 132, 70), "house": (206, 120, 90), "boat": (150, 84, 52), "car": (208, 60, 50),
    "flower": (226, 90, 140), "cat": (210, 150, 90), "fish": (240, 140, 60), "bird": (60, 62, 80),
    "heart": (214, 50, 70), "circle": (70, 120, 210), "square": (90, 160, 110), "triangle": (236, 160, 60),
}  # fmt: skip
DARK: Colour = (40, 40, 46)


def _darker(colour: Colour, share: float = 0.7) -> Colour:
    return (int(colour[0] * share), int(colour[1] * share), int(colour[2] * share))


def _size(picture: canvas.Canvas) -> tuple[int, int, int]:
    return picture.width, picture.height, min(picture.width, picture.height)


def _star(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    for _ in range(60):
        radius = dice.uniform(0.001, 0.005) * side + 0.5
        picture.ellipse(dice.uniform(0, width), dice.uniform(0, height * 0.6), radius, radius, colour)


def _sun(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, radius = x * width, height * 0.24, side * 0.1
    for ray in range(12):
        angle = ray * math.pi / 6
        tip = (cx + 1.8 * radius * math.cos(angle), cy + 1.8 * radius * math.sin(angle))
        base = [(cx + radius * math.cos(angle + turn), cy + radius * math.sin(angle + turn)) for turn in (-0.18, 0.18)]
        picture.polygon([tip, *base], colour)
    picture.ellipse(cx, cy, radius, radius, colour)


def _moon(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, radius = x * width, height * 0.22, side * 0.1
    picture.ellipse(cx, cy, radius, radius, colour)
    for dx, dy, share in ((-0.3, -0.2, 0.2), (0.35, 0.25, 0.26), (0.1, -0.5, 0.12)):
        picture.ellipse(cx + dx * radius, cy + dy * radius, share * radius, share * radius, _darker(colour, 0.88))


def _cloud(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    for _ in range(3):
        cx, cy = dice.uniform(0.1, 0.9) * width, dice.uniform(0.1, 0.34) * height
        radius = side * dice.uniform(0.04, 0.07)
        for step in range(-2, 3):
            puff = radius * (1.3 - 0.25 * abs(step))
            picture.ellipse(cx + step * radius, cy, puff, puff * 0.8, colour)


def _mountain(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, _ = _size(picture)
    foot = height * 0.74
    for place, share in ((0.2, 0.42), (0.78, 0.36), (0.48, 0.5)):
        top, half = foot - share * height, share * width * 0.7
        picture.polygon([(place * width, top), (place * width + half, foot), (place * width - half, foot)], colour)
        snow = [(0, 0.0), (0.22, 0.22), (0.08, 0.18), (-0.04, 0.25), (-0.22, 0.22)]
        picture.polygon([(place * width + dx * half, top + dy * share * height) for dx, dy in snow], (244, 246, 250))
        colour = _darker(colour, 0.9)
    picture.gradient(round(foot), picture.height, (112, 160, 92), (74, 124, 62))


def _sea(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    top = round(height * 0.6)
    picture.gradient(top, picture.height, colour, _darker(colour))
    for _ in range(40):
        y, left, length = dice.uniform(top, height), dice.uniform(0, width), dice.uniform(0.02, 0.08) * side
        picture.rectangle(left, y, left + length, y + max(1, side // 300), (220, 234, 246))


def _sand(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    picture.gradient(round(picture.height * 0.78), picture.height, colour, _darker(colour, 0.86))


def _road(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, _ = _size(picture)
    picture.gradient(round(height * 0.68), picture.height, (120, 170, 96), (78, 132, 66))
    top = height * 0.68
    picture.polygon([(width * 0.48, top), (width * 0.52, top), (width * 0.8, height), (width * 0.2, height)], colour)


def _tree(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    for shift in (-0.09, 0.09, 0.0):
        cx, foot, tall = (x + shift) * width, height * (0.78 + 0.02 * (shift == 0)), side * dice.uniform(0.24, 0.3)
        picture.rectangle(cx - tall * 0.06, foot - tall * 0.4, cx + tall * 0.06, foot, (104, 74, 50))
        for level in range(3):
            half, base = tall * (0.36 - 0.08 * level), foot - tall * (0.3 + 0.2 * level)
            picture.polygon([(cx, base - tall * 0.36), (cx + half, base), (cx - half, base)], colour)


def _house(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, foot, half = x * width, height * 0.8, side * 0.14
    picture.rectangle(cx - half, foot - 1.4 * half, cx + half, foot, colour)
    eaves = foot - 1.4 * half
    picture.polygon([(cx - 1.25 * half, eaves), (cx + 1.25 * half, eaves), (cx, eaves - half)], _darker(colour))
    picture.rectangle(cx - 0.2 * half, foot - 0.75 * half, cx + 0.25 * half, foot, (92, 62, 44))
    for left in (-0.75, 0.5):
        picture.rectangle(cx + left * half, foot - half, cx + (left + 0.3) * half, foot - 0.65 * half, (250, 234, 160))


def _boat(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, y, half = x * width, height * 0.72, side * 0.14
    keel, low = y + 0.45 * half, y - 0.15 * half
    picture.polygon([(cx - half, y), (cx + half, y), (cx + 0.65 * half, keel), (cx - 0.65 * half, keel)], colour)
    picture.rectangle(cx - 0.03 * half, y - 1.6 * half, cx + 0.03 * half, y, DARK)
    for way, tall, wide, cloth in ((0.08, 1.6, 0.9, (250, 248, 240)), (-0.08, 1.4, -0.7, (236, 232, 220))):
        picture.polygon([(cx + way * half, y - tall * half), (cx + wide * half, low), (cx + way * half, low)], cloth)


def _car(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, foot, half = x * width, height * 0.82, side * 0.15
    roof = ((-0.55, 0.6), (-0.3, 1.0), (0.35, 1.0), (0.65, 0.6))
    picture.polygon([(cx + dx * half, foot - dy * half) for dx, dy in roof], _darker(colour))
    picture.rectangle(cx - half, foot - 0.62 * half, cx + half, foot - 0.15 * half, colour)
    for place in (-0.55, 0.55):
        picture.ellipse(cx + place * half, foot - 0.12 * half, 0.22 * half, 0.22 * half, DARK)
        picture.ellipse(cx + place * half, foot - 0.12 * half, 0.1 * half, 0.1 * half, (200, 200, 204))


def _flower(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, radius = x * width, height * 0.56, side * 0.05
    picture.rectangle(cx - 0.15 * radius, cy, cx + 0.15 * radius, height * 0.8, (70, 130, 66))
    for petal in range(6):
        angle = petal * math.pi / 3
        x, y = cx + radius * math.cos(angle), cy + radius * math.sin(angle)
        picture.ellipse(x, y, radius * 0.7, radius * 0.7, colour)
    picture.ellipse(cx, cy, radius * 0.6, radius * 0.6, (250, 210, 80))


def _cat(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, r = x * width, height * 0.58, side * 0.11
    picture.ellipse(cx, cy + 1.5 * r, r * 0.9, r * 1.1, colour)
    picture.ellipse(cx, cy, r, r * 0.9, colour)
    for way in (-1, 1):
        ear = ((0.9, 0.3), (0.75, 1.3), (0.2, 0.75))
        picture.polygon([(cx + way * dx * r, cy - dy * r) for dx, dy in ear], colour)
        picture.ellipse(cx + way * 0.4 * r, cy - 0.1 * r, 0.16 * r, 0.2 * r, (90, 170, 90))
        picture.ellipse(cx + way * 0.4 * r, cy - 0.1 * r, 0.06 * r, 0.16 * r, DARK)
    picture.polygon(
        [(cx - 0.12 * r, cy + 0.2 * r), (cx + 0.12 * r, cy + 0.2 * r), (cx, cy + 0.36 * r)], (230, 130, 140)
    )


def _fish(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, r = x * width, height * dice.uniform(0.5, 0.7), side * 0.1
    picture.polygon([(cx + 0.8 * r, cy), (cx + 1.7 * r, cy - 0.6 * r), (cx + 1.7 * r, cy + 0.6 * r)], _darker(colour))
    picture.ellipse(cx, cy, r * 1.1, r * 0.6, colour)
    picture.ellipse(cx - 0.6 * r, cy - 0.12 * r, 0.12 * r, 0.12 * r, DARK)


def _bird(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    for _ in range(3):
        cx, cy, r = dice.uniform(0.15, 0.85) * width, dice.uniform(0.12, 0.4) * height, side * 0.035
        for way in (-1, 1):
            wing = ((0, 0.0), (1, 0.6), (1.9, 0.0), (1, 0.3))
            picture.polygon([(cx + way * dx * r, cy - dy * r) for dx, dy in wing], colour)


def _heart(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, cy, r = x * width, height * 0.42, side * 0.016
    turns = [step * math.pi / 30 for step in range(60)]
    rise = [13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t) for t in turns]
    points = [(cx + 16 * math.sin(t) ** 3 * r, cy - up * r) for t, up in zip(turns, rise, strict=True)]
    picture.polygon(points, colour)


def _circle(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    picture.ellipse(x * width, height * 0.42, side * 0.2, side * 0.2, colour)


def _square(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, top, half = x * width, height * 0.25, side * 0.17
    picture.rectangle(cx - half, top, cx + half, top + 2 * half, colour)


def _triangle(picture: canvas.Canvas, x: float, colour: Colour, dice: random.Random) -> None:
    width, height, side = _size(picture)
    cx, top, foot = x * width, height * 0.22, height * 0.22 + side * 0.38
    picture.polygon([(cx, top), (cx + side * 0.21, foot), (cx - side * 0.21, foot)], colour)


PAINTERS: dict[str, Painter] = {
    "star": _star, "sun": _sun, "moon": _moon, "cloud": _cloud, "mountain": _mountain, "sea": _sea, "sand": _sand,
    "road": _road, "tree": _tree, "house": _house, "boat": _boat, "car": _car, "flower": _flower, "cat": _cat,
    "fish": _fish, "bird": _bird, "heart": _heart, "circle": _circle, "square": _square, "triangle": _triangle,
}  # fmt: skip
