"""What pages say about an answer: which notice stands under it, and how its failure is told. lib/answers.js agrees."""

import re
from typing import Any

from django import template

register = template.Library()

_LEAD = re.compile(r"(.+?(?:[.!?](?=\s)|[。！？]))\s*(.+)", re.DOTALL)
LIVE = ("queued", "in_progress")
_BY_STATUS = {"failed": "failed", "interrupted": "interrupted", "cancelled": "stopped"}
_BY_REASON = {"length": "cut", "content_filter": "filtered"}
KINDS = ("failed", "interrupted", "stopped", "cut", "filtered", "unfinished", "full", "empty")


@register.simple_tag
def notice_kinds() -> tuple[str, ...]:
    """Every notice that can stand under an answer."""
    return KINDS


@register.filter
def notice_kind(message: dict[str, Any]) -> str:
    """One of KINDS; nothing where all is well or still being written."""
    status = message["status"]
    if message["role"] != "assistant" or status in LIVE:
        return ""
    if status == "incomplete" and message["error"]:
        return "full"
    if status == "incomplete":
        return _BY_REASON.get(message["finish_reason"] or "", "unfinished")
    if status == "completed" and not message["text"].strip():
        return "empty"
    return _BY_STATUS.get(status, "")


@register.filter
def is_live(message: dict[str, Any]) -> bool:
    """Whether it is still being written."""
    return message["status"] in LIVE


@register.filter
def lead_sentence(text: str) -> str:
    """The first sentence, which is set in bold: what happened."""
    match = _LEAD.fullmatch(text.strip())
    return match[1] if match else text.strip()


@register.filter
def other_sentences(text: str) -> str:
    """What follows the first sentence: what is kept, what helps."""
    match = _LEAD.fullmatch(text.strip())
    return match[2] if match else ""


@register.filter
def live_run(snapshot: dict[str, Any] | None) -> dict[str, Any] | None:
    """The run that writes to the shown branch, if there is one: the one that Stop stops."""
    if not snapshot:
        return None
    shown = {message["id"] for message in snapshot["messages"]}
    return next((run for run in snapshot["runs"] if run["message"] in shown), None)


@register.filter
def by_provider(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Models as groups `{"name", "models"}`, in the order in which their providers come."""
    groups: dict[str, dict[str, Any]] = {}
    for model in models:
        group = groups.setdefault(model["provider"], {"name": model["provider_name"], "models": []})
        group["models"].append(model)
    return list(groups.values())


@register.filter
def lists(models: list[dict[str, Any]], chosen: dict[str, Any]) -> bool:
    """Whether the chosen model is among those listed; one that is not can be used all the same."""
    return any(model["model_id"] == chosen["model_id"] and model["provider"] == chosen["provider"] for model in models)
