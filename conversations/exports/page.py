"""One conversation as a page of its own: one file, which asks no network for anything and runs nothing."""

from datetime import datetime
from typing import Any

import nh3
import pyromark
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from conversations.exports import reading

_OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
)
# What Markdown makes, and no picture: its address would be asked for when the file is opened.
_TAGS = {
    *("p", "br", "hr", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "em", "strong", "del", "sup", "sub", "a"),
    *("ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td", "input", "div", "span", "kbd", "mark"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "code": {"class"},
    "input": {"checked"},
    "td": {"align"},
    "th": {"align"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    tag_attribute_values={"input": {"type": {"checkbox"}}},
    set_tag_attribute_values={"input": {"disabled": ""}},
    url_relative="deny",
    url_schemes={"http", "https", "mailto"},
    clean_content_tags={"script", "style"},
)


def as_html(whole: dict[str, Any], now: datetime) -> str:
    """The shown branch, for reading and for printing."""
    context = {
        "title": reading.title(whole),
        "about": reading.about(whole, now),
        "language": get_language(),
        "messages": [(said, rich(said.text) if said.role == "assistant" else "") for said in reading.branch(whole)],
    }
    return render_to_string("conversations/export_file.html", context)


def rich(text: str) -> SafeString:
    """A model's Markdown as HTML that can do no harm: whatever is in it, only the tags above come out of it."""
    html = pyromark.html(text, options=_OPTIONS)
    for level in (2, 1):  # the page keeps its own headings
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return mark_safe(_CLEANER.clean(html))  # noqa: S308 - that is what the cleaner is for
