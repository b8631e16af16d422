"""A picture drawn from a prompt: the things and colours that it names, or else shapes that only it gives (I1)."""

import collections.abc
import hashlib
import random
import re
import textwrap

from sandbox import canvas, font, things

Colour = canvas.Colour
COLOURS: dict[str, Colour] = {
    "red": (208, 52, 44), "orange": (238, 140, 40), "yellow": (246, 206, 60), "green": (74, 158, 84),
    "blue": (52, 104, 200), "purple": (128, 70, 170), "pink": (240, 150, 180), "brown": (134, 88, 52),
    "white": (246, 246, 242), "black": (28, 28, 32), "grey": (140, 142, 148), "teal": (28, 140, 140),
    "gold": (218, 170, 40), "cyan": (70, 200, 214),
}  # fmt: skip
SPELT = {
    "红": "red", "紅": "red", "橙": "orange", "黄": "yellow", "黃": "yellow", "绿": "green", "綠": "green",
    "蓝": "blue", "藍": "blue", "紫": "purple", "粉": "pink", "棕": "brown", "白": "white", "黑": "black", "灰": "grey",
    "金": "gold", "青": "cyan", "gray": "grey", "violet": "purple", "golden": "gold", "turquoise": "teal",
}  # fmt: skip
SKIES: dict[str, tuple[Colour, Colour]] = {
    r"night|midnight|stars?\b|moon|夜|星|月": ((14, 18, 46), (52, 56, 104)),
    r"sunset|sunrise|dusk|dawn|evening|日落|日出|黄昏|傍晚": ((80, 60, 120), (244, 156, 96)),
    r"storm|rain|grey|cloudy|雨|阴": ((96, 106, 120), (176, 184, 192)),
    r"": ((120, 180, 232), (220, 238, 248)),
}
PAPER: Colour = (250, 249, 245)
INK: Colour = (36, 36, 40)


def dice_for(prompt: str, number: int) -> random.Random:
    """Return a source of chance that one prompt and number always give alike."""
    return random.Random(hashlib.sha256(f"{number}\n{prompt}".encode("utf-8", "replace")).digest())  # noqa: S311


def colour_of(text: str) -> Colour | None:
    """Return the first colour that a text names."""
    for word in re.findall(r"[a-z]+|[\u4e00-\u9fff]", text.lower()):
        if found := COLOURS.get(SPELT.get(word, word)):
            return found
    return None


def draw(prompt: str, width: int, height: int, number: int = 0, *, transparent: bool = False) -> canvas.Canvas:
    """Return the picture of a prompt; number tells several of one prompt apart. The same again gives the same."""
    dice = dice_for(prompt, number)
    picture = canvas.Canvas(width, height)
    named = named_things(prompt)
    if not transparent:
        _background(picture, prompt, named, dice)
    if named:
        _place(picture, prompt, named, dice)
    else:
        _abstract(picture, prompt, dice)
    return picture


def named_things(prompt: str) -> list[tuple[str, re.Match[str]]]:
    """Return the known things in a prompt with where they are named, in the order in which they are painted."""
    return [(name, match) for name, words in things.WORDS.items() if (match := re.search(words, prompt, re.IGNORECASE))]


def _background(
    picture: canvas.Canvas, prompt: str, named: list[tuple[str, re.Match[str]]], dice: random.Random
) -> None:
    if not named or all(name in things.SIGNS for name, _ in named):
        light = tuple(dice.randint(214, 246) for _ in range(3))
        picture.gradient(0, picture.height, (light[0], light[1], light[2]), PAPER)
        return
    upper, lower = next(sky for words, sky in SKIES.items() if re.search(words, prompt, re.IGNORECASE))
    picture.gradient(0, picture.height, upper, lower)
    if not any(name in things.GROUNDS for name, _ in named):
        picture.gradient(round(picture.height * 0.72), picture.height, (120, 170, 96), (78, 132, 66))


def _place(picture: canvas.Canvas, prompt: str, named: list[tuple[str, re.Match[str]]], dice: random.Random) -> None:
    """Paint the named things side by side, each in the colour that stands before its name."""
    objects = [name for name, _ in named if name not in things.GROUNDS and name not in things.SKY]
    place, side = 0, min(picture.width, picture.height)
    afloat = any(name == "sea" for name, _ in named)
    for name, match in named:
        before = prompt[max(0, match.start() - 14) : match.start()]
        colour = colour_of(re.split(r"\band\b|[,;和、，]", before)[-1]) or things.OWN[name]
        x = dice.uniform(0.2, 0.8)
        if name in objects:
            place += 1
            x = place / (len(objects) + 1) + dice.uniform(-0.03, 0.03)
            if afloat and name in things.ON_LAND:
                picture.ellipse(x * picture.width, picture.height * 0.83, side * 0.24, side * 0.06, things.OWN["sand"])
        things.PAINTERS[name](picture, x, colour, dice)


def _abstract(picture: canvas.Canvas, prompt: str, dice: random.Random) -> None:
    """Paint shapes whose number, place and colour only this prompt gives."""
    wanted = colour_of(prompt)
    side = min(picture.width, picture.height)
    painters: tuple[collections.abc.Callable[[float, float, float, Colour], None], ...] = (
        lambda x, y, r, c: picture.ellipse(x, y, r, r, c),
        lambda x, y, r, c: picture.rectangle(x - r, y - r, x + r, y + r, c),
        lambda x, y, r, c: picture.polygon([(x, y - r), (x + r, y + r), (x - r, y + r)], c),
        lambda x, y, r, c: picture.polygon([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], c),
    )
    palette = [wanted] if wanted else dice.sample(list(COLOURS.values()), 4)
    for _ in range(dice.randint(7, 14)):
        shade = dice.uniform(0.6, 1.15)
        base = dice.choice(palette)
        colour = (min(255, int(base[0] * shade)), min(255, int(base[1] * shade)), min(255, int(base[2] * shade)))
        x, y = dice.uniform(0, picture.width), dice.uniform(0, picture.height * 0.85)
        dice.choice(painters)(x, y, dice.uniform(0.04, 0.2) * side, colour)


def label(picture: canvas.Canvas, words: str) -> None:
    """Write "sandbox" and the words over a band at the lower edge; three lines of words at most."""
    dot = max(1, min(picture.width, picture.height) // 256)
    columns = max(8, (picture.width - 8 * dot) // ((font.WIDTH + 1) * dot))
    lines = textwrap.wrap(" ".join(words.split()), columns) or [""]
    if len(lines) > 3:
        lines = [*lines[:2], lines[2][: columns - 3] + "..."]
    step = (font.HEIGHT + 3) * dot
    height = step * (len(lines) + 1) + 5 * dot
    top = picture.height - height
    picture.rectangle(0, top, picture.width, picture.height, PAPER)
    picture.rectangle(0, top, picture.width, top + dot, INK)
    for number, line in enumerate(["SANDBOX PICTURE", *lines]):
        picture.text(4 * dot, top + 4 * dot + number * step, line[:columns], dot, INK)
