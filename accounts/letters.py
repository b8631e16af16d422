"""A mail's text as a letter in HTML: the words stand once, in the text."""

import dataclasses
from collections.abc import Iterator
from typing import Literal

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string

TEMPLATE = "account/email/letter.html"
SIGNATURE = "--"


@dataclasses.dataclass(frozen=True)
class Block:
    """A piece of a letter: one paragraph, a link by itself, a list, or who writes."""

    kind: Literal["text", "link", "list", "signature"]
    lines: tuple[str, ...]


def blocks(text: str) -> Iterator[Block]:
    """The pieces that blank lines part."""
    for piece in text.replace("\r\n", "\n").split("\n\n"):
        lines = tuple(line.strip() for line in piece.splitlines() if line.strip())
        if not lines:
            continue
        if lines[0] == SIGNATURE:
            yield Block("signature", lines[1:])
        elif len(lines) == 1 and lines[0].startswith(("https://", "http://")) and " " not in lines[0]:
            yield Block("link", lines)
        elif all(line.startswith("- ") for line in lines):
            yield Block("list", tuple(line.removeprefix("- ") for line in lines))
        else:
            yield Block("text", lines)


def with_letter(mail: EmailMessage, heading: str) -> EmailMessage:
    """The same mail, for programs that show HTML as well."""
    found = list(blocks(str(mail.body)))
    if isinstance(mail, EmailMultiAlternatives):
        mail.attach_alternative(render_to_string(TEMPLATE, {"heading": heading, "blocks": found}), "text/html")
    return mail
