"""One conversation as Markdown, and as JSON with every branch (docs/export.md)."""

import json
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from conversations.exports import reading

Json = dict[str, Any]
FORMAT, VERSION = "chatsite.conversation", 1
_OWN = ("siblings", "client_id", "run", "beside")  # of the site, not of what was said


def as_markdown(whole: Json, now: datetime) -> str:
    """The shown branch: each message's text as it was written, below a heading."""
    found = [f"# {_one_line(reading.title(whole))}", f"*{reading.about(whole, now)}*"]
    for said in reading.branch(whole):
        found.append(f"## {_one_line(said.name)}")
        if said.files:
            attached = _("Attached:")
            found.append("\n".join(f"- {attached} {_one_line(name)}" for name in said.files))
        if said.thoughts:
            found.append("\n".join(f"> {line}".rstrip() for line in said.thoughts.splitlines()))
        found.append(_closed(said.text))
        if said.note:
            found.append(f"*{said.note}*")
    return "\n\n".join(part for part in found if part) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _closed(text: str) -> str:
    """An answer that broke off in the middle of code must not make code of what follows it."""
    fence = ""
    for line in text.split("\n"):
        sign = line.strip()[:3]
        if not fence and sign in ("```", "~~~"):
            fence = sign
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return f"{text.rstrip()}\n{fence}" if fence else text.strip("\n")


def as_json(whole: Json, now: datetime) -> str:
    """Every message of every branch, and which of them are shown."""
    messages = [{name: value for name, value in one.items() if name not in _OWN} for one in whole["messages"]]
    found = {
        "format": FORMAT,
        "version": VERSION,
        "exported_at": now.isoformat(),
        "unfinished": reading.unfinished(whole),
        "conversation": {name: value for name, value in whole["conversation"].items() if name != "beside"},
        "branch": whole["branch"],
        "messages": messages,
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"
