"""Join the style sheets, one per component, into the few that a page asks for."""

import re

from django.conf import settings

# What every page needs. Tokens first, then from the general to the particular: a later one may overrule an earlier one.
ORDER = ("tokens", "base", "parts", "forms", "frame", "history", "thread", "composer", "money")

# Sheets of some pages only, so that the first page stays small: css/<name>.css, linked by `{% block styles %}`.
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "answers": ("text",),  # with the first answer
    "beside": ("beside",),  # with the first answers side by side
    "attached": ("attached",),  # with the first file in a question
    "behind": ("behind",),  # what happened for an answer: with the first time that is asked
    "billing": ("billing",),
    "choices": ("choices", "palette"),  # with the first list that is opened (components/choices.js)
    "images": ("image_form", "image_gallery", "image_detail", "image_painter"),
    "files": ("files",),
    "parameters": ("parameters",),  # with the panel's first use, and on its pages
    "providers": ("providers",),
    "requests": ("requests",),
    "search": ("search",),
    "uploads": ("uploads",),  # with the first file that is attached
    "segments": ("segments",),
    "turns": ("turns",),  # with the first message that is written by hand (components/message_menu.js)
    "upstream": ("upstream",),
}

SHEETS = {"css/site.css": ORDER, **{f"css/pages/{name}.css": parts for name, parts in ELSEWHERE.items()}}

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s*([{};])\s*")  # none of our strings holds one of them


def sheet(name: str) -> str:
    """One of SHEETS, without comments and needless space: together they are a fifth of what a browser would fetch."""
    folder = settings.BASE_DIR / "static" / "css"
    joined = "\n".join((folder / f"{part}.css").read_text(encoding="utf-8") for part in SHEETS[name])
    return _SPACE.sub(r"\1", _COMMENT.sub("", joined)).replace(": ", ":").replace(";}", "}").strip() + "\n"
