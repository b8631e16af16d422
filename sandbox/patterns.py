"""A text that fits a simple regular expression, made without running it: a stranger's expression may never end."""

import re

ATOM = re.compile(
    r"(?P<one>\\[dws]|\[\^?\]?[^\]]*\]|\\[^a-zA-Z0-9]|[^\\\[\](){}*+?|^$]|\((?:\?:)?(?P<group>[^()|\\\[\]]*)\))"
    r"(?:\{(?P<least>\d{1,3})(?:,\d*)?\}|(?P<many>[+*?]))?"
)
CLASSES = {r"\d": "1", r"\w": "a", r"\s": " ", ".": "a"}
LONGEST = 1000


def fitting(pattern: str) -> str | None:
    """Return the shortest text for letters, classes, plain groups and counts; None for anything cleverer."""
    pattern = pattern.removeprefix("^").removesuffix("$")
    made, place = "", 0
    while place < len(pattern):
        match = ATOM.match(pattern, place)
        if not match or len(made) > LONGEST:
            return None
        one = _single(match)
        if one is None:
            return None
        least = int(match["least"]) if match["least"] else 0 if match["many"] in ("*", "?") else 1
        made += one * least
        place = match.end()
    return made


def _single(match: re.Match[str]) -> str | None:
    """Return what fits one atom once."""
    atom = match["one"]
    if match["group"] is not None:
        return fitting(match["group"])
    if atom in CLASSES:
        return CLASSES[atom]
    if atom.startswith("\\"):
        return atom[1:]
    if atom.startswith("[^") or atom == "[]":
        return None
    if atom.startswith("["):
        return CLASSES.get(atom[1:3], atom[1])
    return atom
