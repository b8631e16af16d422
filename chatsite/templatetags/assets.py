"""Tags that lead a page to its files: the import map and icons."""

import json

from django import template
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from chatsite import icons, vendor

register = template.Library()


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
def icon(name: str, css_class: str = "") -> SafeString:
    """One icon of the sprite, hidden from screen readers: the control that holds it carries the name."""
    assert name in icons.NAMES, f"{name} is not in chatsite.icons.NAMES"
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {css_class}".strip(),
        static("icons.svg"),
        name,
    )
