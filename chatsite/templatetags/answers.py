"""What pages say about an answer: which notice stands under it, and how its failure is told. lib/answers.js agrees."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from conversations.accumulator import ending

register = template.Library()

_LEAD = re.compile(r"(.+?(?:[.!?](?=\s)|[。！？]))\s*(.+)", re.DOTALL)
LIVE = ("queued", "in_progress")
_BY_STATUS = {"failed": "failed", "interrupted": "interrupted", "cancelled": "stopped"}
_BY_REASON = {"length": "cut", "content_filter": "filtered"}
KINDS = (
    *("failed", "interrupted", "stopped", "cut", "filtered", "unfinished", "full", "fewer"),
    *("refused", "called", "thought", "other", "empty"),
)

FACTS = {
    "upstream_message": _("It said"),
    "status": _("HTTP status"),
    "upstream_code": _("Its code"),
    "param": _("Setting"),
    "request_id": _("Request id"),
    "attempts": _("Times asked"),
    "retry_after": _("Wait asked for"),
    "rate_limits": _("Rate limits"),
    "failed_generation": _("What the model wrote"),
}


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
    fewer = (message["error"] or {}).get("code") == "fewer_answers"
    if status == "incomplete" and message["error"] and not fewer:
        return "full"
    if status == "incomplete":
        kind = _BY_REASON.get(ending(message["finish_reason"]), "unfinished")
        return "thought" if kind == "cut" and _only_thought(message) else kind
    if status == "completed":
        return _completed_kind(message) or ("fewer" if fewer else "")
    return _BY_STATUS.get(status, "")


def _completed_kind(message: dict[str, Any]) -> str:
    end = ending(message["finish_reason"])
    if any(part["type"] == "refusal" for part in message["parts"]):
        return "refused"
    if end == "tool_calls":
        return "called"
    if not message["text"].strip():
        return "thought" if _only_thought(message) else "empty"
    return "" if end in ("", "stop") else "other"


def _only_thought(message: dict[str, Any]) -> bool:
    return bool(message["reasoning"]) and not message["text"].strip()


@register.filter
def writer(message: dict[str, Any] | None) -> str:
    """Who has written an answer: a model, the person, or both."""
    model = str((message or {}).get("model_id") or "")
    if not message or not message.get("by_hand"):
        return model
    return str(_("%(model)s, edited by you") % {"model": model} if model else _("Written by you"))


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
def failure_facts(error: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """What an upstream said about a failure, as (name, label, value); all of them, empty where it said nothing."""
    data = (error or {}).get("data") or {}
    return [(name, str(label), _told(name, data.get(name))) for name, label in FACTS.items()]


@register.filter
def limit_lines(limits: dict[str, str]) -> str:
    """An upstream's rate limits, one to a line."""
    return _told("rate_limits", limits)


def _told(name: str, value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {one}" for key, one in value.items())
    if value in (None, "") or (name == "attempts" and value == 1):
        return ""
    return f"{value:g} s" if name == "retry_after" else str(value)


@register.filter
def siblings_place(message: dict[str, Any] | None) -> dict[str, Any] | None:
    """Its place among those beside it: `{"number", "count", "before", "after"}`; None where it is alone."""
    ids = message["siblings"] if message else []
    if not message or len(ids) < 2 or message["id"] not in ids:
        return None
    index = ids.index(message["id"])
    before = ids[index - 1] if index else None
    after = ids[index + 1] if index + 1 < len(ids) else None
    return {"number": index + 1, "count": len(ids), "before": before, "after": after}


@register.filter
def live_run(snapshot: dict[str, Any] | None) -> dict[str, Any] | None:
    """The run that writes to the shown branch, if there is one: the one that Stop stops."""
    if not snapshot:
        return None
    shown = {message["id"] for message in [*snapshot["messages"], *snapshot.get("beside", ())]}
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
