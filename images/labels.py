"""What people call the settings of image models and their values. What has no name here is shown as it goes out."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from images import takes

NAMES: dict[str, Any] = {
    "quality": gettext_lazy("Quality"),
    "background": gettext_lazy("Background"),
    "output_format": gettext_lazy("Format"),
    "output_compression": gettext_lazy("Compression"),
    "style": gettext_lazy("Style"),
    "moderation": gettext_lazy("Filter"),
    "input_fidelity": gettext_lazy("Likeness to the source"),
    "partial_images": gettext_lazy("Partial pictures"),
    "size": gettext_lazy("Size asked for"),
}
WORDS: dict[str, Any] = {
    "auto": gettext_lazy("Automatic"),
    "low": pgettext_lazy("quality of a picture", "Low"),
    "medium": pgettext_lazy("quality of a picture", "Medium"),
    "high": pgettext_lazy("quality of a picture", "High"),
    "xhigh": pgettext_lazy("quality of a picture", "Very high"),
    "max": pgettext_lazy("quality of a picture", "Highest"),
    "standard": pgettext_lazy("quality of a picture", "Standard"),
    "hd": "HD",
    "transparent": gettext_lazy("Transparent"),
    "opaque": gettext_lazy("Opaque"),
    "png": "PNG",
    "jpeg": "JPEG",
    "webp": "WebP",
    "vivid": gettext_lazy("Vivid"),
    "natural": gettext_lazy("Natural"),
}


def shape(size: str) -> str:
    """What a size looks like."""
    if size == takes.AUTO:
        return _("Automatic")
    width, height = takes.size_of(size)
    return _("Square") if width == height else _("Wide") if width > height else _("Tall")


def side(size: str) -> str:
    """A size among others of its shape: a square by its side."""
    width, height = takes.size_of(size)
    return f"{width} px" if width == height else f"{width} × {height}"


def named(name: str, value: Any) -> tuple[str, str]:
    """A setting and its value, as people call them."""
    shown = str(value).replace("x", " × ") if name == "size" and value != takes.AUTO else WORDS.get(str(value), value)
    return str(NAMES.get(name, name)), str(shown)
