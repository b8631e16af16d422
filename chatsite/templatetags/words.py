"""Hand the words of the scripts to the page, so that they pass through gettext like any other."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_block_tag
def words(content: str) -> SafeString:
    """Turn lines of `key: words` into a JSON block with the id `words` (read by lib/words.js)."""
    lines = [line.strip() for line in content.splitlines() if line.strip()]
    return json_script(dict(line.split(": ", 1) for line in lines), "words")
