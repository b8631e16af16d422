"""Tags that lead a page to its files: the import map, modules to fetch early, icons."""

import functools
import json
import posixpath
import re
from urllib.parse import quote

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chatsite import icons, vendor

register = template.Library()

# `import ... from "name";` and `import "name";` at the start of a line: how the modules here are written.
_IMPORT = re.compile(r"""^import\s+(?:[^"']*\sfrom\s+)?["']([^"']+)["'];""", re.MULTILINE)


@register.simple_tag
def import_map() -> SafeString:
    """The import map as JSON, to stand in `<script type="importmap">`.

    Bare names lead to libraries. Where names are hashed, URL-like keys lead from a module's plain address, which a
    relative import in a hashed module resolves to, to its hashed one.
    """
    hashed = getattr(staticfiles_storage, "hashed_files", {})
    imports = {name: static(path) for name, path in vendor.IMPORTS.items() if not hashed or path in hashed}
    modules = sorted(path for path in hashed if path.startswith("js/") and path.endswith(".js"))
    imports |= {settings.STATIC_URL + path: static(path) for path in modules}
    text = json.dumps({"imports": imports}, separators=(",", ":"))
    return mark_safe(text.replace("<", "\\u003c"))  # noqa: S308  our own file names; no tag can begin


@register.simple_tag
def preload(*modules: str) -> SafeString:
    """Links that fetch these modules and all that they import at once, instead of one level after the other."""
    found: dict[str, None] = {}
    for module in modules:
        _follow(module, found)
    hashed = getattr(staticfiles_storage, "hashed_files", {})
    there = (path for path in found if not hashed or path in hashed)
    return format_html_join("\n", '<link rel="modulepreload" href="{}">', ((static(path),) for path in there))


def _follow(path: str, found: dict[str, None]) -> None:
    """Add a module and what it statically imports, each once."""
    if path in found:
        return
    found[path] = None
    if not path.startswith("js/"):
        return
    for name in _imports_of(path):
        _follow(vendor.IMPORTS.get(name) or posixpath.normpath(posixpath.join(posixpath.dirname(path), name)), found)


@functools.cache
def _imports_of(path: str) -> tuple[str, ...]:
    source = (settings.BASE_DIR / "static" / path).read_text(encoding="utf-8")
    return tuple(_IMPORT.findall(source))


@register.simple_tag
@functools.cache
def favicon() -> SafeString:
    """The site's icon as a data URL: shorter than the request that would fetch it."""
    source = (settings.BASE_DIR / "static" / "favicon.svg").read_text(encoding="utf-8").strip()
    return format_html("data:image/svg+xml,{}", quote(source, safe=" =:/.,;()"))


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """One icon of the sprite, hidden from screen readers: the control that holds it carries the name."""
    assert name in icons.NAMES, f"{name} is not in chatsite.icons.NAMES"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {css_class}".strip(),
        static("icons.svg"),
        name,
    )
