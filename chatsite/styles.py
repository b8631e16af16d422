"""Join the style sheets, one per component, into the one that a page asks for."""

from django.conf import settings

# Tokens first, then from the general to the particular: a later sheet may overrule an earlier one.
ORDER = ("tokens", "base", "parts", "forms", "frame", "history", "thread", "text", "composer")


def sheet() -> str:
    """The site's style sheet; each part starts with its file's name."""
    folder = settings.BASE_DIR / "static" / "css"
    parts = [(name, folder / f"{name}.css") for name in ORDER]
    return "\n".join(f"/* {name}.css */\n{path.read_text(encoding='utf-8')}" for name, path in parts)
