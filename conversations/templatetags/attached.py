"""How a question's files are shown: what stands on each, in few words."""

from typing import Any

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from conversations.attached.parts import AUDIO, IMAGE, WHOLE
from files.models import Kind

register = template.Library()
Json = dict[str, Any]


@register.filter
def file_facts(part: Json) -> str:
    """ "PDF · pages 1-3 of 12 · 1.2 MB"."""
    words = [str(Kind(part["kind"]).label)] if part.get("kind") in Kind.values else []
    if part.get("pages"):
        words.append(_("pages %(pages)s of %(count)s") % {"pages": part["pages"], "count": part["of"]})
    if part.get("as") == WHOLE:
        words.append(_("sent as it is"))
    return " · ".join([*words, filesizeformat(part["size"])])


@register.filter
def file_icon(part: Json) -> str:
    """The icon of a file that is shown as a card."""
    return {IMAGE: "image", AUDIO: "volume-2"}.get(part.get("as") or part["type"], "file-text")


@register.filter
def picture_alt(part: Json) -> str:
    """What a picture is called for those who do not see it."""
    return _("Picture: %(name)s") % {"name": part["name"]}


@register.filter
def tokens_words(count: int) -> str:
    """ "about 1,240 tokens"."""
    return _("about %(count)s tokens") % {"count": number_format(count, use_l10n=True, force_grouping=True)}
