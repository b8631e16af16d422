"""Build one SVG sprite of the icons in use from lucide-static (ISC); nothing of it is committed."""

import re

from django.conf import settings

# Lucide's own names. `{% icon %}` and lib/icons.js take these and no others.
NAMES = (
    *("arrow-down", "arrow-up", "box", "check", "chevron-down", "chevron-left", "chevron-right", "chevron-up"),
    *("circle-alert", "circle-check", "circle-slash", "circle-stop", "coins", "columns-2", "copy", "download"),
    *("file", "file-code", "file-headphone", "file-image", "file-spreadsheet", "folder", "folder-down", "layout-grid"),
    *("pause", "play"),
    *("ellipsis", "file-text", "flask-conical", "git-fork", "globe", "info", "key-round", "keyboard", "list"),
    *("list-end", "list-start", "log-out", "mail", "menu"),
    *("message-square", "monitor", "moon", "panel-left", "pencil", "plug", "refresh-cw", "rotate-ccw", "search"),
    *("settings", "shield", "sliders-horizontal", "square", "square-pen", "sun", "tags", "trash-2", "triangle-alert"),
    *("archive", "archive-restore", "pin", "pin-off"),
    *("arrow-left", "brush", "contrast", "eraser", "hand", "image", "image-plus", "layers", "redo-2", "square-dashed"),
    "paperclip",
    *("star", "undo-2", "zoom-in", "zoom-out"),
    *("upload", "user-plus", "users", "wallet", "wifi-off", "wrap-text", "x"),
)

_CHILDREN = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)


def sprite() -> str:
    """The sprite: one <symbol> for each icon that is installed, so that a use of a missing one draws nothing."""
    folder = settings.NODE_MODULES / "lucide-static" / "icons"
    symbols = [_symbol(name, path.read_text()) for name in NAMES if (path := folder / f"{name}.svg").exists()]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'


def _symbol(name: str, source: str) -> str:
    match = _CHILDREN.search(source)
    assert match, f"{name}.svg of lucide-static is not one <svg> element"
    shapes = re.sub(r"\s*\n\s*", "", match[1])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'
